/* SPDX-License-Identifier: MIT */
/* Where programs that talk to Baya connect: -gdb, -qmp and -monitor. Strings are borrowed. */
#ifndef FRONTENDS_NET_LINK_PLACE_H
#define FRONTENDS_NET_LINK_PLACE_H

#include "frontends/net/options.h"

#define LINK_PLACES_MAX 4 /* of each kind */

enum link_kind { LINK_NONE, LINK_STDIO, LINK_SOCKET };

struct link_place {
	enum link_kind kind;
	const char *option, *text; /* as written, for errors */
	const char *label; /* by which QEMU knows it as a chardev */
	bool chardev; /* the text is the id of a chardev */
	struct net_address address; /* LINK_SOCKET, as are the following */
	bool connects; /* Baya connects to a listening program; else Baya listens */
	bool waits; /* the machine does not run before the first client has connected */
	bool telnet; /* the telnet protocol is used */
	bool pretty; /* QMP: JSON is indented, for people */
	u64 reconnect; /* seconds until Baya connects again; 0: it does not */
};

#endif
