/* SPDX-License-Identifier: MIT */
/*
 * The signature of an architecture test: the memory between its symbols begin_signature and
 * end_signature, as text that riscof and other frameworks compare.
 */
#ifndef FRONTENDS_SUITE_SIGNATURE_H
#define FRONTENDS_SUITE_SIGNATURE_H

#include "bus/base.h"

struct board;
struct board_error;

/* Before a run: has the program the symbols? Returns 0, or -errno with *error. */
int signature_check(struct board *board, struct board_error *error);

/*
 * Writes it to the file `path`: 1 << shift bytes (1..16) a line as one hexadecimal number, the byte
 * at the lowest address last; zeros fill the last line. Returns 0, or -errno with *error.
 */
int signature_write(struct board *board, const char *path, unsigned shift,
		    struct board_error *error);

#endif
