/* SPDX-License-Identifier: MIT */
/*
 * Where a socket is, in the words that -serial, -gdb, -qmp and -chardev have in common with QEMU's:
 * tcp:[HOST]:PORT, telnet:[HOST]:PORT or unix:PATH, and behind it server, wait=off or nowait,
 * nodelay, abstract, reconnect=SECONDS and telnet. What an option makes of server and wait is its
 * own matter.
 */
#ifndef FRONTENDS_CLI_PLACE_H
#define FRONTENDS_CLI_PLACE_H

#include "frontends/net/options.h"

struct parser;

struct place {
	bool stdio; /* there, and not a socket */
	struct net_address address;
	bool server, wait, nowait, nodelay, abstract;
	bool telnet; /* is spoken there */
	u64 reconnect; /* seconds; 0: never */
};

/* Until it is said otherwise, a server waits. */
#define PLACE_DEFAULT (struct place){ .wait = true }

/* `at` is where the struct place is in `type`, with a dot, or nothing. */
#define PLACE_KEYS(type, at)                                                                       \
	{ "server", KEY_SWITCH, offsetof(type, at server), "on|off", 0, 0 },                        \
	{ "wait", KEY_SWITCH, offsetof(type, at wait), "on|off", 0, 0 },                            \
	{ "nowait", KEY_SWITCH, offsetof(type, at nowait), "on|off", 0, 0 },                        \
	{ "nodelay", KEY_SWITCH, offsetof(type, at nodelay), "on|off", 0, 0 },                      \
	{ "abstract", KEY_SWITCH, offsetof(type, at abstract), "on|off", 0, 0 }
/* Not for debuggers, which nobody calls, and which speak no telnet. */
#define PLACE_PEER_KEYS(type, at)                                                                  \
	{ "reconnect", KEY_NUMBER, offsetof(type, at reconnect), "SECONDS", 0, 3600 },              \
	{ "telnet", KEY_SWITCH, offsetof(type, at telnet), "on|off", 0, 0 }
#define PLACE_PEER_KEY_COUNT 2

/* Begins as the place of a socket does. */
bool place_is_socket(const char *text);

/*
 * [HOST]:PORT, HOST being an IPv6 address in brackets perhaps. Without one it is this host alone:
 * a guest is its user's. False: this is none.
 */
bool place_host(struct strings *strings, const char *text, struct net_address *address);

/* tcp:[HOST]:PORT or unix:PATH; false: neither. */
bool place_address(struct strings *strings, const char *text, struct net_address *address);

/* A place, or stdio, and the words behind it, which keyval names. 0 or -EINVAL. */
int parse_place(struct parser *parser, const struct keyval *keyval, const char *value,
		struct place *place);

/* What does not go together. */
int check_place(struct parser *parser, const char *what, const struct place *place);

#endif
