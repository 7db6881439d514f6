/* SPDX-License-Identifier: MIT */
/* Rows of the options' table about programs that talk to Baya: -gdb, -qmp. */
#ifndef FRONTENDS_CLI_MACHINE_LINKS_H
#define FRONTENDS_CLI_MACHINE_LINKS_H

#include "frontends/net/link_place.h"

struct board_error;
struct option;
struct parser;
struct strings;

int apply_gdb(struct parser *parser, const struct option *option, const char *value);
int apply_qmp(struct parser *parser, const struct option *option, const char *value);

/*
 * Where the monitor's gdbserver is told that a debugger comes, as -gdb is; it borrows from strings.
 * 0, or -errno with *error.
 */
int options_gdb(const char *text, struct strings *strings, struct link_place *place,
		struct board_error *error);

/* Another place for clients of QMP; -EINVAL when there are too many. */
int add_qmp(struct parser *parser, const struct link_place *place);

/* -s, and who has standard input and output; NULL: nobody. */
int finish_links(struct parser *parser, const char **on_stdio);

#endif
