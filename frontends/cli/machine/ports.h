/* SPDX-License-Identifier: MIT */
/*
 * Implements -device virtio-serial-*, virtconsole and virtserialport. The ports are kept until all
 * options have been read; then each gets its bus and its number. Only files of frontends/cli
 * include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_PORTS_H
#define FRONTENDS_CLI_MACHINE_PORTS_H

#include "devices/device.h"
#include "frontends/host/keyval.h"

struct device_line;
struct parser;

struct port_line {
	const char *name; /* the name of the -device */
	const struct port_properties *properties;
	const struct virtio_serial_port *config; /* NULL: it has no bus yet */
	bool console;
};

int add_serial_port(struct parser *parser, const struct device_line *line);
/*
 * Adds the ports of a virtio-serial bus to it, when all options have been read. Returns 0 or
 * -EINVAL.
 */
int finish_serial_bus(struct parser *parser, const struct device_line *line);

#endif
