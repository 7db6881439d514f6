/* SPDX-License-Identifier: MIT */
/*
 * Options about folders of the host, and about `baya run` and `baya run debian`, which share one.
 * Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_SHARES_H
#define FRONTENDS_CLI_MACHINE_SHARES_H

#include "bus/base.h"

struct option;
struct parser;

/* One -fsdev or -virtfs. */
struct fsdev {
	const char *id, *path, *tag;
	unsigned kind, security, ignored_word; /* the last: of keys without effect */
	bool readonly;
};

int apply_fsdev(struct parser *parser, const struct option *option, const char *value);
int apply_virtfs(struct parser *parser, const struct option *option, const char *value);
int apply_share(struct parser *parser, const struct option *option, const char *value);
int apply_sysroot(struct parser *parser, const struct option *option, const char *value);

/* Applies an option by its name with dashes, as if it were given (options.c). */
int apply_named(struct parser *parser, const char *name, const char *value);

/* `baya run -- CMD...`: sets the defaults before the options are read, and completes the result
 * after. */
int begin_command(struct parser *parser);
int finish_command(struct parser *parser);

/* `baya run debian`: the same two steps; the second comes before devices and networks are put
 * together. */
int begin_debian(struct parser *parser);
int finish_debian(struct parser *parser);

#endif
