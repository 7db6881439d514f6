/* SPDX-License-Identifier: MIT */
/*
 * An output file that appears as a whole: it is written beside the old file of its name, and
 * replaces that when it is complete. A run that fails or is killed leaves the old file. Files that
 * are read while they grow (logs, the pipeline, captured frames, sound, a chardev's file) are not
 * written in this way, but directly: a run that is killed leaves what it has written so far. Logs
 * keep their old contents until the machine runs (output_begin).
 */
#ifndef BUS_OUTPUT_H
#define BUS_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file; /* the stream to write to; NULL: not open */
	/* the name until the file is complete, and the final one; NULL: written directly */
	char *part, *path;
};

/*
 * Opens path for writing. Returns 0 or a negative errno. It writes directly to what is no regular
 * file (a pipe, /dev/stdout), to a file in a folder in which no other file can be made, and to a
 * missing file that a symbolic link leads to. If path is any other link, the file that it leads to
 * is replaced.
 */
int output_open(struct output *output, const char *path);

/*
 * Closes the file and moves it to its place, unless `error` is set or a write has failed. Returns
 * that error, or 0. Does nothing if no file is open.
 */
int output_close(struct output *output, int error);

/*
 * Returns 0, or the negative errno of an earlier write that failed. To learn the errno it writes
 * another byte to the file, which is incomplete in any case, and takes it back if there is room
 * again.
 */
int output_failed(FILE *file);

/*
 * output_grow opens a file that is read while it grows; the caller closes it by fclose. It returns
 * NULL with errno on failure. The old contents stay until output_begin, which cuts off all that has
 * not been overwritten, except from what is no regular file. It returns 0 or a negative errno.
 */
FILE *output_grow(const char *path);
int output_begin(FILE *file);

/*
 * Closes such a file. Returns 0, or as output_failed a negative errno if a write failed, now or
 * before.
 */
int output_end(FILE *file);

#endif
