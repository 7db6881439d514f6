/* SPDX-License-Identifier: MIT */
/*
 * -global: what properties devices have before their own line says otherwise. It is read before all
 * other options, wherever it stands. Private to the options_*.c files.
 */
#ifndef FRONTENDS_CLI_GLOBAL_H
#define FRONTENDS_CLI_GLOBAL_H

#include "frontends/cli/machine/drivers.h"

struct option;

#define GLOBALS_MAX 32

struct global {
	const char *driver, *property, *value;
};

int apply_global(struct parser *parser, const struct option *option, const char *value);

/* Those that are of the device's kind, into a new line. 0 or -EINVAL. */
int set_globals(struct parser *parser, struct device_line *line);

#endif
