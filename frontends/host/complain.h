/* SPDX-License-Identifier: MIT */
/* Reports errors: prints one line on stderr, and returns an exit code. */
#ifndef FRONTENDS_HOST_COMPLAIN_H
#define FRONTENDS_HOST_COMPLAIN_H

#include <stdarg.h>

#include "bus/base.h"

struct board_error;

/* Prints the error and returns its exit code. */
int complain(const struct board_error *error);

/*
 * Reports that a file could not be written, and why (errno). Returns EXIT_HOST. `what` is "the
 * log", for example.
 */
int complain_file(const char *what, const char *path);

/* Reports that the host is out of memory. Returns EXIT_HOST. */
int complain_memory(void);

/*
 * Reports that the host is out of memory, and ends the process with EXIT_HOST, by exit(3), so that
 * a terminal gets its mode back. It is for texts of a few bytes, such as the words of options,
 * whose callers have no other way to go on.
 */
_Noreturn void complain_exhausted(void);

/*
 * Appends a text to error->text, which already has a beginning such as the option, and sets the
 * exit code EXIT_HOST; the error is printed later. Returns `failed`, a negative errno.
 */
int complain_append(struct board_error *error, int failed, const char *format, va_list args);

#endif
