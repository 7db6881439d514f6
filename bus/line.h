/* SPDX-License-Identifier: MIT */
/* Reads text files line by line. */
#ifndef BUS_LINE_H
#define BUS_LINE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Reads the next line into `line`, which has `size` bytes, without its newline. Returns 1, or 0 at
 * the end of the file, so that no caller takes an error of reading for the end: that is another
 * negative errno than these two. They leave the beginning of the line in `line`, and the next call
 * reads on in it:
 *   -E2BIG   the line is longer
 *   -EILSEQ  a zero byte follows, so the file is no text, and may have no end (/dev/zero)
 */
int line_read(FILE *file, char *line, size_t size);

#endif
