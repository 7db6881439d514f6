/* SPDX-License-Identifier: MIT */
/* See cli/place.h. */
#include "frontends/cli/place.h"

#include <errno.h>
#include <string.h>

#include "frontends/cli/table.h"
#include "frontends/net/address.h"

#define TELNET "telnet:"

bool place_is_socket(const char *text)
{
	return net_address_is(text) || !strncmp(text, TELNET, strlen(TELNET));
}

/* Parses a place: an address, or telnet: and [HOST]:PORT. */
static bool find_place(struct strings *strings, const char *text, struct place *place)
{
	place->telnet = !strncmp(text, TELNET, strlen(TELNET));
	return place->telnet ? net_address_host(strings, text + strlen(TELNET), &place->address) :
			       net_address_parse(strings, text, &place->address);
}

int parse_place(struct parser *parser, const struct keyval *keyval, const char *value,
		struct place *place)
{
	struct strings *strings = &parser->options->strings;
	const char *rest = value, *first = keyval_first(strings, &rest);

	*place = PLACE_DEFAULT;
	place->stdio = !strcmp(first, "stdio");
	if (!place->stdio && !find_place(strings, first, place))
		return keyval_fail(parser->error,
				   "%s: '%.200s' is not accepted; accepted: "
				   "tcp:[HOST]:PORT, unix:PATH, stdio",
				   keyval->option, value);
	if (place->stdio && rest)
		return keyval_fail(parser->error, "%s: '%.200s': stdio has no properties",
				   keyval->option, value);
	if (rest && keyval_parse(keyval, rest, place, strings, parser->error))
		return -EINVAL;
	place->address.abstract = place->abstract;
	return check_place(parser, keyval->option, place);
}

int check_place(struct parser *parser, const char *what, const struct place *place)
{
	if (place->server && place->reconnect)
		return keyval_fail(parser->error, "%s: reconnect= is for the side that connects",
				   what);
	if (place->abstract && place->address.type != NET_ADDRESS_UNIX)
		return keyval_fail(parser->error, "%s: abstract= is for a Unix socket", what);
	return 0;
}
