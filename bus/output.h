/* SPDX-License-Identifier: MIT */
/*
 * An output file that appears only when it is complete: it is written under another name in the
 * folder of the old file, which it then replaces. A run that fails or is killed leaves the old
 * file. Files that are read while they grow (logs, the pipeline, captured frames, sound, a
 * chardev's file) are not written in this way, but directly, so what a killed run has written so
 * far is in them. Logs keep their old contents until the machine runs (output_begin).
 */
#ifndef BUS_OUTPUT_H
#define BUS_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file; /* the stream to write to; NULL: not open */
	/* the name until the file is complete, and its final name; NULL: it is written directly */
	char *part, *path;
};

/*
 * Opens path for writing. Returns 0 or a negative errno. It writes directly to path if that is no
 * regular file (a pipe, /dev/stdout), if no other file can be made in its folder, or if it is a
 * symbolic link to a missing file. If path is any other link, the file that it leads to is
 * replaced.
 */
int output_open(struct output *output, const char *path);

/*
 * Closes the file and gives it its final name. If `error` is set or a write has failed, it removes
 * the file instead, if it was not written directly. Returns that error, or 0. If no file is open,
 * it only returns `error`.
 */
int output_close(struct output *output, int error);

/*
 * Writes what is buffered. Returns 0, or the negative errno of a write that failed, now or earlier:
 * a flush that succeeds says nothing about what was lost before. To learn the errno of an earlier
 * one it writes another byte to the file, which is incomplete in any case. If that succeeds, it
 * removes the byte and returns -EIO. Standard output and standard error may belong to others, too,
 * who would see that byte, so -EIO is returned for them at once.
 */
int output_failed(FILE *file);

/*
 * output_grow opens a file that is read while it grows; the caller closes it with output_end or
 * fclose. It returns NULL with errno on failure. The old contents stay until output_begin, which
 * truncates a regular file after what was written. It returns 0 or a negative errno.
 */
FILE *output_grow(const char *path);
int output_begin(FILE *file);

/*
 * Closes a file that output_grow opened. Returns 0, or the negative errno of a write that failed,
 * now or earlier, as output_failed does.
 */
int output_end(FILE *file);

/*
 * Closes a stream of open_memstream(3). Returns 0, or -ENOMEM with *text freed and NULL if the text
 * is not complete. fclose alone does not tell: it succeeds after a write that failed, and if there
 * is no memory for the text at the end.
 */
int output_end_text(FILE *file, char **text);

#endif
