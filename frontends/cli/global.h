/* SPDX-License-Identifier: MIT */
/*
 * -global: sets default properties of devices, which their own lines can override. It is read
 * before all other options, wherever it stands. Only files of frontends/cli include this.
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

/* Puts the properties that match the device's kind into a new line. Returns 0 or -EINVAL. */
int set_globals(struct parser *parser, struct device_line *line);

#endif
