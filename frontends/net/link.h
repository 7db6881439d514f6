/* SPDX-License-Identifier: MIT */
/*
 * The way to a program that talks to Baya: a socket that listens and the one client it has, a
 * connection to a server, or the process's standard input and output.
 */
#ifndef FRONTENDS_NET_LINK_H
#define FRONTENDS_NET_LINK_H

#include "frontends/host/telnet.h"
#include "frontends/net/call.h"
#include "frontends/net/link_place.h"
#include "frontends/net/listen.h"

struct board_error;

struct link {
	const struct link_place *place;
	struct net_listener listener;
	int in, out; /* of the client; -1: there is none */
	int next; /* has come as that one has gone, which is to be noticed first; -1: nobody */
	struct net_call call; /* with the place's reconnect= */
	int timer; /* for it; -1: none */
	struct telnet telnet; /* if the place has it */
	bool half; /* an IAC was sent once, and is to be twice */
	int wakes; /* epoll: something is to be read, or what was wanted can be written */
};

/* 0, or -errno with *error; the place outlives the link. A client may be there at once. */
int link_open(struct link *link, const struct link_place *place, struct board_error *error);
void link_close(struct link *link);

/*
 * A client has come, or who was called has answered. While there is one, others are told these
 * bytes and go; without any, they wait for their turn.
 */
bool link_accept(struct link *link, const void *refusal, size_t size);
bool link_connected(const struct link *link);
void link_drop(struct link *link); /* the client */

/* Bytes that came, 0 for none; -1 when the client has gone. */
long link_read(struct link *link, void *data, size_t size);

/* As many bytes as can be written without waiting; -1 when the client has gone. */
long link_put(struct link *link, const void *data, size_t size);
void link_want(struct link *link, bool write); /* wake when more can be, and not for reading */

/* All of it; the client goes that does not read for two seconds. */
void link_write(struct link *link, const void *data, size_t size);

#endif
