/* SPDX-License-Identifier: MIT */
/* See monitor/link.h. */
#include "frontends/monitor/link.h"

#include <stdlib.h>

#include "devices/board/board.h"
#include "frontends/monitor/line.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"

#define CHUNK 512 /* at most this many bytes are read from a client before the machine runs again */

struct monitor_link {
	struct link link;
	struct monitor_line line;
};

static void write_link(void *ctx, const char *text, size_t size)
{
	link_write(&((struct monitor_link *)ctx)->link, text, size);
}

/* With telnet the client is a terminal. */
static void monitor_link_greet(struct monitor_link *remote)
{
	remote->line.typed = remote->link.place->telnet;
	monitor_line_greet(&remote->line);
}

static void monitor_link_serve(struct monitor_link *remote)
{
	char data[CHUNK];
	long got = link_read(&remote->link, data, sizeof(data));

	if (got < 0)
		link_drop(&remote->link);
	for (long n = 0; n < got && link_connected(&remote->link) && !remote->line.monitor->quit;
	     n++)
		monitor_line_take(&remote->line, data[n]);
}

int monitor_link_open(struct monitor_link **made, struct monitor *monitor,
		      const struct link_place *place, struct board_error *error)
{
	struct monitor_link *remote = calloc(1, sizeof(*remote));
	int failed;

	if (!remote)
		return board_error_memory(error);
	remote->line.monitor = monitor;
	remote->line.write = write_link;
	remote->line.ctx = remote;
	failed = link_open(&remote->link, place, monitor->links, error);
	if (failed) {
		free(remote);
		return failed;
	}
	if (link_connected(&remote->link))
		monitor_link_greet(remote);
	*made = remote;
	return 0;
}

void monitor_link_close(struct monitor_link *remote)
{
	if (!remote)
		return;
	link_close(&remote->link);
	free(remote);
}

int monitor_link_descriptor(const struct monitor_link *remote)
{
	return remote->link.wakes;
}

void monitor_link_poll(struct monitor_link *remote)
{
	if (link_connected(&remote->link))
		monitor_link_serve(remote);
	if (!link_accept(&remote->link, NULL))
		return;
	monitor_link_greet(remote);
	monitor_link_serve(remote);
}
