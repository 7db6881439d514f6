/* SPDX-License-Identifier: MIT */
/*
 * Parses -netdev, -nic and -object filter-dump, and connects cards to networks when all options are
 * read. To add a kind of network, add a row to netdev_types and the file that net.c names.
 */
#include "frontends/cli/machine/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/cli/table.h"
#include "frontends/cli/values.h"
#include "frontends/net/address.h"

/* These are in the order of enum netdev_kind. */
static const char netdev_words[] = "user|stream|dgram|hubport|tap";

#define ADDRESS_WORDS "inet|unix|fd"
#define ADDRESS(prefix, owner, member)                                                             \
	{ .name = prefix ".type", .kind = KEY_WORD, .offset = offsetof(owner, member.type),        \
	  .accepted = ADDRESS_WORDS },                                                             \
	{ .name = prefix ".host", .kind = KEY_TEXT, .offset = offsetof(owner, member.host),        \
	  .accepted = "HOST" },                                                                    \
	{ .name = prefix ".port", .kind = KEY_TEXT, .offset = offsetof(owner, member.port),        \
	  .accepted = "PORT" },                                                                    \
	{ .name = prefix ".path", .kind = KEY_TEXT, .offset = offsetof(owner, member.path),        \
	  .accepted = "FILE" },                                                                    \
	{ .name = prefix ".abstract", .kind = KEY_SWITCH, .accepted = "on|off",                    \
	  .offset = offsetof(owner, member.abstract) },                                            \
	{ .name = prefix ".str", .kind = KEY_TEXT, .offset = offsetof(owner, member.fd),           \
	  .accepted = "DESCRIPTOR" }

static const struct key stream_keys[] = {
	{ .name = "server", .kind = KEY_SWITCH, .offset = offsetof(struct net_stream, server),
	  .accepted = "on|off" },
	{ .name = "reconnect", .kind = KEY_NUMBER, .offset = offsetof(struct net_stream, reconnect),
	  .accepted = "SECONDS", .max = 3600 },
	ADDRESS("addr", struct net_stream, address),
};

static const struct key dgram_keys[] = {
	ADDRESS("local", struct net_dgram, local),
	ADDRESS("remote", struct net_dgram, remote),
};

static const struct key hubport_keys[] = {
	{ .name = "hubid", .kind = KEY_NUMBER, .offset = offsetof(struct net_hubport, hub),
	  .accepted = "N", .max = INT32_MAX },
	{ .name = "netdev", .kind = KEY_TEXT, .offset = offsetof(struct net_hubport, netdev),
	  .accepted = "ID" },
};

#define TAP_IGNORED_SWITCH(text)                                                                   \
	{ .name = text, .kind = KEY_SWITCH, .offset = offsetof(struct net_tap, offload),           \
	  .accepted = "on|off" }
#define TAP_IGNORED_NUMBER(text, type)                                                             \
	{ .name = text, .kind = type, .offset = offsetof(struct net_tap, number),                  \
	  .accepted = "N", .max = INT64_MAX }

static const struct key tap_keys[] = {
	{ .name = "ifname", .kind = KEY_TEXT, .offset = offsetof(struct net_tap, interface),
	  .accepted = "NAME" },
	{ .name = "fd", .kind = KEY_TEXT, .offset = offsetof(struct net_tap, fd),
	  .accepted = "DESCRIPTOR" },
	{ .name = "script", .kind = KEY_TEXT, .offset = offsetof(struct net_tap, script),
	  .accepted = "FILE|no" },
	{ .name = "downscript", .kind = KEY_TEXT, .offset = offsetof(struct net_tap, downscript),
	  .accepted = "FILE|no" },
	TAP_IGNORED_SWITCH("vhost"),
	TAP_IGNORED_SWITCH("vhostforce"),
	TAP_IGNORED_SWITCH("vnet_hdr"),
	TAP_IGNORED_NUMBER("queues", KEY_NUMBER),
	TAP_IGNORED_NUMBER("sndbuf", KEY_SIZE),
	TAP_IGNORED_NUMBER("poll-us", KEY_NUMBER),
};

/* Checks that an address is complete. */
static bool check_address(struct parser *parser, const char *what, const char *end,
			  const struct net_address *address)
{
	static const char *const needs[] = { "host=HOST and .port=PORT", "path=FILE", "str=N" };
	const bool whole[] = { address->host && address->port, address->path, address->fd };

	if (whole[address->type])
		return true;
	keyval_fail(parser->error, "%s: needs %s.type=inet|unix|fd, and here %s.%s", what, end, end,
		    needs[address->type]);
	return false;
}

static void *finish_stream(struct parser *parser, const char *what, void *words)
{
	const struct net_stream *stream = words;

	if (stream->server && stream->reconnect) {
		keyval_fail(parser->error, "%s: reconnect= is for the side that connects", what);
		return NULL;
	}
	return check_address(parser, what, "addr", &stream->address) ? words : NULL;
}

static bool netdev_is_named(const struct net_address *address)
{
	return address->host || address->port || address->path || address->fd;
}

/* Checks the addresses of -netdev dgram. A member of a multicast group needs no address of its own,
 * and a descriptor may be that of a socket that is connected. */
static void *finish_dgram(struct parser *parser, const char *what, void *words)
{
	const struct net_dgram *dgram = words;
	const struct net_address *local = &dgram->local, *remote = &dgram->remote;
	bool given = local->type == NET_ADDRESS_FD;
	bool member = local->type == NET_ADDRESS_INET && net_address_is_group(remote);

	if (!member && !netdev_is_named(local)) {
		keyval_fail(parser->error,
			    "%s: needs the address of this side, local.type= and so on, unless "
			    "remote.host= is a group, from 224.0.0.0 to 239.255.255.255",
			    what);
		return NULL;
	}
	if (!member && !check_address(parser, what, "local", local))
		return NULL;
	if ((!given || netdev_is_named(remote)) && !check_address(parser, what, "remote", remote))
		return NULL;
	if (given || local->type == remote->type)
		return words;
	keyval_fail(parser->error, "%s: local.type= and remote.type= differ; give both the same",
		    what);
	return NULL;
}

static void *finish_hubport(struct parser *parser, const char *what, void *words)
{
	(void)parser;
	(void)what;
	return words;
}

static void *finish_tap(struct parser *parser, const char *what, void *words)
{
	const struct net_tap *tap = words;

	if (!tap->fd || !tap->interface)
		return words;
	keyval_fail(parser->error, "%s: ifname= does not go with fd=", what);
	return NULL;
}

#define KEYS(table, type)                                                                          \
	.keys = table, .count = ARRAY_SIZE(table), .size = sizeof(type)

const struct netdev_type netdev_types[NETDEV_KINDS] = {
	[NETDEV_USER] = {
		.name = "user",
		.help = "The host's network as its programs see it, by libslirp.",
		KEYS(net_user_keys, struct net_user_words),
		.finish = finish_net_user,
	},
	[NETDEV_STREAM] = {
		.name = "stream",
		.help = "A connection to another machine or to passt.",
		KEYS(stream_keys, struct net_stream),
		.finish = finish_stream,
	},
	[NETDEV_DGRAM] = {
		.name = "dgram",
		.help = "Datagrams to another machine, or to a group of them.",
		KEYS(dgram_keys, struct net_dgram),
		.finish = finish_dgram,
	},
	[NETDEV_HUBPORT] = {
		.name = "hubport",
		.help = "A port of a hub inside this process.",
		KEYS(hubport_keys, struct net_hubport),
		.finish = finish_hubport,
	},
	[NETDEV_TAP] = {
		.name = "tap",
		.help = "An interface of the host.",
		KEYS(tap_keys, struct net_tap),
		.finish = finish_tap,
	},
};

const char *netdev_name(enum netdev_kind kind)
{
	return netdev_types[kind].name;
}

/* The values that every kind of network has; those of the kind follow them. */
struct net_line {
	const char *id, *model;
	u8 mac[KEY_MAC_SIZE];
};

/* The syntax of an option that has these values. */
struct net_syntax {
	const char *option;
	const struct key *keys;
	unsigned count;
};

static const struct key netdev_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct net_line, id),
	  .accepted = "ID" },
};

static const struct key nic_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct net_line, id),
	  .accepted = "ID" },
	{ .name = "model", .kind = KEY_TEXT, .offset = offsetof(struct net_line, model),
	  .accepted = "DEVICE" },
	{ .name = "mac", .kind = KEY_MAC, .offset = offsetof(struct net_line, mac),
	  .accepted = "ADDRESS" },
};

static const struct net_syntax netdev_syntax = { "-netdev", netdev_keys, ARRAY_SIZE(netdev_keys) };
static const struct net_syntax nic_syntax = { "-nic", nic_keys, ARRAY_SIZE(nic_keys) };

#define LINE_KEYS_MAX 24

/* Parses the list that follows the kind's name, with the keys of the option and of the kind. */
static int parse_list(struct parser *parser, const struct net_syntax *syntax,
		      const struct netdev_type *type, const char *list, struct net_line *line)
{
	struct netdev_options *netdev =
		&parser->options->net.netdevs[parser->options->net.netdev_count];
	struct key keys[LINE_KEYS_MAX];
	char what[64];
	struct keyval keyval = { what, keys, syntax->count, NULL };
	int failed;

	assert(syntax->count + type->count <= LINE_KEYS_MAX);
	memcpy(keys, syntax->keys, syntax->count * sizeof(keys[0]));
	for (unsigned n = 0; n < type->count; n++) {
		keys[keyval.count] = type->keys[n];
		keys[keyval.count++].offset += sizeof(*line);
	}
	snprintf(what, sizeof(what), "%s %s", syntax->option, type->name);
	failed =
		list ? keyval_parse(&keyval, list, line, &parser->options->strings, parser->error) :
		       0;
	if (failed)
		return failed;
	netdev->id = line->id;
	netdev->settings = type->finish(parser, what, line + 1);
	return netdev->settings ? 0 : -EINVAL;
}

static int parse_line(struct parser *parser, const struct net_syntax *syntax, const char *value,
		      struct net_line **line)
{
	struct net_options *net = &parser->options->net;
	size_t size = strcspn(value, ",");
	const char *word = strings_add(&parser->options->strings, value, size);
	const struct netdev_type *type;
	int kind, failed;

	if (!strncmp(word, "type=", 5))
		word += 5;
	kind = keyval_word(netdev_words, word);
	if (kind < 0 && missing_netdev(word))
		return keyval_fail(parser->error, "%s: QEMU has %s and Baya has not: %s",
				   syntax->option, word, missing_netdev(word));
	if (kind < 0)
		return keyval_fail(parser->error, "%s: '%s' is not accepted; accepted: %s",
				   syntax->option, word, netdev_words);
	if (net->netdev_count == NETDEVS_MAX)
		return keyval_fail(parser->error, "%s: more than %d networks; leave some out",
				   syntax->option, NETDEVS_MAX);
	type = &netdev_types[kind];
	*line = strings_room(&parser->options->strings, sizeof(**line) + type->size);
	keyval_initial(type->keys, type->count, *line + 1);
	net->netdevs[net->netdev_count] = (struct netdev_options){ .kind = (enum netdev_kind)kind };
	failed = parse_list(parser, syntax, type, value[size] ? value + size + 1 : NULL, *line);
	net->netdev_count += !failed;
	return failed;
}

int apply_netdev(struct parser *parser, const struct option *option, const char *value)
{
	struct net_line *line;
	int failed = parse_line(parser, &netdev_syntax, value, &line);

	(void)option;
	parser->net_given = true;
	if (!failed && !line->id)
		return keyval_fail(parser->error,
				   "-netdev: '%s' needs id=ID, for "
				   "-device virtio-net-device,netdev=ID",
				   value);
	return failed;
}

const char *net_type(const char *value)
{
	return strncmp(value, "type=", 5) ? value : value + 5;
}

/* Parses -nic: adds a network, and a card that uses it. */
int apply_nic(struct parser *parser, const struct option *option, const char *value)
{
	struct net_options *net = &parser->options->net;
	struct net_line *line;
	char id[16];
	int failed, size;

	(void)option;
	parser->net_given = true;
	value = net_type(value);
	if (!strcmp(value, "none"))
		return 0;
	failed = parse_line(parser, &nic_syntax, value, &line);
	if (failed)
		return failed;
	size = snprintf(id, sizeof(id), "nic%u", net->netdev_count - 1);
	if (!line->id)
		line->id = strings_add(&parser->options->strings, id, (size_t)size);
	net->netdevs[net->netdev_count - 1].id = line->id;
	return add_net(parser, line->model ? line->model : "virtio-net-device", line->id,
		       line->mac);
}

static const struct key dump_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct net_dump, id),
	  .accepted = "ID" },
	{ .name = "netdev", .kind = KEY_TEXT, .offset = offsetof(struct net_dump, netdev),
	  .accepted = "ID" },
	{ .name = "file", .kind = KEY_TEXT, .offset = offsetof(struct net_dump, file),
	  .accepted = "FILE" },
	{ .name = "queue", .kind = KEY_WORD, .offset = offsetof(struct net_dump, queue),
	  .accepted = "all" },
	{ .name = "status", .kind = KEY_SWITCH, .offset = offsetof(struct net_dump, status),
	  .accepted = "on" },
	{ .name = "maxlen", .kind = KEY_SIZE, .offset = offsetof(struct net_dump, length),
	  .accepted = "SIZE", .min = 1, .max = UINT32_MAX },
};

int apply_dump(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object filter-dump", dump_keys, ARRAY_SIZE(dump_keys),
				       NULL };
	struct net_options *net = &parser->options->net;
	struct net_dump *dump = &net->dumps[net->dump_count];
	int failed;

	if (net->dump_count == NETDEVS_MAX)
		return keyval_fail(parser->error, "-object filter-dump: more than %d", NETDEVS_MAX);
	*dump = (struct net_dump){ .length = 64 * KiB };
	failed = keyval_parse(&keyval, list, dump, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!dump->netdev || !dump->file)
		return keyval_fail(parser->error, "-object filter-dump: needs netdev=ID and "
						  "file=FILE");
	net->dump_count++;
	return 0;
}

static struct netdev_options *find_netdev(struct parser *parser, const char *id)
{
	struct net_options *net = &parser->options->net;

	for (unsigned n = 0; n < net->netdev_count; n++)
		if (!strcmp(net->netdevs[n].id, id))
			return &net->netdevs[n];
	return NULL;
}

/* Marks a network as used: a single card or hub can use it. */
static int use_netdev(struct parser *parser, const char *what, const char *id)
{
	struct netdev_options *netdev = find_netdev(parser, id);

	if (!netdev)
		return keyval_fail(parser->error, "%s: netdev=%s: no -netdev has this id", what,
				   id);
	if (netdev->used)
		return keyval_fail(parser->error,
				   "%s: netdev=%s is in use already; a hub has room "
				   "for several (-netdev hubport)",
				   what, id);
	netdev->used = true;
	return 0;
}

/* Checks a port of a hub. It cannot lead to another hub, because two hubs that are connected twice
 * would forward a frame in circles for ever. */
static int check_hubport(struct parser *parser, const struct net_hubport *port)
{
	const struct netdev_options *netdev = find_netdev(parser, port->netdev);

	if (netdev && netdev->kind == NETDEV_HUBPORT)
		return keyval_fail(parser->error,
				   "-netdev hubport: netdev=%s is a port of a hub, "
				   "too; give both ports one hubid=",
				   port->netdev);
	return use_netdev(parser, "-netdev hubport", port->netdev);
}

int finish_net(struct parser *parser, const struct device_line *line, const struct key *key)
{
	const struct virtio_net_properties *card = line->properties;
	char what[64];

	(void)key;
	snprintf(what, sizeof(what), "-device %s", device_line_name(line));
	return use_netdev(parser, what, card->netdev);
}

/* Returns the properties of the network card that the line adds; NULL if it adds none. */
static struct virtio_net_properties *card_of(const struct device_line *line)
{
	return device_key(line->type, DEVICE_NAMES_NETDEV) ? line->properties : NULL;
}

static bool mac_is_taken(const struct parser *parser, const u8 mac[KEY_MAC_SIZE])
{
	for (unsigned n = 0; n < parser->device_count; n++) {
		const struct virtio_net_properties *card = card_of(&parser->devices[n]);

		if (card && !memcmp(card->mac, mac, KEY_MAC_SIZE))
			return true;
	}
	return false;
}

/* Gives MAC addresses to cards that have none: QEMU's default address, and those that follow it. */
static void choose_macs(struct parser *parser)
{
	static const u8 none[KEY_MAC_SIZE];
	u8 mac[KEY_MAC_SIZE] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

	for (unsigned n = 0; n < parser->device_count; n++) {
		struct virtio_net_properties *card = card_of(&parser->devices[n]);

		if (!card || memcmp(card->mac, none, KEY_MAC_SIZE) != 0)
			continue;
		while (mac_is_taken(parser, mac))
			mac[KEY_MAC_SIZE - 1]++;
		memcpy(card->mac, mac, KEY_MAC_SIZE);
	}
}

/* Warns about networks without a card and cards without a network, as QEMU does. Neither can be
 * connected while the machine runs. */
static void warn_apart(struct parser *parser)
{
	const struct net_options *net = &parser->options->net;

	for (unsigned n = 0; n < net->netdev_count; n++)
		if (!net->netdevs[n].used && net->netdevs[n].kind != NETDEV_HUBPORT)
			options_warn(parser,
				     "-netdev id=%s: no card has this network; "
				     "-device virtio-net-pci,netdev=%s adds one",
				     net->netdevs[n].id, net->netdevs[n].id);
	for (unsigned n = 0; n < parser->device_count; n++) {
		const struct virtio_net_properties *card = card_of(&parser->devices[n]);

		if (card && !card->netdev)
			options_warn(parser,
				     "-device %s: the card has no network; netdev=ID connects it "
				     "to that of -netdev ...,id=ID",
				     device_line_name(&parser->devices[n]));
	}
}

int finish_netdevs(struct parser *parser)
{
	struct net_options *net = &parser->options->net;
	int failed = 0;

	for (unsigned n = 0; !failed && n < net->netdev_count; n++) {
		const struct net_hubport *port = net->netdevs[n].settings;

		if (find_netdev(parser, net->netdevs[n].id) != &net->netdevs[n])
			return keyval_fail(parser->error, "-netdev: id=%s is given twice",
					   net->netdevs[n].id);
		if (net->netdevs[n].kind == NETDEV_HUBPORT && port->netdev)
			failed = check_hubport(parser, port);
	}
	for (unsigned n = 0; !failed && n < net->dump_count; n++)
		if (!find_netdev(parser, net->dumps[n].netdev))
			failed = keyval_fail(parser->error,
					     "-object filter-dump: netdev=%s: no "
					     "-netdev has this id",
					     net->dumps[n].netdev);
	if (!failed)
		warn_apart(parser);
	choose_macs(parser);
	return failed;
}
