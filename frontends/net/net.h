/* SPDX-License-Identifier: MIT */
/*
 * The networks of a run, to which the guest's network cards are connected. Frames from the host
 * wait here until a card has room for them.
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
struct rtc_config;

/* Opens all networks; `rtc` dates captured frames. Returns 0 with *set, or -errno with *error.
 * Without any network there is a set, too. */
int net_open(struct net_set **set, struct board *board, const struct net_options *options,
	     const struct rtc_config *rtc, struct board_error *error);
void net_close(struct net_set *set);

/* Handles the host's sockets: reads what has arrived, and writes what could not be written
 * before. */
void net_look(struct net_set *set);

/* Gives the guest as much as its cards can take, between two slices. */
void net_feed(struct net_set *set);

/* Adds to `poll` what to wait for while the guest idles. */
void net_wait(struct net_set *set, struct pollset *poll);

/* Prints for people the cards, the networks and how much they transferred. */
void net_info(struct net_set *set, FILE *out);
/* Sets a card's link up or down; false: there is no such card. */
bool net_link(struct net_set *set, const char *id, bool link);

/*
 * Forwards a port of the host to the guest, or no longer, on the -netdev user with that id (NULL:
 * the first). Returns 0, -ENODEV if there is no such network, or another -errno.
 */
int net_forward_port(struct net_set *set, const char *id, const struct net_forward *forward,
		     bool add);

#endif
