/* SPDX-License-Identifier: MIT */
/*
 * Implements a hub inside the process: a frame that arrives at one of its ports is sent to all
 * others. The hub consists only of the ports that have its number.
 */
#include "frontends/net/port.h"

static u64 hub_of(const struct net_port *port)
{
	return ((const struct net_hubport *)port->options->settings)->hub;
}

static void send_hubport(struct net_port *port, const u8 *frame, size_t size)
{
	for (unsigned n = 0; n < port->port_count; n++) {
		struct net_port *other = &port->ports[n];

		if (other != port && other->kind == &net_hubport && hub_of(other) == hub_of(port))
			net_port_receive(other, frame, size);
	}
}

static void info_hubport(struct net_port *port, FILE *out)
{
	const struct net_hubport *options = port->options->settings;

	fprintf(out, ", hub %llu%s%s\n", options->hub, options->netdev ? ", netdev " : "",
		options->netdev ? options->netdev : "");
}

const struct net_kind net_hubport = {
	.send = send_hubport,
	.info = info_hubport,
};
