/* SPDX-License-Identifier: MIT */
/*
 * The host's networks, to which the guest's network cards are connected. Frames from a network are
 * queued here until the card has room for them.
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

/*
 * Opens all networks. `rtc` is needed for the dates of captured frames. Returns 0 with *set, or
 * -errno with *error; the caller closes *set in either case. There is a set even without networks.
 * net_close returns whether output to files was lost, as has been reported.
 */
int net_open(struct net_set **set, struct board *board, const struct net_options *options,
	     const struct rtc_config *rtc, struct board_error *error);
bool net_close(struct net_set *set);

/*
 * Returns whether a chardev of guestfwd= must be connected before the machine starts. Then what may
 * end that is added to `poll`.
 */
bool net_awaits(struct net_set *set, struct pollset *poll);

/*
 * Handles the events of the host's sockets: reads the data that have arrived, and writes those that
 * could not be written before.
 */
void net_poll(struct net_set *set);

/* Passes queued frames to the guest, as many as its cards have room for. Called between slices. */
void net_feed(struct net_set *set);

/* Adds to `poll` the descriptors and the time limit of a wait while the guest idles. */
void net_fill_pollset(struct net_set *set, struct pollset *poll);

/* Prints for people the cards, the networks, and how much they have transferred. */
void net_info(struct net_set *set, FILE *out);
/*
 * Sets the link of a card up or down. `id` is the card's, that of its network or, if there is
 * neither, its name. A network on a hub has no card; it is disconnected from the hub. Returns false
 * if nothing has this id.
 */
bool net_link(struct net_set *set, const char *id, bool link);

/*
 * Adds or removes the forwarding of a port of the host to the guest, by the -netdev user with this
 * id (NULL: the first). Returns 0, -ENODEV if there is no such network, or another -errno.
 */
int net_forward_port(struct net_set *set, const char *id, const struct net_forward *forward,
		     bool add);

#endif
