/* SPDX-License-Identifier: MIT */
/*
 * Implements guestfwd= of -netdev user: connections that the guest makes to certain addresses of
 * the network are forwarded to programs and chardevs. It needs libslirp.
 */
#ifndef FRONTENDS_NET_GUESTFWD_H
#define FRONTENDS_NET_GUESTFWD_H

#include "frontends/net/port.h"

struct Slirp; /* libslirp's instance of a network */
struct net_guestfwd;

/*
 * Opens all forwards that the port's options name. Returns 0 with *made, which is NULL if there are
 * none, or -errno with *error.
 */
int net_guestfwd_open(struct net_guestfwd **made, struct net_port *port, struct Slirp *slirp,
		      struct board_error *error);
/* Returns whether output of a chardev was lost. */
bool net_guestfwd_close(struct net_guestfwd *all);

/* Returns whether a frame of the guest must be dropped, because it has data for a chardev that is
 * busy. The guest's TCP then sends it again later. */
bool net_guestfwd_refuses(const struct net_guestfwd *all, const u8 *frame, size_t size);

/* These do what the functions of the same names do in struct net_kind. */
bool net_guestfwd_awaits(struct net_guestfwd *all, struct pollset *set);
void net_guestfwd_fill_pollset(struct net_guestfwd *all, struct pollset *set);
void net_guestfwd_poll(struct net_guestfwd *all, struct pollset *set);

#endif
