/* SPDX-License-Identifier: MIT */
/*
 * The way to a debugger: a socket that listens and the one client it has, or the process's standard
 * input and output. Never waits for the client, but for a moment while it does not read.
 */
#ifndef FRONTENDS_GDB_LINK_H
#define FRONTENDS_GDB_LINK_H

#include "bus/base.h"

struct board_error;

struct gdb_link {
	int listens; /* -1: nothing, on stdio */
	int in, out; /* of the client; -1: there is none */
	int wakes; /* epoll: something is to be read */
	const char *path; /* of a socket in the file system, to be removed; or NULL */
	/* The last that was written, for a client that asks for it again. */
	u8 *last;
	size_t last_size, last_room;
};

/* 0, or -errno with *error; `where` outlives the link. */
int gdb_link_open(struct gdb_link *link, const char *where, struct board_error *error);
void gdb_link_close(struct gdb_link *link);

/* A client that has come: true for one; another is told that it is not the first, and goes. */
bool gdb_link_accept(struct gdb_link *link);
bool gdb_link_connected(const struct gdb_link *link);
void gdb_link_drop(struct gdb_link *link); /* the client */

/* Bytes that came, 0 for none; -1 when the client has gone. */
long gdb_link_read(struct gdb_link *link, u8 *data, size_t size);

/* All of it or, where the client does not read, nothing: then it has gone. */
void gdb_link_write(struct gdb_link *link, const void *data, size_t size);

/* A packet, remembered to be sent again. */
void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size);
void gdb_link_again(struct gdb_link *link);

#endif
