/* SPDX-License-Identifier: MIT */
/*
 * guestfwd= of -netdev user: forwards addresses of the network to programs and chardevs. It needs
 * libslirp.
 */
#ifndef FRONTENDS_NET_GUESTFWD_H
#define FRONTENDS_NET_GUESTFWD_H

#include "frontends/net/port.h"

struct Slirp; /* of libslirp */
struct net_guestfwd;

/* Opens all forwards of the options. Returns 0 with *made, which may be NULL, or -errno with
 * *error. */
int net_guestfwd_open(struct net_guestfwd **made, struct net_port *port, struct Slirp *slirp,
		      struct board_error *error);
void net_guestfwd_close(struct net_guestfwd *all);

/* These two do what the functions of the same names do in struct net_kind. */
void net_guestfwd_wait(struct net_guestfwd *all, struct pollset *set);
void net_guestfwd_look(struct net_guestfwd *all, struct pollset *set);

#endif
