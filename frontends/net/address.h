/* SPDX-License-Identifier: MIT */
/* Parses addresses of sockets, as users give them on the command line and in the monitor. */
#ifndef FRONTENDS_NET_ADDRESS_H
#define FRONTENDS_NET_ADDRESS_H

#include "frontends/net/options.h"

/*
 * Parses [HOST]:PORT; HOST may be an IPv6 address in brackets. Without HOST it is the loopback
 * address, because only the user of this host should reach the guest. Returns false if the text is
 * not valid.
 */
bool net_address_host(struct strings *strings, const char *text, struct net_address *address);

/* Returns whether the text begins with tcp: or unix:, whether or not it is valid. */
bool net_address_is(const char *text);

/* Parses tcp:[HOST]:PORT or unix:PATH. Returns false if the text is neither. */
bool net_address_parse(struct strings *strings, const char *text, struct net_address *address);

/* Returns whether the address is that of an IPv4 multicast group. */
bool net_address_is_group(const struct net_address *address);

#endif
