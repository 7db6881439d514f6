/* SPDX-License-Identifier: MIT */
/* See cli/machine/ports.h. */
#include "frontends/cli/table.h"

#include <string.h>

int add_serial_port(struct parser *parser, const struct device_line *line)
{
	if (parser->port_count == VIRTIO_PORTS_MAX)
		return keyval_fail(parser->error, "-device %s: more than %d ports",
				   device_line_name(line), VIRTIO_PORTS_MAX);
	parser->ports[parser->port_count++] = (struct port_line){
		.name = device_line_name(line),
		.properties = line->properties,
		.console = line->type->use == DEVICE_CONSOLE_PORT,
	};
	return 0;
}

/* Returns whether a port belongs on this bus. A bus is named after its device; without bus= the
 * port belongs on the first bus. */
static bool port_line_goes_on(const struct port_line *port, const struct device_line *bus)
{
	const char *wanted = port->properties->bus;
	size_t size = bus->id ? strlen(bus->id) : 0;

	if (!wanted)
		return true;
	return size && !strncmp(wanted, bus->id, size) && !strcmp(wanted + size, ".0");
}

static bool port_line_is_taken(const struct virtio_serial_properties *bus, u64 number)
{
	for (unsigned n = 0; n < bus->port_count; n++)
		if (bus->ports[n].number == number)
			return true;
	return false;
}

/* Returns the number of a port, which is chosen if it is not given. As in QEMU, port 0 is reserved
 * for a console, because some drivers know no other port. */
static u64 choose_number(const struct virtio_serial_properties *bus, const struct port_line *port)
{
	u64 number = port->console ? 0 : 1;

	if (port->properties->number != PORT_NUMBER_ANY)
		return port->properties->number;
	while (port_line_is_taken(bus, number))
		number++;
	return number;
}

static int port_line_plug(struct parser *parser, struct virtio_serial_properties *bus,
			  struct port_line *port)
{
	struct virtio_serial_port *ports = (struct virtio_serial_port *)bus->ports;
	const char *what = port->name;
	u64 number = choose_number(bus, port);

	if (!number && !port->console)
		return keyval_fail(parser->error, "-device %s: nr=0 is for a virtconsole", what);
	if (number >= bus->max_ports)
		return keyval_fail(parser->error,
				   "-device %s: there is no port %u; the first is 0, "
				   "and max_ports=%u",
				   what, (unsigned)number, (unsigned)bus->max_ports);
	if (port_line_is_taken(bus, number))
		return keyval_fail(parser->error, "-device %s: nr=%u is taken twice", what,
				   (unsigned)number);
	ports[bus->port_count] = (struct virtio_serial_port){
		.name = port->properties->name,
		.number = (unsigned)number,
		.console = port->console,
	};
	port->config = &ports[bus->port_count++];
	return 0;
}

/* Plugs the ports into the bus. Those with a given number come first, so that no other port gets
 * their number. */
int finish_serial_bus(struct parser *parser, const struct device_line *line)
{
	struct virtio_serial_properties *bus = line->properties;
	size_t size = VIRTIO_SERIAL_PORTS_MAX * sizeof(*bus->ports);
	int failed = 0;

	bus->ports = strings_room(&parser->options->strings, size);
	for (unsigned n = 0; n < 2 * parser->port_count && !failed; n++) {
		struct port_line *port = &parser->ports[n % parser->port_count];
		bool asks = port->properties->number != PORT_NUMBER_ANY;

		if (!port->config && asks == (n < parser->port_count) &&
		    port_line_goes_on(port, line))
			failed = port_line_plug(parser, bus, port);
	}
	return failed;
}
