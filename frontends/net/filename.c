/* SPDX-License-Identifier: MIT */
/* See net/filename.h. */
#include "frontends/net/filename.h"

#define TEXT_MAX 128

static const char *address_text(const struct net_end *end, char text[TEXT_MAX])
{
	struct net_address address = *end->address;
	char number[8];

	if (end->listener->fd >= 0)
		net_listener_port(end->listener, &address, number);
	return net_address_text(&address, text, TEXT_MAX);
}

void net_end_filename(const struct net_end *end, FILE *out)
{
	unsigned type = end->address->type;
	char text[TEXT_MAX];

	fprintf(out, "%s%s%s%s", end->connected ? "" : "disconnected:",
		type == NET_ADDRESS_UNIX ? "unix:" :
		type == NET_ADDRESS_FD   ? "" :
		end->telnet              ? "telnet:" :
					   "tcp:",
		address_text(end, text), end->server ? ",server=on" : "");
}

void net_end_info(const struct net_end *end, FILE *out)
{
	char text[TEXT_MAX];

	fprintf(out, " %s %s", end->server ? "at" : "to", address_text(end, text));
}
