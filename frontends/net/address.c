/* SPDX-License-Identifier: MIT */
/* Parses and prints addresses of sockets, as people write them. See net/address.h. */
#include "frontends/net/address.h"

#include <arpa/inet.h>
#include <string.h>

#define TCP "tcp:"
#define UNIX "unix:"

/* Returns whether the text is a port: a number, or the name of a service. */
static bool is_port(const char *text)
{
	u64 number;

	return keyval_number(text, &number) ? number <= UINT16_MAX :
					      *text && !strchr("+-0123456789", *text);
}

bool net_address_host(struct strings *strings, const char *text, struct net_address *address)
{
	const char *colon = strrchr(text, ':');
	size_t length;

	if (!colon || !is_port(colon + 1))
		return false;
	length = (size_t)(colon - text);
	if (length > 2 && *text == '[' && colon[-1] == ']') {
		text++;
		length -= 2;
	}
	*address = (struct net_address){
		.type = NET_ADDRESS_INET,
		.host = length ? strings_add(strings, text, length) : "127.0.0.1",
		.port = strings_add(strings, colon + 1, strlen(colon + 1)),
	};
	return true;
}

bool net_address_is(const char *text)
{
	return !strncmp(text, TCP, strlen(TCP)) || !strncmp(text, UNIX, strlen(UNIX));
}

bool net_address_parse(struct strings *strings, const char *text, struct net_address *address)
{
	if (!strncmp(text, TCP, strlen(TCP)))
		return net_address_host(strings, text + strlen(TCP), address);
	if (strncmp(text, UNIX, strlen(UNIX)) || !text[strlen(UNIX)])
		return false;
	text += strlen(UNIX);
	*address = (struct net_address){ .type = NET_ADDRESS_UNIX,
					 .path = strings_add(strings, text, strlen(text)) };
	return true;
}

bool net_address_is_group(const struct net_address *address)
{
	struct in_addr host;

	return address->type == NET_ADDRESS_INET && address->host &&
	       inet_pton(AF_INET, address->host, &host) == 1 && IN_MULTICAST(ntohl(host.s_addr));
}
