/* SPDX-License-Identifier: MIT */
/*
 * Parses where a socket is, in the syntax that -serial, -gdb, -qmp and -chardev share with QEMU:
 * tcp:[HOST]:PORT, telnet:[HOST]:PORT or unix:PATH, followed by server, wait=off or nowait,
 * nodelay, abstract, reconnect=SECONDS and telnet. Each option decides by itself what server and
 * wait mean.
 */
#ifndef FRONTENDS_CLI_PLACE_H
#define FRONTENDS_CLI_PLACE_H

#include "frontends/net/options.h"

struct parser;

struct place {
	bool stdio; /* standard input and output, and not a socket */
	struct net_address address;
	bool server, wait, nowait, nodelay, abstract;
	bool telnet; /* the telnet protocol is used */
	u64 reconnect; /* seconds; 0: never */
};

/* By default a server waits. */
#define PLACE_DEFAULT (struct place){ .wait = true }

/* `at` is the name of the struct place in `type` with a dot, or nothing. */
#define PLACE_KEYS(type, at)                                                                       \
	{ .name = "server", .kind = KEY_SWITCH, .offset = offsetof(type, at server),               \
	  .accepted = "on|off" },                                                                  \
	{ .name = "wait", .kind = KEY_SWITCH, .offset = offsetof(type, at wait),                   \
	  .accepted = "on|off" },                                                                  \
	{ .name = "nowait", .kind = KEY_SWITCH, .offset = offsetof(type, at nowait),               \
	  .accepted = "on|off" },                                                                  \
	{ .name = "nodelay", .kind = KEY_SWITCH, .offset = offsetof(type, at nodelay),             \
	  .accepted = "on|off" },                                                                  \
	{ .name = "abstract", .kind = KEY_SWITCH, .offset = offsetof(type, at abstract),           \
	  .accepted = "on|off" }
/* -gdb does not have these: Baya never connects to a debugger, and debuggers do not use telnet. */
#define PLACE_PEER_KEYS(type, at)                                                                  \
	{ .name = "reconnect", .kind = KEY_NUMBER, .offset = offsetof(type, at reconnect),         \
	  .accepted = "SECONDS", .max = 3600 },                                                    \
	{ .name = "telnet", .kind = KEY_SWITCH, .offset = offsetof(type, at telnet),               \
	  .accepted = "on|off" }
#define PLACE_PEER_KEY_COUNT 2

/* Returns whether the text begins as a socket's place does. */
bool place_is_socket(const char *text);

/*
 * Parses a place, or stdio, and the list behind it, whose keys `keyval` names. Returns 0 or
 * -EINVAL.
 */
int parse_place(struct parser *parser, const struct keyval *keyval, const char *value,
		struct place *place);

/* Refuses words that contradict each other. */
int check_place(struct parser *parser, const char *what, const struct place *place);

#endif
