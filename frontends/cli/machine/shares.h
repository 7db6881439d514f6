/* SPDX-License-Identifier: MIT */
/*
 * The options for shared folders of the host, and the commands `baya run` and `baya run debian`,
 * which share one. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_SHARES_H
#define FRONTENDS_CLI_MACHINE_SHARES_H

#include "bus/base.h"

struct option;
struct parser;

/* One -fsdev or -virtfs. */
struct fsdev {
	const char *id, *path, *tag;
	unsigned kind, security, ignored_word; /* the last is for keys without effect */
	bool readonly;
};

int apply_fsdev(struct parser *parser, const struct option *option, const char *value);
int apply_virtfs(struct parser *parser, const struct option *option, const char *value);
int apply_share(struct parser *parser, const struct option *option, const char *value);
int apply_sysroot(struct parser *parser, const struct option *option, const char *value);
int apply_environment(struct parser *parser, const struct option *option, const char *value);

/*
 * Applies an option by its name, with dashes, as if the command line had it (options.c). Returns 0
 * or -EINVAL.
 */
int apply_named(struct parser *parser, const char *name, const char *value);

/*
 * Implement `baya run -- CMD...`: the first sets defaults before the options are read, the second
 * completes the settings after that. Return 0 or -EINVAL.
 */
int begin_command(struct parser *parser);
int finish_command(struct parser *parser);

/*
 * Do the same for `baya run debian`. The second is called before devices and networks are
 * completed.
 */
int begin_debian(struct parser *parser);
int finish_debian(struct parser *parser);

#endif
