/* SPDX-License-Identifier: MIT */
/*
 * The places where programs connect that control Baya: those of -gdb, -qmp and -monitor. Strings
 * are borrowed.
 */
#ifndef FRONTENDS_NET_LINK_PLACE_H
#define FRONTENDS_NET_LINK_PLACE_H

#include "frontends/net/options.h"

#define LINK_PLACES_MAX 4 /* the most places of each of these options */

enum link_kind { LINK_NONE, LINK_STDIO, LINK_SOCKET };

struct link_place {
	enum link_kind kind;
	const char *option, *text; /* as the user has written it, for errors */
	const char *label; /* the name that QEMU gives to it as a chardev */
	bool chardev; /* the text is the id of a chardev */
	struct net_address address; /* LINK_SOCKET, as are the following */
	bool connects; /* Baya connects to a server; otherwise it listens */
	bool waits; /* the machine does not start before the first client has connected */
	bool telnet; /* the peer speaks the telnet protocol */
	bool pretty; /* QMP: JSON is indented, for people */
	u64 reconnect; /* seconds until Baya tries to connect again; 0: it does not */
};

#endif
