/* SPDX-License-Identifier: MIT */
/* -gdb, -qmp and -s: where programs come that talk to Baya. */
#include "frontends/options_links.h"

#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "frontends/options_table.h"

#define TCP "tcp:"
#define UNIX "unix:"
#define PLACES "tcp:[HOST]:PORT, unix:PATH, stdio"

struct place_list {
	const char *place;
	bool server, wait, nowait;
};

static const struct key place_keys[] = {
	{ "place", KEY_TEXT, offsetof(struct place_list, place), PLACES, 0, 0 },
	{ "server", KEY_SWITCH, offsetof(struct place_list, server), "on|off", 0, 0 },
	{ "wait", KEY_SWITCH, offsetof(struct place_list, wait), "on|off", 0, 0 },
	{ "nowait", KEY_SWITCH, offsetof(struct place_list, nowait), "on|off", 0, 0 },
};

/* [HOST]:PORT; the host may be an IPv6 address in brackets. */
static bool split_tcp(struct strings *strings, const char *text, struct net_address *address)
{
	const char *colon = strrchr(text, ':');
	size_t length;

	if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strtoul(colon + 1, NULL, 10) > UINT16_MAX)
		return false;
	length = (size_t)(colon - text);
	if (length > 1 && *text == '[' && colon[-1] == ']') {
		text++;
		length -= 2;
	}
	/* The guest is the user's: nobody else's, unless an address of the host is named. */
	address->host = length ? strings_add(strings, text, length) : "127.0.0.1";
	address->port = colon + 1;
	return true;
}

bool parse_place(struct strings *strings, const char *text, struct link_place *place)
{
	struct sockaddr_un address;

	place->kind = strcmp(text, "stdio") ? LINK_SOCKET : LINK_STDIO;
	if (place->kind == LINK_STDIO)
		return true;
	if (!strncmp(text, TCP, strlen(TCP)))
		return split_tcp(strings, text + strlen(TCP), &place->address);
	if (strncmp(text, UNIX, strlen(UNIX)))
		return false;
	place->address.type = NET_ADDRESS_UNIX;
	place->address.path = text + strlen(UNIX);
	return *place->address.path && strlen(place->address.path) < sizeof(address.sun_path);
}

static int apply_place(struct parser *parser, const struct option *option, const char *value,
		       struct link_place *place)
{
	const char *what = option->group == GROUP_DEBUG ? "-gdb" : "-qmp";
	const struct keyval keyval = { what, place_keys, ARRAY_SIZE(place_keys), "place" };
	struct place_list list = { .wait = true };
	struct strings *strings = &parser->options->strings;
	int failed = keyval_parse(&keyval, value, &list, strings, parser->error);

	if (failed)
		return failed;
	*place = (struct link_place){ .option = what, .text = value };
	if (!list.place || !parse_place(strings, list.place, place))
		return keyval_fail(parser->error, "%s: '%.200s' is not accepted; accepted: "
				   PLACES, what, value);
	place->connects = !list.server;
	place->waits = list.server && list.wait && !list.nowait;
	return 0;
}

/* A debugger is the one that comes, whenever it does. */
int apply_gdb(struct parser *parser, const struct option *option, const char *value)
{
	struct link_place *place = &parser->options->gdb;
	int failed = apply_place(parser, option, value, place);

	place->connects = place->waits = false;
	return failed;
}

int add_qmp(struct parser *parser, const struct link_place *place)
{
	struct options *options = parser->options;

	if (options->qmp_count == LINK_PLACES_MAX)
		return keyval_fail(parser->error, "-qmp: more than %d", LINK_PLACES_MAX);
	options->qmps[options->qmp_count++] = *place;
	return 0;
}

int apply_qmp(struct parser *parser, const struct option *option, const char *value)
{
	struct link_place place;
	int failed = apply_place(parser, option, value, &place);

	return failed ? failed : add_qmp(parser, &place);
}

int finish_links(struct parser *parser, const char **on_stdio)
{
	struct options *options = parser->options;
	const struct link_place fallback = {
		.kind = LINK_SOCKET, .option = "-gdb", .text = "tcp::1234",
		.address = { .host = "127.0.0.1", .port = "1234" },
	};

	if (options->gdb_default && options->gdb.kind == LINK_NONE)
		options->gdb = fallback;
	*on_stdio = options->gdb.kind == LINK_STDIO ? "-gdb" : NULL;
	for (unsigned n = 0; n < options->qmp_count; n++) {
		if (options->qmps[n].kind != LINK_STDIO)
			continue;
		if (*on_stdio)
			return keyval_fail(parser->error, "%s and %s: one of them can have "
					   "standard input and output", *on_stdio,
					   options->qmps[n].option);
		*on_stdio = options->qmps[n].option;
	}
	return 0;
}
