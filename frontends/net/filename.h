/* SPDX-License-Identifier: MIT */
/* How the socket of a chardev, or of a client that controls the machine, is named for users. */
#ifndef FRONTENDS_NET_FILENAME_H
#define FRONTENDS_NET_FILENAME_H

#include <stdio.h>

#include "frontends/net/listen.h"

struct net_end {
	const struct net_address *address;
	const struct net_listener *listener; /* knows the port that the host chose, if it is open */
	bool server, telnet, connected;
};

/* Writes its name in QEMU's words, as in unix:PATH,server=on. */
void net_end_filename(const struct net_end *end, FILE *out);

/* Writes for people where it leads, behind a blank. */
void net_end_info(const struct net_end *end, FILE *out);

#endif
