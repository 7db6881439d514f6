/* SPDX-License-Identifier: MIT */
/*
 * A listening socket. A peer that cannot be accepted because the process has no descriptor left is
 * disconnected: otherwise it would stay pending for ever, and the caller's loop would spin.
 */
#ifndef FRONTENDS_NET_LISTEN_H
#define FRONTENDS_NET_LISTEN_H

#include "frontends/net/socket.h"

struct net_listener {
	const struct net_address *address; /* borrowed */
	int fd; /* -1: none */
	int spare; /* closed for as long as it takes to disconnect such a peer */
};

#define NET_LISTENER_NONE (struct net_listener){ .fd = -1, .spare = -1 }

/* Returns 0, or -errno with nothing open. */
int net_listener_open(struct net_listener *listener, const struct net_address *address);

/* Closes the socket and removes its name; does nothing if it is not open. */
void net_listener_close(struct net_listener *listener);

/* Returns a descriptor that does not block, or -errno if no peer is pending. */
int net_listener_accept(struct net_listener *listener);

/* Lets address->port be the port at which the listener waits, as text in `number`. */
void net_listener_port(const struct net_listener *listener, struct net_address *address,
		       char number[8]);

#endif
