/* SPDX-License-Identifier: MIT */
/*
 * Implements -global, which sets default values of devices' properties. A -device can override
 * them, so all -global are applied before all other options, wherever they are on the command line.
 * Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_GLOBAL_H
#define FRONTENDS_CLI_GLOBAL_H

#include "frontends/cli/machine/devices.h"

struct option;

#define GLOBALS_MAX 32

struct global {
	const char *driver, *property, *value;
};

int apply_global(struct parser *parser, const struct option *option, const char *value);

/*
 * Sets those properties of a new line that -global gives to devices of its kind. Returns 0 or
 * -EINVAL.
 */
int set_globals(struct parser *parser, struct device_line *line);

#endif
