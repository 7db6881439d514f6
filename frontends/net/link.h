/* SPDX-License-Identifier: MIT */
/*
 * The connection to a program that controls Baya: a listening socket that has at most one client, a
 * connection to a server, or the process's standard input and output.
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
	int in, out; /* the client's descriptors; -1: there is none */
	bool awaits; /* the machine must not start before the first client has connected */
	/*
	 * A client that was accepted before the end of the previous client has been reported; -1:
	 * none.
	 */
	int next;
	struct net_call call; /* the outgoing connection, with reconnect= */
	int timer; /* a timerfd for the call; -1: none */
	struct telnet telnet; /* used if the place has telnet=on */
	bool half; /* only the first of the two bytes of an escaped IAC has been sent */
	/*
	 * An epoll descriptor: readable if there is something to read, or to accept, or if more can
	 * be written.
	 */
	int wakes;
	struct link **links; /* the list that contains it, and the next link in that list */
	struct link *next_link;
};

/*
 * Opens the place, which is borrowed, and adds the link to a list, if `links` is not NULL. Returns
 * 0, or -errno with *error. There may be a client at once: link_connected.
 */
int link_open(struct link *link, const struct link_place *place, struct link **links,
	      struct board_error *error);
void link_close(struct link *link); /* also removes it from its list */

/* Returns whether a link of the list awaits its first client. link_accept ends that. */
bool link_awaits(const struct link *links);

/* Writes the place as QEMU does: unix:PATH,server=on for example. */
void link_filename(const struct link *link, FILE *out);

/* Prints the places of a list for people, one per line. */
void link_info(const struct link *links, FILE *out);

/*
 * Returns whether a client has just connected, or a server has answered. If there is a client
 * already, and another one has connected, *other is set to its socket, which the caller owns;
 * otherwise *other is unchanged. If `other` is NULL, further clients wait until the first one has
 * left.
 */
bool link_accept(struct link *link, int *other);
bool link_connected(const struct link *link);
void link_drop(struct link *link); /* disconnects the client */

/*
 * Reads without blocking. Returns the number of bytes, 0 if there are none; -1 if the client has
 * left.
 */
long link_read(struct link *link, void *data, size_t size);

/*
 * Writes as many bytes as possible without blocking. Returns their number; -1 if the client has
 * left.
 */
long link_put(struct link *link, const void *data, size_t size);
/*
 * Makes link->wakes readable when more can be written, and not when there is something to read
 * (`write`), or the other way round.
 */
void link_want(struct link *link, bool write);

/* Writes all bytes. Disconnects a client that does not read for two seconds. */
void link_write(struct link *link, const void *data, size_t size);

#endif
