/* SPDX-License-Identifier: MIT */
/* See monitor/port.h. What is typed waits for monitor_port_poll, because a command may change the
 * machine, which the caller that passes the bytes on does not expect. */
#include "frontends/monitor/port.h"

#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/monitor/line.h"
#include "frontends/monitor/monitor.h"

struct monitor_port {
	struct chardev *chardev;
	struct monitor_line line;
	u8 input[512];
	size_t size;
};

/* There is room only if nothing waits, by which the mux sees that all has been executed. */
static size_t monitor_port_room(void *self)
{
	const struct monitor_port *port = self;

	return port->size ? 0 : sizeof(port->input);
}

static void monitor_port_take(void *self, const u8 *data, size_t size)
{
	struct monitor_port *port = self;

	memcpy(port->input, data, size);
	port->size = size;
}

static void monitor_port_focused(void *self)
{
	monitor_line_greet(&((struct monitor_port *)self)->line);
}

static void write_port(void *ctx, const char *text, size_t size)
{
	chardev_write(((struct monitor_port *)ctx)->chardev, (const u8 *)text, size);
}

struct monitor_port *monitor_port_open(struct monitor *monitor, struct chardev *chardev)
{
	struct monitor_port *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	port->chardev = chardev;
	port->line = (struct monitor_line){ .monitor = monitor, .typed = true,
					    .write = write_port, .ctx = port };
	chardev->room = monitor_port_room;
	chardev->take = monitor_port_take;
	chardev->focused = monitor_port_focused;
	chardev->device = port;
	return port;
}

void monitor_port_close(struct monitor_port *port)
{
	if (!port)
		return;
	port->chardev->room = NULL;
	port->chardev->focused = NULL;
	free(port);
}

void monitor_port_poll(struct monitor_port *port)
{
	size_t size = port->size;

	for (size_t n = 0; n < size && !port->line.monitor->quit; n++)
		monitor_line_take(&port->line, (char)port->input[n]);
	port->size = 0;
}

bool monitor_port_waits(const struct monitor_port *port)
{
	return port->size > 0;
}
