/* SPDX-License-Identifier: MIT */
/*
 * Serves the chains of a console's ports. Input waits here until the driver offers buffers; output
 * is written in parts of limited size. Bytes from the host come only through the journal.
 */
#include "devices/virtio/console.h"
#include <errno.h>
#include <stdio.h>

#define VIRTIO_ID_CONSOLE 3
#define QUEUE_SIZE 64

/* the most bytes of one chain's output that are written in one turn */
#define OUTPUT_TURN (64 * KiB)

static unsigned port_number(const struct virtio_console_port *port)
{
	return (unsigned)(port - port->console->ports);
}

/*
 * Returns whether the guest accepts input of the port. Linux drops bytes for a port that no program
 * has opened.
 */
static bool guest_listens(const struct virtio_console_port *port)
{
	return port->guest_open || !console_multiport(port->console);
}

static enum virtio_served virtio_console_receive(struct virtio_console_port *port,
						 struct virtq_chain *chain, u32 *written)
{
	u32 size;

	if (chain->out.count)
		return VIRTIO_BAD;
	if (!port->console || !port->input_count || !guest_listens(port))
		return VIRTIO_WAIT;
	size = (u32)MIN(chain->in.size, port->input_count);
	*written = size;
	for (u32 part; size; size -= part) {
		part = MIN(size, VIRTIO_CONSOLE_INPUT - port->input_start);
		virtq_buffer_write(&chain->in, &port->input[port->input_start], part);
		port->input_start = (port->input_start + part) % VIRTIO_CONSOLE_INPUT;
		port->input_count -= part;
	}
	return VIRTIO_USED;
}

/* Writes a chain to the port's chardev. Output to a port that does not exist is dropped. */
static enum virtio_served virtio_console_transmit(struct virtio_console_port *port,
						  struct virtq_chain *chain)
{
	struct virtq_buffer *out = &chain->out;
	u64 turn;

	if (chain->in.count)
		return VIRTIO_BAD;
	if (!port->console)
		return VIRTIO_USED;
	if (port->host_busy)
		return VIRTIO_WAIT;
	/* The driver may have replaced the chain by a shorter one since the last turn. */
	virtq_buffer_skip(out, MIN(port->sent, out->size));
	turn = MIN(out->size, OUTPUT_TURN);
	port->sent += (u32)turn;
	for (u64 part; turn; turn -= part) {
		part = MIN(turn, out->iov->iov_len);
		chardev_write(&port->chardev, out->iov->iov_base, part);
		virtq_buffer_skip(out, part);
	}
	if (out->size)
		return VIRTIO_AGAIN;
	port->sent = 0;
	return VIRTIO_USED;
}

/*
 * Returns the port of a queue: queues 2n + 2 and 2n + 3 belong to port n, except for port 0, which
 * has queues 0 and 1.
 */
static unsigned port_of(unsigned queue)
{
	return queue < CONSOLE_CONTROL_RECEIVEQ ? 0 : queue / 2 - 1;
}

static bool is_receiveq(unsigned queue)
{
	return queue % 2 == 0;
}

static enum virtio_served virtio_console_serve(void *self, unsigned queue,
					       struct virtq_chain *chain, u32 *written)
{
	struct virtio_console *console = self;
	struct virtio_console_port *port = &console->ports[port_of(queue)];

	if (queue == CONSOLE_CONTROL_RECEIVEQ)
		return console_control_receive(console, chain, written);
	if (queue == CONSOLE_CONTROL_TRANSMITQ)
		return console_control_transmit(console, chain);
	return is_receiveq(queue) ? virtio_console_receive(port, chain, written) :
				    virtio_console_transmit(port, chain);
}

static void virtio_console_queue_reset(void *self, unsigned queue)
{
	struct virtio_console *console = self;

	if (!is_receiveq(queue) && queue != CONSOLE_CONTROL_TRANSMITQ)
		console->ports[port_of(queue)].sent = 0;
}

static void driver_reset(void *self)
{
	console_control_reset(self);
}

/*
 * Writes to configuration space. emerg_wr also works on a device that no driver has configured
 * (5.3.5.1).
 */
static void virtio_console_config_write(void *self, u32 offset, unsigned size, u32 value)
{
	struct virtio_console *console = self;
	u8 byte = (u8)value;

	(void)size;
	if (offset == offsetof(struct virtio_console_config, emerg_wr))
		chardev_write(&console->ports[0].chardev, &byte, 1);
}

static const struct virtio_ops console_ops = {
	.device_id = VIRTIO_ID_CONSOLE,
	.serve = virtio_console_serve,
	.config_write = virtio_console_config_write,
	.queue_reset = virtio_console_queue_reset,
	.reset = driver_reset,
};

static size_t virtio_console_room(void *device)
{
	struct virtio_console_port *port = device;

	return VIRTIO_CONSOLE_INPUT - port->input_count;
}

static bool is_open(void *device)
{
	return ((struct virtio_console_port *)device)->guest_open;
}

static void virtio_console_put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_console_port *port = ctx;
	size_t fits = MIN(size, virtio_console_room(port));

	for (size_t i = 0; i < fits; i++) {
		u32 end = port->input_start + port->input_count++;

		port->input[end % VIRTIO_CONSOLE_INPUT] = data[i];
	}
	virtio_kick(&port->console->virtio, console_receiveq(port_number(port)));
}

/*
 * Resets the console with the machine. A driver's reset, in contrast, keeps input that was typed
 * before it.
 */
static void virtio_console_reset(void *self)
{
	struct virtio_console_port *port = self;

	port->input_start = 0;
	port->input_count = 0;
}

static const struct state_field port_fields[] = {
	STATE_ARRAY(struct virtio_console_port, input),
	STATE_FIELD(struct virtio_console_port, input_start),
	STATE_FIELD(struct virtio_console_port, input_count),
	STATE_FIELD(struct virtio_console_port, sent),
	STATE_FIELD(struct virtio_console_port, columns),
	STATE_FIELD(struct virtio_console_port, rows),
	STATE_FIELD(struct virtio_console_port, messages),
	STATE_FIELD(struct virtio_console_port, known),
	STATE_FIELD(struct virtio_console_port, guest_open),
	STATE_FIELD(struct virtio_console_port, host_open),
	STATE_FIELD(struct virtio_console_port, host_busy),
};

static int port_loaded(void *self)
{
	const struct virtio_console_port *port = self;

	return port->input_start < VIRTIO_CONSOLE_INPUT &&
			       port->input_count <= VIRTIO_CONSOLE_INPUT ?
		       0 :
		       -EINVAL;
}

static const struct state_type port_type = {
	.version = 1,
	.fields = port_fields,
	.count = ARRAY_SIZE(port_fields),
	.post_load = port_loaded,
};

static void init_port(struct virtio_console *console, const struct virtio_serial_port *from)
{
	struct virtio_console_port *port = &console->ports[from->number];
	struct platform *platform = console->virtio.platform;
	struct journal_sink sink = { .name = port->part, .put = virtio_console_put, .ctx = port };

	port->console = console;
	port->config = from;
	snprintf(port->part, sizeof(port->part), "%s.port%u", console->virtio.name, from->number);
	port->chardev.room = virtio_console_room;
	port->chardev.is_open = is_open;
	port->chardev.device = port;
	port->chardev.sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, port->part, &port_type, port);
	platform_on_reset(platform, virtio_console_reset, port);
}

static const struct virtio_serial_port only_port = { .console = true };
static const struct virtio_serial_properties one_console = {
	.max_ports = 1,
	.ports = &only_port,
	.port_count = 1,
};

void virtio_console_init(struct virtio_console *console, struct platform *platform,
			 const char *name, const struct virtio_serial_properties *properties)
{
	const struct virtio_serial_properties *from = properties ? properties : &one_console;
	u32 max_ports = (u32)from->max_ports;
	struct virtio_setup core = {
		.ops = &console_ops,
		.self = console,
		.name = name,
		.features = VIRTIO_CONSOLE_F_SIZE | VIRTIO_CONSOLE_F_EMERG_WRITE,
		.queue_count = max_ports > 1 ? 2 * (max_ports + 1) : 2,
		.queue_size = QUEUE_SIZE,
		.config = &console->config,
		.config_size = sizeof(console->config),
	};

	*console = (struct virtio_console){ .config = { .max_nr_ports = max_ports } };
	if (max_ports > 1)
		core.features |= VIRTIO_CONSOLE_F_MULTIPORT;
	virtio_init(&console->virtio, platform, &core);
	for (unsigned n = 0; n < from->port_count; n++)
		init_port(console, &from->ports[n]);
	console_control_init(console);
}

static int virtio_console_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	struct virtio_console *console = self;

	virtio_console_init(console, setup->context->platform, setup->name, setup->properties);
	*virtio = &console->virtio;
	return 0;
}

static const struct key virtio_serial_keys[] = {
	{ .name = "max_ports", .kind = KEY_NUMBER, .accepted = "N",
	  .offset = offsetof(struct virtio_serial_properties, max_ports),
	  .min = 1, .max = VIRTIO_SERIAL_PORTS_MAX, .initial = VIRTIO_SERIAL_PORTS_MAX },
};

const struct device_type virtio_serial_device = {
	.name = "virtio-serial",
	.names = DEVICE_VIRTIO_NAMES("virtio-serial"),
	.help = "A bus for virtconsole and virtserialport, with max_ports= ports; the default is "
		"31.",
	.category = DEVICE_SERIAL,
	.use = DEVICE_BUS,
	.keys = virtio_serial_keys,
	.key_count = ARRAY_SIZE(virtio_serial_keys),
	.properties_size = sizeof(struct virtio_serial_properties),
	.part = "console",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_console),
	.create = virtio_console_create,
	.old = true,
};

#define FIELD(member) offsetof(struct port_properties, member)

static const struct key port_keys[] = {
	{ .name = "chardev", .kind = KEY_TEXT, .offset = FIELD(chardev), .accepted = "ID" },
	{ .name = "name", .kind = KEY_TEXT, .offset = FIELD(name), .accepted = "NAME" },
	{ .name = "nr", .kind = KEY_NUMBER, .offset = FIELD(number), .accepted = "N",
	  .max = VIRTIO_SERIAL_PORTS_MAX - 1, .initial = PORT_NUMBER_ANY },
	{ .name = "bus", .kind = KEY_TEXT, .offset = FIELD(bus), .accepted = "ID.0" },
};

const struct device_type virtconsole_device = {
	.name = "virtconsole",
	.names = { [DEVICE_ALONE] = "virtconsole" },
	.help = "A virtio console (hvc0, or hvc1 beside the firmware's); chardev= names a "
		"-chardev; without it the console shares the terminal with the serial port.",
	.category = DEVICE_SERIAL,
	.use = DEVICE_CONSOLE_PORT,
	.keys = port_keys,
	.key_count = ARRAY_SIZE(port_keys),
	.properties_size = sizeof(struct port_properties),
};

static int virtserialport_check(struct device_setup *setup)
{
	const struct port_properties *properties = setup->properties;

	return properties->chardev ? 0 :
				     device_fail(setup, -EINVAL, "needs chardev=ID, of a -chardev");
}

const struct device_type virtserialport_device = {
	.name = "virtserialport",
	.names = { [DEVICE_ALONE] = "virtserialport" },
	.help = "A port for programs: /dev/vport0p1, and /dev/virtio-ports/NAME where udev runs; "
		"chardev= names the -chardev that it is connected to.",
	.category = DEVICE_SERIAL,
	.use = DEVICE_SERIAL_PORT,
	.keys = port_keys,
	.key_count = ARRAY_SIZE(port_keys),
	.properties_size = sizeof(struct port_properties),
	.check = virtserialport_check,
};
