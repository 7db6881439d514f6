/* SPDX-License-Identifier: MIT */
/*
 * -device virtio-serial-*, virtconsole and virtserialport. They are kept until all options are
 * read: then each port gets its bus and its number. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_PORTS_H
#define FRONTENDS_CLI_MACHINE_PORTS_H

#include "devices/device.h"
#include "frontends/host/keyval.h"

struct device_line;
struct parser;

struct port_line {
	const char *name; /* by which -device was given */
	const struct port_properties *properties;
	const struct virtio_serial_port *config; /* NULL: it is not plugged in yet */
	bool console;
};

int add_serial_port(struct parser *parser, const struct device_line *line);
/* Plugs the ports into a bus, when all options are read. */
int finish_serial_bus(struct parser *parser, const struct device_line *line);

#endif
