/* SPDX-License-Identifier: MIT */
/*
 * Connects to a server without blocking, while the machine runs: an attempt is started, checked,
 * given up after ten seconds, and repeated if `reconnect` is given. The server's name is resolved
 * only once, at the beginning.
 */
#ifndef FRONTENDS_NET_CALL_H
#define FRONTENDS_NET_CALL_H

#include "frontends/net/socket.h"

struct pollset;

struct net_call {
	/* The addresses of the server's name, which are tried one after the other. */
	struct net_sockaddr found[NET_FOUND_MAX];
	unsigned count, next;
	int fd; /* the socket of the present attempt; -1: there is none */
	/* The host's time in ns of the next check, and of giving up; UINT64_MAX: never. */
	u64 when, limit;
	u64 pause; /* ns until the next attempt; 0: there is no other */
};

/* The value while no connection is being made. All functions but net_call_begin accept it. */
#define NET_CALL_NONE (struct net_call){ .fd = -1, .when = UINT64_MAX }

/*
 * Resolves the name and starts to connect. `reconnect` is the number of seconds between attempts;
 * 0: there is only one. Returns 0 or -errno.
 */
int net_call_begin(struct net_call *call, const struct net_address *address, u64 reconnect);

/*
 * Starts again after the pause, if reconnecting was requested. Called when the connection was lost.
 */
void net_call_again(struct net_call *call);
void net_call_end(struct net_call *call);

/*
 * Checks the attempt. Returns the connected descriptor, which then belongs to the caller; -EAGAIN
 * if it is not connected yet; another -errno if it has failed and there will be no other attempt.
 */
int net_call_poll(struct net_call *call);

/*
 * Returns the host's time in ns at which net_call_poll must be called even if nothing has happened
 * on the descriptor; UINT64_MAX: never.
 */
u64 net_call_due(const struct net_call *call);

/* Adds the descriptor and the time limit to the set. */
void net_call_wait(const struct net_call *call, struct pollset *set);

/*
 * Connects, and waits until that is done; used before the machine runs. A socket that is given by
 * fd= is used as it is. Returns a descriptor or -errno.
 */
int net_connect_wait(const struct net_address *address);

#endif
