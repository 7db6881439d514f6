/* SPDX-License-Identifier: MIT */
/*
 * Writes the signature of an architecture test: the memory between its symbols begin_signature and
 * end_signature, as text that riscof and other frameworks compare.
 */
#ifndef FRONTENDS_SUITE_SIGNATURE_H
#define FRONTENDS_SUITE_SIGNATURE_H

#include "bus/base.h"

struct board;
struct board_error;

/* Checks, before a run, that the program has these symbols. Returns 0, or -errno with *error. */
int signature_check(struct board *board, struct board_error *error);

/*
 * Writes the signature to the file `path`. Each line has 1 << shift bytes (1 to 16) as one
 * hexadecimal number, with the byte at the lowest address last; zeros fill up the last line.
 * Returns 0, or -errno with *error.
 */
int signature_write(struct board *board, const char *path, unsigned shift,
		    struct board_error *error);

#endif
