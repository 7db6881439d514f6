/* SPDX-License-Identifier: MIT */
/*
 * A socket at which peers come. One that cannot be taken in since the process has no descriptor
 * left is sent away: else it would be seen to wait for ever, and whoever looks would spin.
 */
#ifndef FRONTENDS_NET_LISTEN_H
#define FRONTENDS_NET_LISTEN_H

#include "frontends/net/socket.h"

struct net_listener {
	const struct net_address *address; /* borrowed */
	int fd; /* -1: none */
	int spare; /* given up for as long as it takes to send somebody away */
};

#define NET_LISTENER_NONE (struct net_listener){ .fd = -1, .spare = -1 }

/* 0 or -errno, and nothing is open then. */
int net_listener_open(struct net_listener *listener, const struct net_address *address);

/* And remove its name. Nothing happens if it is not open. */
void net_listener_close(struct net_listener *listener);

/* A descriptor that does not block, or -errno: there is nobody. */
int net_listener_accept(struct net_listener *listener);

#endif
