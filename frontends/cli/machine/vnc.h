/* SPDX-License-Identifier: MIT */
/*
 * Implements -vnc, and -object secret for its password. Only files of frontends/cli include this.
 */
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

/*
 * Finds the -object secret of -vnc and reads the password, when all options have been read. Returns
 * 0 or -EINVAL.
 */
int finish_vnc(struct parser *parser);

#endif
