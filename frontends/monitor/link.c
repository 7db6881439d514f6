/* SPDX-License-Identifier: MIT */
/* See monitor/link.h. */
#include "frontends/monitor/link.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/board.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"

#define LINK_LINE_MAX (PATH_MAX + 512) /* a command that contains a path of the host */
#define BACKSPACE 8
#define DELETE 127
#define CHUNK 512 /* at most this many bytes are read from a client before the machine runs again */

struct monitor_link {
	struct link link;
	struct monitor *monitor;
	char line[LINK_LINE_MAX];
	char last; /* the last byte read */
	size_t size; /* bytes of the line so far; LINK_LINE_MAX: the line is too long */
};

static bool has_telnet(const struct monitor_link *remote)
{
	return remote->link.place->telnet;
}

/* Sends text to the client. With telnet the client is a terminal, in which each line needs a
 * carriage return. */
static void monitor_link_say(struct monitor_link *remote, const char *text)
{
	for (size_t line; has_telnet(remote) && text[line = strcspn(text, "\n")];
	     text += line + 1) {
		link_write(&remote->link, text, line);
		link_write(&remote->link, "\r\n", 2);
	}
	link_write(&remote->link, text, strlen(text));
}

static void monitor_link_greet(struct monitor_link *remote)
{
	remote->size = 0;
	remote->last = 0;
	monitor_link_say(remote, MONITOR_GREETING MONITOR_PROMPT);
}

static void monitor_link_answer(struct monitor_link *remote)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out)
		monitor_run(remote->monitor, remote->line, out);
	if (out && !output_end_text(out, &text))
		monitor_link_say(remote, text);
	else
		monitor_link_say(remote, MONITOR_NO_MEMORY);
	free(text);
}

static void end_line(struct monitor_link *remote)
{
	if (remote->size == LINK_LINE_MAX) {
		monitor_link_say(remote, "the line is too long\n");
	} else {
		remote->line[remote->size] = 0;
		monitor_link_answer(remote);
	}
	remote->size = 0;
	if (!remote->monitor->quit)
		monitor_link_say(remote, MONITOR_PROMPT);
}

static void monitor_link_take(struct monitor_link *remote, char c)
{
	if (c == '\n')
		end_line(remote);
	else if (c && c != '\r' && remote->size < LINK_LINE_MAX)
		remote->line[remote->size++] = c;
}

/* Sends a character that was typed back to a telnet client, which does not echo what is typed. */
static void monitor_link_show(struct monitor_link *remote, char c)
{
	if (c == '\n')
		monitor_link_say(remote, "\n");
	else if ((u8)c >= ' ' && remote->size < LINK_LINE_MAX)
		link_write(&remote->link, &c, 1);
}

static void take_back(struct monitor_link *remote)
{
	if (!remote->size)
		return;
	monitor_link_say(remote, "\b \b");
	remote->size--;
}

/* Handles a character from a telnet client. A line ends with CR alone, with CR and a NUL or LF (RFC
 * 854), or, if it is from a script, with LF. */
static void take_key(struct monitor_link *remote, char c)
{
	bool again = c == '\n' && remote->last == '\r';

	remote->last = c;
	if (c == BACKSPACE || c == DELETE) {
		take_back(remote);
	} else if (!again) {
		c = c == '\r' ? '\n' : c;
		monitor_link_show(remote, c);
		monitor_link_take(remote, c);
	}
}

static void monitor_link_serve(struct monitor_link *remote)
{
	char data[CHUNK];
	long got = link_read(&remote->link, data, sizeof(data));

	if (got < 0)
		link_drop(&remote->link);
	for (long n = 0; n < got && link_connected(&remote->link) && !remote->monitor->quit; n++)
		(has_telnet(remote) ? take_key : monitor_link_take)(remote, data[n]);
}

int monitor_link_open(struct monitor_link **made, struct monitor *monitor,
		      const struct link_place *place, struct board_error *error)
{
	struct monitor_link *remote = calloc(1, sizeof(*remote));
	int failed;

	if (!remote)
		return board_error_memory(error);
	remote->monitor = monitor;
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
