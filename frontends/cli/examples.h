/* SPDX-License-Identifier: MIT */
/* The examples of command lines in -h and the manual page. */
#ifndef FRONTENDS_CLI_EXAMPLES_H
#define FRONTENDS_CLI_EXAMPLES_H

#include <stdbool.h>

struct example {
	const char *what, *command;
	bool first; /* -h prints it, not only the manual page */
};

extern const struct example examples_table[];
extern const unsigned examples_count;

#endif
