/* SPDX-License-Identifier: MIT */
/*
 * The connection to a debugger: one client at a time, and the last packet that was sent, which the
 * client can request again. Never waits for the client, except for a moment if the client does not
 * read.
 */
#ifndef FRONTENDS_GDB_LINK_H
#define FRONTENDS_GDB_LINK_H

#include "frontends/net/link.h"

#define GDB_REFUSED_MAX 4

struct gdb_link {
	struct link link;
	/*
	 * The sockets of further clients that have connected while there is a client, the latest
	 * last.
	 */
	int refused[GDB_REFUSED_MAX];
	unsigned refused_count;
	u8 *last;
	size_t last_size, last_room;
};

void gdb_link_close(struct gdb_link *link);

/*
 * Returns whether a client has connected. While there is a client, further ones get an error in
 * answer to the packets by which GDB begins, until they leave, send another packet, or
 * GDB_REFUSED_MAX later ones have connected.
 */
bool gdb_link_accept(struct gdb_link *link);
void gdb_link_drop(struct gdb_link *link); /* disconnects the client */

/*
 * gdb_link_send sends a packet, which begins with `first`, and keeps it; gdb_link_again sends the
 * last packet again.
 */
void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size);
void gdb_link_again(struct gdb_link *link);

#endif
