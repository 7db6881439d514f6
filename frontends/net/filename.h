/* SPDX-License-Identifier: MIT */
/* Names the socket of a chardev, a network, or a client that controls the machine, for users. */
#ifndef FRONTENDS_NET_FILENAME_H
#define FRONTENDS_NET_FILENAME_H

#include <stdio.h>

#include "frontends/net/listen.h"

struct net_end {
	const struct net_address *address;
	/* It contains the port that the host has chosen, if it is open. */
	const struct net_listener *listener;
	bool server, telnet, connected;
};

/* Writes its name as QEMU does: unix:PATH,server=on for example. */
void net_end_filename(const struct net_end *end, FILE *out);

/* Writes for people, after a blank, where it listens or what it is connected to. */
void net_end_info(const struct net_end *end, FILE *out);

#endif
