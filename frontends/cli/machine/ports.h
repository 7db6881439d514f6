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
struct driver;
struct parser;

#define PORT_NUMBER_ANY UINT64_MAX

struct port_properties {
	const char *chardev, *name, *bus;
	u64 number;
};

struct port_line {
	const struct driver *driver;
	const struct port_properties *properties;
	const struct virtio_serial_port *config; /* NULL: it is not plugged in yet */
	bool console;
};

/* These are called by rows of cli/machine/drivers.c. */
int add_console_port(struct parser *parser, const struct driver *driver, const void *properties);
int add_serial_port(struct parser *parser, const struct driver *driver, const void *properties);
int finish_serial_bus(struct parser *parser, const struct device_line *line);

#endif
