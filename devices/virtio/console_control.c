/* SPDX-License-Identifier: MIT */
/*
 * Control messages, which tell which ports a console has and whether their ends are open (5.3.6.2
 * Multiport Device Operation). A message that has to be sent to the driver is only a bit for its
 * port and kind, and the message is made when there is a buffer for it, so a driver that offers no
 * buffers costs nothing. Events of the host come through the journal.
 */
#include "devices/virtio/console.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/virtio/guest_error.h"

/* values of the field `event` of struct virtio_console_control */
enum {
	DEVICE_READY,
	DEVICE_ADD,
	DEVICE_REMOVE,
	PORT_READY,
	CONSOLE_PORT,
	RESIZE,
	PORT_OPEN,
	PORT_NAME,
};

/* The messages to the driver, in the order in which those of one port are sent. */
static const u16 messages[] = { DEVICE_ADD, CONSOLE_PORT, PORT_NAME, RESIZE, PORT_OPEN };

struct virtio_console_control {
	u32 id;
	u16 event;
	u16 value;
};

struct virtio_console_resize {
	u16 cols, rows;
};

/* A record of the journal. */
struct news_record {
	u16 port;
	u16 event; /* enum chardev_event */
	u16 columns, rows;
};

static void want(struct virtio_console_port *port, u16 event)
{
	for (unsigned n = 0; n < ARRAY_SIZE(messages); n++)
		if (messages[n] == event)
			port->messages |= (u8)BIT(n);
}

static void send_messages(struct virtio_console *console)
{
	if (console->virtio.queue_count > CONSOLE_CONTROL_RECEIVEQ)
		virtio_kick(&console->virtio, CONSOLE_CONTROL_RECEIVEQ);
}

/* Returns the first port that has a message to send, or NULL. */
static struct virtio_console_port *sender(struct virtio_console *console)
{
	for (unsigned n = 0; n < VIRTIO_SERIAL_PORTS_MAX; n++)
		if (console->ports[n].messages)
			return &console->ports[n];
	return NULL;
}

/* Returns the bytes that follow the fixed part of a message. Sets *size to their number. */
static const void *message_rest(const struct virtio_console_port *port, u16 event,
				struct virtio_console_resize *resize, size_t *size)
{
	*size = 0;
	if (event == PORT_NAME) {
		*size = strlen(port->config->name);
		return port->config->name;
	}
	if (event == RESIZE)
		*size = sizeof(*resize);
	*resize = (struct virtio_console_resize){ port->columns, port->rows };
	return resize;
}

enum virtio_served console_control_receive(struct virtio_console *console,
					   struct virtq_chain *chain, u32 *written)
{
	struct virtio_console_port *port = sender(console);
	struct virtio_console_control message = { .value = 1 };
	struct virtio_console_resize resize;
	const void *rest;
	unsigned n;
	size_t size;

	if (chain->out.count)
		return VIRTIO_BAD;
	if (!port)
		return VIRTIO_WAIT;
	n = (unsigned)__builtin_ctz(port->messages);
	message.id = (u32)(port - console->ports);
	message.event = messages[n];
	if (message.event == PORT_OPEN)
		message.value = port->host_open;
	rest = message_rest(port, message.event, &resize, &size);
	if (chain->in.size < sizeof(message) + size)
		return VIRTIO_BAD;
	port->messages &= (u8)~BIT(n);
	virtq_buffer_write(&chain->in, &message, sizeof(message));
	if (size)
		virtq_buffer_write(&chain->in, rest, size);
	*written = (u32)(sizeof(message) + size);
	return VIRTIO_USED;
}

static void set_guest_open(struct virtio_console_port *port, bool open)
{
	bool before = port->guest_open;

	port->guest_open = open;
	if (open != before && port->chardev.guest_opened)
		port->chardev.guest_opened(port->chardev.ctx, open);
	if (open)
		virtio_kick(&port->console->virtio,
			    console_receiveq((unsigned)(port - port->console->ports)));
}

/* Answers DEVICE_READY, but only once, because a port must not be added again. */
static void device_ready(struct virtio_console *console, bool success)
{
	if (!success)
		guest_error(&console->virtio, "the driver has failed");
	if (!success || console->ready)
		return;
	console->ready = true;
	for (unsigned n = 0; n < VIRTIO_SERIAL_PORTS_MAX; n++)
		if (console->ports[n].console)
			want(&console->ports[n], DEVICE_ADD);
}

static void port_ready(struct virtio_console_port *port)
{
	port->known = true;
	if (port->config->console)
		want(port, CONSOLE_PORT);
	if (port->config->name)
		want(port, PORT_NAME);
	if (port->config->console && port->columns)
		want(port, RESIZE);
	if (port->host_open)
		want(port, PORT_OPEN);
}

static void port_message(struct virtio_console_port *port,
			 const struct virtio_console_control *message)
{
	struct virtio_console *console = port->console;

	if (!console->ready)
		guest_error(&console->virtio, "message %u before DEVICE_READY", message->event);
	else if (message->event == PORT_READY && message->value)
		port_ready(port);
	else if (message->event == PORT_READY)
		guest_error(&console->virtio, "the driver cannot have port %u", message->id);
	else if (message->event == PORT_OPEN)
		set_guest_open(port, message->value);
	else
		guest_error(&console->virtio, "message %u, which no driver sends", message->event);
}

enum virtio_served console_control_transmit(struct virtio_console *console,
					    struct virtq_chain *chain)
{
	struct virtio_console_control message;

	if (chain->in.count || !virtq_buffer_read(&chain->out, &message, sizeof(message)))
		return VIRTIO_BAD;
	if (!console_multiport(console))
		return VIRTIO_USED;
	if (message.event == DEVICE_READY)
		device_ready(console, message.value);
	else if (message.id < VIRTIO_SERIAL_PORTS_MAX && console->ports[message.id].console)
		port_message(&console->ports[message.id], &message);
	else
		guest_error(&console->virtio, "message %u for port %u, which does not exist",
			    message.event, message.id);
	send_messages(console);
	return VIRTIO_USED;
}

void console_control_reset(struct virtio_console *console)
{
	console->ready = false;
	for (unsigned n = 0; n < VIRTIO_SERIAL_PORTS_MAX; n++) {
		struct virtio_console_port *port = &console->ports[n];

		port->messages = 0;
		port->known = false;
		if (port->guest_open)
			set_guest_open(port, false);
	}
}

/*
 * Sets a port's size. That of port 0 is also in configuration space, for drivers without control
 * queues.
 */
static void console_control_set_size(struct virtio_console_port *port, u16 columns, u16 rows)
{
	struct virtio_console *console = port->console;

	if (!columns || !rows)
		return;
	port->columns = columns;
	port->rows = rows;
	if (port->known && port->config->console)
		want(port, RESIZE);
	if (port != console->ports)
		return;
	console->config.cols = columns;
	console->config.rows = rows;
	if (virtio_negotiated(&console->virtio, VIRTIO_CONSOLE_F_SIZE))
		virtio_config_changed(&console->virtio);
}

static void set_host_open(struct virtio_console_port *port, bool open)
{
	if (port->known && open != port->host_open)
		want(port, PORT_OPEN);
	port->host_open = open;
}

static void set_host_busy(struct virtio_console_port *port, bool busy)
{
	port->host_busy = busy;
	if (!busy)
		virtio_kick(&port->console->virtio,
			    console_receiveq((unsigned)(port - port->console->ports)) + 1);
}

/*
 * Handles a record, and checks it: it comes from console_control_receive_event() below, or from a
 * journal, which is a file and not trusted.
 */
static void console_control_put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_console *console = ctx;
	struct news_record record;
	struct virtio_console_port *port;

	if (size != sizeof(record))
		return;
	memcpy(&record, data, sizeof(record));
	if (record.port >= VIRTIO_SERIAL_PORTS_MAX || !console->ports[record.port].console)
		return;
	port = &console->ports[record.port];
	if (record.event == CHARDEV_SIZED)
		console_control_set_size(port, record.columns, record.rows);
	else if (record.event == CHARDEV_OPENED || record.event == CHARDEV_CLOSED)
		set_host_open(port, record.event == CHARDEV_OPENED);
	else if (record.event == CHARDEV_BUSY || record.event == CHARDEV_READY)
		set_host_busy(port, record.event == CHARDEV_BUSY);
	send_messages(console);
}

static void console_control_receive_event(void *device, enum chardev_event event, u16 columns,
					  u16 rows)
{
	struct virtio_console_port *port = device;
	struct virtio_console *console = port->console;
	const struct news_record record = {
		.port = (u16)(port - console->ports),
		.event = (u16)event,
		.columns = columns,
		.rows = rows,
	};

	journal_put(&console->virtio.platform->journal, console->sink, &record, sizeof(record));
}

static const struct state_field control_fields[] = {
	{ "cols", offsetof(struct virtio_console, config.cols), sizeof(u16), 1, false },
	{ "rows", offsetof(struct virtio_console, config.rows), sizeof(u16), 1, false },
	STATE_FIELD(struct virtio_console, ready),
};

/* Refuses a loaded state with messages that a port cannot have: their contents would be missing. */
static int control_loaded(void *self)
{
	const struct virtio_console *console = self;

	for (unsigned n = 0; n < VIRTIO_SERIAL_PORTS_MAX; n++) {
		const struct virtio_console_port *port = &console->ports[n];
		bool named = false;

		if (port->messages >> ARRAY_SIZE(messages))
			return -EINVAL;
		for (unsigned m = 0; m < ARRAY_SIZE(messages); m++)
			named |= messages[m] == PORT_NAME && (port->messages & BIT(m));
		if (named && !(port->config && port->config->name))
			return -EINVAL;
	}
	return 0;
}

static const struct state_type control_type = {
	.version = 1,
	.fields = control_fields,
	.count = ARRAY_SIZE(control_fields),
	.post_load = control_loaded,
};

void console_control_init(struct virtio_console *console)
{
	struct platform *platform = console->virtio.platform;
	struct journal_sink sink = { .name = console->part,
				     .put = console_control_put,
				     .ctx = console };

	snprintf(console->part, sizeof(console->part), "%s.control", console->virtio.name);
	console->sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, console->part, &control_type, console);
	for (unsigned n = 0; n < VIRTIO_SERIAL_PORTS_MAX; n++)
		if (console->ports[n].console) {
			console->ports[n].chardev.event = console_control_receive_event;
			console->ports[n].chardev.heeds_busy = true;
		}
}
