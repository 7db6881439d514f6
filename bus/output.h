/* SPDX-License-Identifier: MIT */
/*
 * An output file that is written as a whole: first beside the file of its name, which it replaces
 * when it is complete. So a run that fails, or is killed, leaves the old file. Files that are read
 * while they grow (logs, the pipeline, captured frames, sound, a chardev's file) do not use this:
 * they are written to directly, and a run that is killed leaves what it has written so far. Of
 * these, logs keep what was there until the machine runs (output_begin).
 */
#ifndef BUS_OUTPUT_H
#define BUS_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file; /* to write to; NULL: not open */
	/* the name while it is written, and the final one; NULL: the file itself is written to */
	char *part, *path;
};

/*
 * Opens path for writing; 0 or a negative errno. These are written to directly: what is no regular
 * file (a pipe, /dev/stdout), a file in a folder in which no other file can be made, and a missing
 * file that a symbolic link leads to. Of any other link the file that it leads to is replaced.
 */
int output_open(struct output *output, const char *path);

/*
 * Closes the file and puts it in its place, unless `error` or a failed write says that it is not
 * whole. Returns that error, or 0. Does nothing when no file is open.
 */
int output_close(struct output *output, int error);

/*
 * Returns 0, or the negative errno of a write that failed: the file is asked again, by a byte
 * behind what is lost in any case.
 */
int output_failed(FILE *file);

/*
 * Opens a file that is read while it grows, to be closed by fclose; NULL with errno if it cannot be
 * opened. What was in it before stays until output_begin, which takes off all that has not been
 * written over, and returns 0 or a negative errno; of what is no regular file it takes off nothing.
 */
FILE *output_grow(const char *path);
int output_begin(FILE *file);

/*
 * Closes such a file. Returns 0, or the negative errno of the first write that failed, now or
 * before.
 */
int output_end(FILE *file);

#endif
