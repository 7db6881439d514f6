/* SPDX-License-Identifier: MIT */
/* See gdb/link.h. */
#include "frontends/gdb/link.h"

#include <stdlib.h>

#include "frontends/gdb/packet.h"

void gdb_link_close(struct gdb_link *link)
{
	link_close(&link->link);
	free(link->last);
}

void gdb_link_drop(struct gdb_link *link)
{
	link_drop(&link->link);
	link->last_size = 0;
}

bool gdb_link_accept(struct gdb_link *link)
{
	static const char text[] = "E.another debugger is connected to this machine";
	u8 packet[GDB_FRAMED(sizeof(text))];
	size_t size = gdb_packet_make(packet, '$', text, sizeof(text) - 1);

	return link_accept(&link->link, packet, size);
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
