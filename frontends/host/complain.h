/* SPDX-License-Identifier: MIT */
/* Reports errors: one line on stderr, and an exit code to return. */
#ifndef FRONTENDS_HOST_COMPLAIN_H
#define FRONTENDS_HOST_COMPLAIN_H

#include <stdarg.h>

#include "bus/base.h"

struct board_error;

/* Prints the error and returns its exit code. */
int complain(const struct board_error *error);

/* Reports a file that could not be written, by errno; returns EXIT_HOST. `what` is, for example,
 * "the log". */
int complain_file(const char *what, const char *path);

/* Reports that the host has no memory; returns EXIT_HOST. */
int complain_memory(void);

/*
 * For an error that is printed later, with EXIT_HOST: appends the text to the beginning that *error
 * has, such as the option. Returns `failed`, a negative errno.
 */
int complain_append(struct board_error *error, int failed, const char *format, va_list args);

/* Makes *error say that the host has no memory, with EXIT_HOST; returns -ENOMEM. */
int complain_no_memory(struct board_error *error);

#endif
