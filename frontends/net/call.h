/* SPDX-License-Identifier: MIT */
/*
 * Makes a connection while the machine runs: it is started, checked, given up after ten seconds,
 * and tried again if that was asked for. The name is looked up once, at the beginning.
 */
#ifndef FRONTENDS_NET_CALL_H
#define FRONTENDS_NET_CALL_H

#include "frontends/net/socket.h"

struct pollset;

struct net_call {
	/* The name's addresses, which are tried in turn. */
	struct net_sockaddr found[NET_FOUND_MAX];
	unsigned count, next;
	int fd; /* the connection that is being made; -1: none is */
	u64 when, limit; /* host's ns: when to check, when to give up; UINT64_MAX: never */
	u64 pause; /* ns until the next attempt; 0: there is only one */
};

/* No connection is being made; all functions but net_call_begin accept this. */
#define NET_CALL_NONE (struct net_call){ .fd = -1, .when = UINT64_MAX }

/* Looks the name up and starts to connect; `reconnect` in seconds, 0: only once. Returns 0 or
 * -errno. */
int net_call_begin(struct net_call *call, const struct net_address *address, u64 reconnect);

/* The connection was lost: starts again after the pause, if there is one. */
void net_call_again(struct net_call *call);
void net_call_end(struct net_call *call);

/*
 * Returns the descriptor, which then belongs to the caller; -EAGAIN: not yet; another -errno: the
 * connection has failed for good.
 */
int net_call_look(struct net_call *call);

/* Returns the host's ns at which to check again even if nothing happens; UINT64_MAX: never. */
u64 net_call_due(const struct net_call *call);

/* Adds to the set what to wait for. */
void net_call_wait(const struct net_call *call, struct pollset *set);

/*
 * Waits until the connection is made, before the machine runs; one that came with fd= is there.
 * Returns a descriptor or -errno.
 */
int net_connect_wait(const struct net_address *address);

#endif
