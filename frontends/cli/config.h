/* SPDX-License-Identifier: MIT */
/*
 * Reads files with options, in QEMU's format: those of -readconfig, and the user's own,
 * baya/baya.conf in $XDG_CONFIG_HOME or ~/.config. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_CONFIG_H
#define FRONTENDS_CLI_CONFIG_H

#include "bus/base.h"

struct option;
struct parser;

#define CONFIGS_MAX 16

/* The words are walked more than once, because options depend on others wherever these stand. */
enum pass {
	PASS_CONFIG, /* only looks whether the user's own file is wanted */
	PASS_GLOBAL, /* only applies -global */
	PASS_REST,
};

/* The files are read once each, because they may be pipes. All strings are borrowed. */
struct configs {
	struct {
		const char *path, *text;
	} files[CONFIGS_MAX];
	unsigned count;
	const char *own; /* the path of the user's file; NULL: not looked for, or there is none */
	bool unwanted; /* the user's file is not to be read */
};

int apply_readconfig(struct parser *parser, const struct option *option, const char *value);

/* Applies an option by its name, as a file has it: with "on" or "off" where it takes no value.
 * Returns 0 or -EINVAL. */
int apply_configured(struct parser *parser, const char *name, const char *value);

/* Applies what the user's file has for this pass; nothing when there is no file. Returns 0 or
 * -errno. */
int apply_own_config(struct parser *parser);

/* Called when options contradict each other: the error names the user's file if the command line
 * alone would be accepted. Returns -EINVAL. */
int blame_own_config(struct parser *parser, int argc, char **argv);

#endif
