/* SPDX-License-Identifier: MIT */
/* What the options' table says of VNC, and of what it asks for; see cli/table.h. */
#ifndef FRONTENDS_CLI_MACHINE_VNC_H
#define FRONTENDS_CLI_MACHINE_VNC_H

struct option;
struct parser;

/* -object secret */
struct secret {
	const char *id, *file;
};

int apply_vnc(struct parser *parser, const struct option *option, const char *value);
int apply_secret(struct parser *parser, const char *list);

/* When all options are read: find and read the password. */
int finish_vnc(struct parser *parser);

#endif
