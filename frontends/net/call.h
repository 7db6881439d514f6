/* SPDX-License-Identifier: MIT */
/*
 * A connection that is being made, while the machine runs: begun, looked at, given up after ten
 * seconds, and tried again if that was asked for. A name is looked up once, before.
 */
#ifndef FRONTENDS_NET_CALL_H
#define FRONTENDS_NET_CALL_H

#include "frontends/net/socket.h"

struct pollset;

struct net_call {
	struct net_sockaddr found[NET_FOUND_MAX]; /* of the name; tried in turn */
	unsigned count, next;
	int fd; /* of the connection that is under way; -1: none is */
	u64 when, limit; /* host's ns: to be looked at from, to be given up; UINT64_MAX: never */
	u64 pause; /* ns until the next attempt; 0: there is one only */
};

/* Nothing is called; all else may be asked of it. */
#define NET_CALL_NONE (struct net_call){ .fd = -1, .when = UINT64_MAX }

/* Look the name up and begin; `reconnect` in seconds, 0: do not try again. 0 or -errno. */
int net_call_begin(struct net_call *call, const struct net_address *address, u64 reconnect);

/* What was made is lost: begin again after the pause, if there is one. */
void net_call_again(struct net_call *call);
void net_call_end(struct net_call *call);

/*
 * The descriptor, which is the caller's then; -EAGAIN: not yet; else -errno, why there is none
 * and will be none.
 */
int net_call_look(struct net_call *call);

/* The host's ns at which to look again, whatever happens until then; UINT64_MAX: never. */
u64 net_call_due(const struct net_call *call);

/* Add what the next look is to wait for. */
void net_call_wait(const struct net_call *call, struct pollset *set);

/* Before the machine runs: wait until the connection is there. A descriptor or -errno. */
int net_connect_wait(const struct net_address *address);

#endif
