/* SPDX-License-Identifier: MIT */
/*
 * Reads files that contain options, in QEMU's format: those of -readconfig, and the user's own,
 * baya/baya.conf in $XDG_CONFIG_HOME or ~/.config. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_CONFIG_H
#define FRONTENDS_CLI_CONFIG_H

#include "bus/base.h"

struct option;
struct parser;

#define CONFIGS_MAX 16

/*
 * The passes over the words of the command line. Options depend on others that may follow them, so
 * the words are read once for each pass.
 */
enum pass {
	/* Only determines whether the user's own file is to be read (-no-user-config). */
	PASS_CONFIG,
	PASS_GLOBAL, /* only applies -global */
	PASS_REST,
};

/*
 * The files that have been read, with their texts, which later passes use: a file may be a pipe,
 * and can be read only once. All strings are borrowed.
 */
struct configs {
	struct {
		const char *path, *text;
	} files[CONFIGS_MAX];
	unsigned count;
	const char *own; /* the path of the user's file; NULL: not looked for, or there is none */
	bool unwanted; /* the user's file must not be read */
};

int apply_readconfig(struct parser *parser, const struct option *option, const char *value);

/*
 * Applies an option by its name, as a file has it: an option without a value has "on" or "off"
 * there. Returns 0 or -EINVAL.
 */
int apply_configured(struct parser *parser, const char *name, const char *value);

/*
 * Applies the options of the user's file, as far as they belong to the current pass. Does nothing
 * if there is no such file. Returns 0 or -errno.
 */
int apply_own_config(struct parser *parser);

/*
 * Adds a hint at the user's file to the error, if the command line would be accepted without that
 * file. Called when options contradict each other. Returns -EINVAL.
 */
int blame_own_config(struct parser *parser, int argc, char **argv);

#endif
