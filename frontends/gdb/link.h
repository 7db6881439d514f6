/* SPDX-License-Identifier: MIT */
/*
 * The connection to a debugger: one client at a time, and the last packet, which the client can ask
 * for again. Never waits for the client, except for a moment while it does not read.
 */
#ifndef FRONTENDS_GDB_LINK_H
#define FRONTENDS_GDB_LINK_H

#include "frontends/net/link.h"

struct gdb_link {
	struct link link;
	u8 *last;
	size_t last_size, last_room;
};

void gdb_link_close(struct gdb_link *link);

/* Returns true if a client has connected; a second one is told that it is not the first, and
 * disconnected. */
bool gdb_link_accept(struct gdb_link *link);
void gdb_link_drop(struct gdb_link *link); /* disconnects the client */

/* Sends a packet, and remembers it for gdb_link_again. */
void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size);
void gdb_link_again(struct gdb_link *link);

#endif
