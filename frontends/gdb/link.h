/* SPDX-License-Identifier: MIT */
/*
 * The way to a debugger: one client at a time, and the last packet, for a client that asks for it
 * again. Never waits for the client, but for a moment while it does not read.
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

/* A client that has come: true for one; another is told that it is not the first, and goes. */
bool gdb_link_accept(struct gdb_link *link);
void gdb_link_drop(struct gdb_link *link); /* the client */

/* A packet, remembered to be sent again. */
void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size);
void gdb_link_again(struct gdb_link *link);

#endif
