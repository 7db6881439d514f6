/* SPDX-License-Identifier: MIT */
/* Examples of command lines, for -h and the manual page. */
#ifndef FRONTENDS_CLI_EXAMPLES_H
#define FRONTENDS_CLI_EXAMPLES_H

#include <stdbool.h>

struct example {
	const char *what, *command;
	bool first; /* in -h, too */
};

extern const struct example examples_table[];
extern const unsigned examples_count;

#endif
