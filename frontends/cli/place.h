/* SPDX-License-Identifier: MIT */
/*
 * Parses the place of a socket, in the syntax that -serial, -gdb, -qmp and -chardev share with
 * QEMU: tcp:[HOST]:PORT, telnet:[HOST]:PORT or unix:PATH, followed by items such as server,
 * wait=off or nowait, nodelay, abstract, reconnect=SECONDS and telnet. Each option has its own
 * meaning of server and wait.
 */
#ifndef FRONTENDS_CLI_PLACE_H
#define FRONTENDS_CLI_PLACE_H

#include "frontends/net/options.h"

struct parser;

struct place {
	bool stdio; /* the place is standard input and output, not a socket */
	struct net_address address;
	bool server, wait, nowait, nodelay, abstract;
	bool telnet; /* the peer speaks the telnet protocol */
	u64 reconnect; /* seconds until the next attempt to connect; 0: there is none */
};

/* The values before anything is parsed: by default a server waits for its first client. */
#define PLACE_DEFAULT (struct place){ .wait = true }

/*
 * The rows of a key table that fill a struct place. `at` is the name of that struct's field in
 * `type`, followed by a dot; empty if `type` is struct place itself.
 */
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
/*
 * Further rows, which -gdb does not have: Baya never connects to a debugger, and debuggers do not
 * use telnet.
 */
#define PLACE_PEER_KEYS(type, at)                                                                  \
	{ .name = "reconnect", .kind = KEY_NUMBER, .offset = offsetof(type, at reconnect),         \
	  .accepted = "SECONDS", .max = 3600 },                                                    \
	{ .name = "telnet", .kind = KEY_SWITCH, .offset = offsetof(type, at telnet),               \
	  .accepted = "on|off" }
#define PLACE_PEER_KEY_COUNT 2

/* Returns whether the text begins with tcp:, telnet: or unix:. */
bool place_is_socket(const char *text);

/*
 * Parses a place or "stdio", and the list that follows it, with the keys of `keyval`. Returns 0 or
 * -EINVAL.
 */
int parse_place(struct parser *parser, const struct keyval *keyval, const char *value,
		struct place *place);

/* Refuses items that contradict each other. Returns 0 or -EINVAL. */
int check_place(struct parser *parser, const char *what, const struct place *place);

#endif
