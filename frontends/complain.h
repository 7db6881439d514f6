/* SPDX-License-Identifier: MIT */
/* How the program says what went wrong: one line on stderr, and an exit code to return. */
#ifndef FRONTENDS_COMPLAIN_H
#define FRONTENDS_COMPLAIN_H

struct board_error;

/* Returns its exit code. */
int complain(const struct board_error *error);

/* A file that could not be written, by errno: EXIT_HOST. `what` as in "the log". */
int complain_file(const char *what, const char *path);

/* EXIT_HOST. */
int complain_memory(void);

#endif
