/* SPDX-License-Identifier: MIT */
/* Addresses of sockets, as people write them on the command line and at the monitor. */
#ifndef FRONTENDS_NET_ADDRESS_H
#define FRONTENDS_NET_ADDRESS_H

#include "frontends/net/options.h"

/*
 * Parses [HOST]:PORT; HOST may be an IPv6 address in brackets. Without a host it is this host
 * alone, because the guest should only be reached by its user. False: the text is not valid.
 */
bool net_address_host(struct strings *strings, const char *text, struct net_address *address);

/* Returns whether the text begins as an address does, by tcp: or unix:, be it valid or not. */
bool net_address_is(const char *text);

/* Parses tcp:[HOST]:PORT or unix:PATH; false: it is neither. */
bool net_address_parse(struct strings *strings, const char *text, struct net_address *address);

#endif
