/* SPDX-License-Identifier: MIT */
/* See gdb/link.h. */
#include "frontends/gdb/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontends/gdb/packet.h"

static void forget_refused(struct gdb_link *link, unsigned n)
{
	close(link->refused[n]);
	link->refused_count--;
	memmove(&link->refused[n], &link->refused[n + 1],
		(link->refused_count - n) * sizeof(link->refused[0]));
}

void gdb_link_close(struct gdb_link *link)
{
	while (link->refused_count)
		forget_refused(link, 0);
	link_close(&link->link);
	free(link->last);
}

void gdb_link_drop(struct gdb_link *link)
{
	link_drop(&link->link);
	link->last_size = 0;
}

static void keep_refused(struct gdb_link *link, int other)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (link->refused_count == GDB_REFUSED_MAX)
		forget_refused(link, 0);
	epoll_ctl(link->link.wakes, EPOLL_CTL_ADD, other, &event);
	link->refused[link->refused_count++] = other;
}

/* Returns whether one of the packets by which GDB begins is in what a client has sent. */
static bool is_greeting(const char *said)
{
	return strstr(said, "$qSupported") || strstr(said, "$vMustReplyEmpty");
}

/*
 * Answers a second client with an error; returns false if that client has gone, or is not to be
 * kept. GDB shows the text only if it comes as an answer: it ignores text that arrives before it
 * has sent a packet, and shows nothing at all if the connection is closed in the meantime. LLDB
 * takes each error to mean that a packet is not supported, and asks again without end, but gives up
 * if the connection is closed at its first packet, QStartNoAckMode.
 */
static bool refuse(int other)
{
	static const char text[] = "E.another debugger is connected to this machine";
	char said[4096];
	u8 answer[1 + GDB_FRAMED(sizeof(text))] = "+";
	ssize_t got = recv(other, said, sizeof(said) - 1, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	said[got] = '\0';
	if (!strchr(said, '#'))
		return got;
	if (!is_greeting(said))
		return false;
	send(other, answer, 1 + gdb_packet_make(answer + 1, '$', text, sizeof(text) - 1),
	     MSG_NOSIGNAL | MSG_DONTWAIT);
	return true;
}

bool gdb_link_accept(struct gdb_link *link)
{
	int other = -1;
	bool came = link_accept(&link->link, &other);

	if (other >= 0)
		keep_refused(link, other);
	for (unsigned n = link->refused_count; n--;)
		if (!refuse(link->refused[n]))
			forget_refused(link, n);
	return came;
}

void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size)
{
	size_t room = GDB_FRAMED(size);

	if (link->last_room < room) {
		u8 *last = realloc(link->last, room);

		if (!last) {
			gdb_link_drop(link);
			return;
		}
		link->last = last;
		link->last_room = room;
	}
	link->last_size = gdb_packet_make(link->last, first, text, size);
	gdb_link_again(link);
}

void gdb_link_again(struct gdb_link *link)
{
	link_write(&link->link, link->last, link->last_size);
}
