/* SPDX-License-Identifier: MIT */
/*
 * The connection to a debugger: one client at a time, and the last packet, which the client can ask
 * for again. Never waits for the client, except for a moment while it does not read.
 */
#ifndef FRONTENDS_GDB_LINK_H
#define FRONTENDS_GDB_LINK_H

#include "frontends/net/link.h"

#define GDB_REFUSED_MAX 4

struct gdb_link {
	struct link link;
	/* Sockets of others that have come while there is a client, the latest last. */
	int refused[GDB_REFUSED_MAX];
	unsigned refused_count;
	u8 *last;
	size_t last_size, last_room;
};

void gdb_link_close(struct gdb_link *link);

/*
 * Returns true if a client has connected. Others are told in answer to each of their packets that
 * they are not the first, until they go or too many more have come.
 */
bool gdb_link_accept(struct gdb_link *link);
void gdb_link_drop(struct gdb_link *link); /* disconnects the client */

/* Sends a packet, and remembers it for gdb_link_again. */
void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size);
void gdb_link_again(struct gdb_link *link);

#endif
