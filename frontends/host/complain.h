/* SPDX-License-Identifier: MIT */
/* How the program says what went wrong: one line on stderr, and an exit code to return. */
#ifndef FRONTENDS_HOST_COMPLAIN_H
#define FRONTENDS_HOST_COMPLAIN_H

#include <stdarg.h>

#include "bus/base.h"

struct board_error;

/* Returns its exit code. */
int complain(const struct board_error *error);

/* A file that could not be written, by errno: EXIT_HOST. `what` as in "the log". */
int complain_file(const char *what, const char *path);

/* EXIT_HOST. */
int complain_memory(void);

/*
 * To be said later, with EXIT_HOST: put the text behind what *error begins with, such as the
 * option. Returns `failed`, a negative errno.
 */
int complain_append(struct board_error *error, int failed, const char *format, va_list args);

/* The same, all of it: -ENOMEM. */
int complain_no_memory(struct board_error *error);

#endif
