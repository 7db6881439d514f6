/* SPDX-License-Identifier: MIT */
/* Where a program comes that talks to Baya: -gdb, -qmp and -monitor. Strings are borrowed. */
#ifndef FRONTENDS_NET_LINK_PLACE_H
#define FRONTENDS_NET_LINK_PLACE_H

#include "frontends/net/options.h"

#define LINK_PLACES_MAX 4 /* of a kind */

enum link_kind { LINK_NONE, LINK_STDIO, LINK_SOCKET };

struct link_place {
	enum link_kind kind;
	const char *option, *text; /* as written, for errors */
	bool chardev; /* the text is the name of one */
	struct net_address address; /* LINK_SOCKET, and what follows */
	bool connects; /* to one that listens there; else it is Baya that listens */
	bool waits; /* for the first to come, before the machine runs */
	bool telnet; /* is spoken there */
	u64 reconnect; /* seconds until it connects anew; 0: it does so once */
};

#endif
