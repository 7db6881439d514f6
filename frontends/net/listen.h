/* SPDX-License-Identifier: MIT */
/*
 * A listening socket. If a peer cannot be accepted because the process has no free descriptor, it
 * is disconnected: otherwise it would stay pending for ever, and the caller would poll without a
 * pause.
 */
#ifndef FRONTENDS_NET_LISTEN_H
#define FRONTENDS_NET_LISTEN_H

#include "frontends/net/socket.h"

struct net_listener {
	const struct net_address *address; /* borrowed */
	int fd; /* -1: none */
	/* A reserved descriptor, closed for a moment to accept and disconnect such a peer. */
	int spare;
};

#define NET_LISTENER_NONE (struct net_listener){ .fd = -1, .spare = -1 }

/* Opens the socket. Returns 0, or -errno with nothing open. */
int net_listener_open(struct net_listener *listener, const struct net_address *address);

/* Closes the socket and removes the file of a Unix socket. Does nothing if it is not open. */
void net_listener_close(struct net_listener *listener);

/* Accepts a peer. Returns a non-blocking descriptor, or -errno if no peer is pending. */
int net_listener_accept(struct net_listener *listener);

/* Sets address->port to the port on which the listener listens, as text in `number`. */
void net_listener_port(const struct net_listener *listener, struct net_address *address,
		       char number[8]);

#endif
