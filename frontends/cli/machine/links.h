/* SPDX-License-Identifier: MIT */
/* The options for programs that control or debug the machine: -gdb and -qmp. */
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
 * Parses the argument of the monitor's command gdbserver, which has the syntax of -gdb. The place
 * borrows from `strings`. Returns 0, or -errno with *error.
 */
int options_gdb(const char *text, struct strings *strings, struct link_place *place,
		struct board_error *error);

/* Returns the label that QEMU gives to the next -monitor or -qmp: compat_monitor0 and so on. */
const char *compat_monitor(struct parser *parser);

/* Adds a place where QMP clients connect. Returns 0, or -EINVAL if there are too many. */
int add_qmp(struct parser *parser, const struct link_place *place);

/*
 * Applies -s, and stores the name of the option, -gdb or -qmp, that uses standard input and output;
 * NULL if none does. Returns 0, or -EINVAL if several do.
 */
int finish_links(struct parser *parser, const char **on_stdio);

#endif
