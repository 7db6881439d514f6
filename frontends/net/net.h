/* SPDX-License-Identifier: MIT */
/*
 * The networks of a run: what is at the other end of the guest's network cards. Frames from the
 * host wait here until a card has room for them.
 */
#ifndef FRONTENDS_NET_NET_H
#define FRONTENDS_NET_NET_H

#include <stdio.h>

#include "bus/base.h"

struct board;
struct board_error;
struct net_forward;
struct net_options;
struct net_set;
struct pollset;

/* 0 with *set, or -errno with *error. No network at all is a set, too. */
int net_open(struct net_set **set, struct board *board, const struct net_options *options,
	     struct board_error *error);
void net_close(struct net_set *set);

/* Look at the host's sockets: take what came in, send on what could not be sent. */
void net_look(struct net_set *set);

/* Give the guest what its cards can take, between two slices. */
void net_feed(struct net_set *set);

/* Add what is to be waited for while the guest idles. */
void net_wait(struct net_set *set, struct pollset *poll);

/* For people: cards, networks, what has passed; false from net_link: there is no such card. */
void net_info(struct net_set *set, FILE *out);
bool net_link(struct net_set *set, const char *id, bool link);

/*
 * Lead a port of the host to the guest, or no longer, on the -netdev user with that id (NULL: the
 * first). 0, -ENODEV: no such network, or -errno.
 */
int net_forward_port(struct net_set *set, const char *id, const struct net_forward *forward,
		     bool add);

#endif
