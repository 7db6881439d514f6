/* SPDX-License-Identifier: MIT */
/*
 * A file that is written as a whole: beside the one of its name, which it replaces when it is
 * complete. So a run that fails, or is killed, leaves what there was before. Not for what is read
 * while it grows (logs, the pipeline, captured frames, sound, a chardev's file): these are written
 * to directly, and a run that is killed leaves what it has come to.
 */
#ifndef BUS_OUTPUT_H
#define BUS_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file; /* to write to; NULL: not open */
	char *part, *path; /* its name so far, and the one it gets; NULL: the file itself */
};

/*
 * 0 or a negative errno. What is no regular file (a pipe, /dev/stdout), and a file in a folder that
 * takes no other, is written to directly, and so is what a link leads to that is not there yet. Of
 * any other link the file it leads to is replaced.
 */
int output_open(struct output *output, const char *path);

/*
 * Closed, and in its place unless `error` or what went wrong with the file says that it is not
 * whole. Returns that error, or 0. Does nothing where nothing is open.
 */
int output_close(struct output *output, int error);

#endif
