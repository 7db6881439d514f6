/* SPDX-License-Identifier: MIT */
/*
 * The connection to a program that talks to Baya: a listening socket with one client, a connection
 * to a server, or the process's standard input and output.
 */
#ifndef FRONTENDS_NET_LINK_H
#define FRONTENDS_NET_LINK_H

#include <stdio.h>

#include "frontends/host/telnet.h"
#include "frontends/net/call.h"
#include "frontends/net/link_place.h"
#include "frontends/net/listen.h"

struct board_error;

struct link {
	const struct link_place *place;
	struct net_listener listener;
	int in, out; /* the client's; -1: there is none */
	/* A client that has come after that one left, which is reported first; -1: none. */
	int next;
	struct net_call call; /* for the place's reconnect= */
	int timer; /* for the call; -1: none */
	struct telnet telnet; /* used if the place has telnet */
	bool half; /* one of the two bytes of an IAC was sent */
	int wakes; /* epoll: there is something to read, or more can be written */
	struct link **links; /* the list that it is in, and the next of that */
	struct link *next_link;
};

/*
 * Opens the place, which outlives the link, and adds the link to a list; NULL: to none. Returns 0,
 * or -errno with *error. A client may be there at once.
 */
int link_open(struct link *link, const struct link_place *place, struct link **links,
	      struct board_error *error);
void link_close(struct link *link); /* and takes it out of its list */

/* Writes where it leads in QEMU's words, as in unix:PATH,server=on. */
void link_filename(const struct link *link, FILE *out);

/* Prints for people the places of a list, one a line. */
void link_info(const struct link *links, FILE *out);

/*
 * Returns whether a client has connected, or a server has answered. While there is a client,
 * *other becomes the socket of another that has come, which is the caller's, or stays as it is;
 * without `other` they wait for their turn.
 */
bool link_accept(struct link *link, int *other);
bool link_connected(const struct link *link);
void link_drop(struct link *link); /* disconnects the client */

/* Returns how many bytes were read, 0 for none; -1 when the client has gone. */
long link_read(struct link *link, void *data, size_t size);

/* Writes as many bytes as it can without waiting, and returns their number; -1 when the client has
 * gone. */
long link_put(struct link *link, const void *data, size_t size);
/* Write: wake when more can be written, and not for reading. */
void link_want(struct link *link, bool write);

/* Writes all bytes; a client that reads nothing for two seconds is disconnected. */
void link_write(struct link *link, const void *data, size_t size);

#endif
