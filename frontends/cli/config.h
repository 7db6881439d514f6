/* SPDX-License-Identifier: MIT */
/*
 * Files with options, in QEMU's format: those of -readconfig, and the user's own, baya/baya.conf in
 * $XDG_CONFIG_HOME or ~/.config. Private to the options_*.c files.
 */
#ifndef FRONTENDS_CLI_CONFIG_H
#define FRONTENDS_CLI_CONFIG_H

#include "bus/base.h"

struct option;
struct parser;

#define CONFIGS_MAX 16

/* The words are walked more than once, as options rely on others wherever these stand. */
enum pass {
	PASS_CONFIG, /* is the user's own file wanted? */
	PASS_GLOBAL, /* -global */
	PASS_REST,
};

/* Files that are read, once each: they may be pipes. All is borrowed. */
struct configs {
	struct {
		const char *path, *text;
	} files[CONFIGS_MAX];
	unsigned count;
	const char *own; /* the path of the user's file; NULL: not looked for, or there is none */
	bool unwanted; /* the user's file is */
};

int apply_readconfig(struct parser *parser, const struct option *option, const char *value);

/* An option by its name, as a file has it: "on" and "off" where it takes no value. 0 or -EINVAL. */
int apply_configured(struct parser *parser, const char *name, const char *value);

/* What the user's file says, for this pass; nothing when there is none. 0, or -errno. */
int apply_own_config(struct parser *parser);

/* Options do not go together: the error says so if the user's file has a part in it. -EINVAL. */
int blame_own_config(struct parser *parser, int argc, char **argv);

#endif
