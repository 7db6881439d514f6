/* SPDX-License-Identifier: MIT */
/* -vnc, and -object secret for its password. Only files of frontends/cli include this. */
#ifndef FRONTENDS_CLI_MACHINE_VNC_H
#define FRONTENDS_CLI_MACHINE_VNC_H

struct option;
struct parser;

/* One -object secret. */
struct secret {
	const char *id;
	const char *file, *data; /* one of them is given */
	unsigned format;
};

int apply_vnc(struct parser *parser, const struct option *option, const char *value);
int apply_secret(struct parser *parser, const char *list);

/* Called when all options are read: finds and reads the password. */
int finish_vnc(struct parser *parser);

#endif
