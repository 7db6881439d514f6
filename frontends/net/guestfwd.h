/* SPDX-License-Identifier: MIT */
/* guestfwd= of -netdev user: where addresses of the network lead. Needs libslirp. */
#ifndef FRONTENDS_NET_GUESTFWD_H
#define FRONTENDS_NET_GUESTFWD_H

#include "frontends/net/port.h"

struct Slirp; /* of libslirp */
struct net_guestfwd;

/* All that its options say; 0 with *made, which may be NULL, or -errno with *error. */
int net_guestfwd_open(struct net_guestfwd **made, struct net_port *port, struct Slirp *slirp,
		      struct board_error *error);
void net_guestfwd_close(struct net_guestfwd *all);

/* As a network's kind has them. */
void net_guestfwd_wait(struct net_guestfwd *all, struct pollset *set);
void net_guestfwd_look(struct net_guestfwd *all, struct pollset *set);

#endif
