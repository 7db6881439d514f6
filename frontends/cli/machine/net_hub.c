/* SPDX-License-Identifier: MIT */
/*
 * Parses -net, the older syntax, with which all cards (-net nic) and networks are connected to hub
 * 0. It is translated to -netdev hubport and to what -netdev and -nic make.
 */
#include "frontends/cli/machine/net.h"

#include <stdio.h>
#include <string.h>

#include "frontends/cli/table.h"

struct net_nic {
	const char *model, *name, *netdev;
	u8 mac[KEY_MAC_SIZE];
	const char *ignored;
	u64 vectors;
};

static const struct key nic_keys[] = {
	{ .name = "model", .kind = KEY_TEXT, .offset = offsetof(struct net_nic, model),
	  .accepted = "DEVICE" },
	{ .name = "macaddr", .kind = KEY_MAC, .offset = offsetof(struct net_nic, mac),
	  .accepted = "ADDRESS" },
	{ .name = "netdev", .kind = KEY_TEXT, .offset = offsetof(struct net_nic, netdev),
	  .accepted = "ID" },
	{ .name = "name", .kind = KEY_TEXT, .offset = offsetof(struct net_nic, name),
	  .accepted = "NAME" },
	{ .name = "addr", .kind = KEY_TEXT, .offset = offsetof(struct net_nic, ignored),
	  .accepted = "ADDRESS" },
	{ .name = "vectors", .kind = KEY_NUMBER, .offset = offsetof(struct net_nic, vectors),
	  .accepted = "N" },
};

/* Adds a port to hub 0. It leads to the network of that id or, if `netdev` is NULL, to a card.
 * Returns the port's own id. */
static const char *add_port(struct parser *parser, const char *netdev)
{
	char id[16], text[96];
	int size = snprintf(id, sizeof(id), "hub0port%u", parser->options->net.netdev_count);

	snprintf(text, sizeof(text), "hubport,id=%s,hubid=0%s%s", id, netdev ? ",netdev=" : "",
		 netdev ? netdev : "");
	return apply_netdev(parser, NULL,
			    strings_add(&parser->options->strings, text, strlen(text))) ?
		       NULL :
		       strings_add(&parser->options->strings, id, (size_t)size);
}

/* Adds a card; `list` is what follows the word nic, or NULL. */
static int add_nic(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-net nic", nic_keys, ARRAY_SIZE(nic_keys), NULL };
	struct net_nic nic = { .model = "virtio-net-device" };
	int failed =
		list ? keyval_parse(&keyval, list, &nic, &parser->options->strings, parser->error) :
		       0;
	const char *netdev = failed ? NULL : nic.netdev ? nic.netdev : add_port(parser, NULL);

	return netdev ? add_net(parser, nic.model, netdev, nic.mac) : -1;
}

/* Adds a network that is connected to the hub; it cannot be a hub itself. */
static int add_network(struct parser *parser, const char *value)
{
	size_t word = strcspn(value, ",");
	char id[16], *text;
	size_t size = strlen(value) + sizeof(id) + 8;

	snprintf(id, sizeof(id), "hub0net%u", parser->options->net.netdev_count);
	text = strings_room(&parser->options->strings, size);
	snprintf(text, size, "%.*s,id=%s%s", (int)word, value, id, value + word);
	if (!strncmp(value, "hubport", word))
		return keyval_fail(parser->error, "-net: a hubport is for -netdev");
	return apply_netdev(parser, NULL, text) || !add_port(parser, id) ? -1 : 0;
}

int apply_net(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	parser->net_given = true;
	value = net_type(value);
	if (!strcmp(value, "none"))
		return 0;
	if (!strcmp(value, "nic"))
		return add_nic(parser, NULL);
	return strncmp(value, "nic,", 4) ? add_network(parser, value) : add_nic(parser, value + 4);
}
