/* SPDX-License-Identifier: MIT */
/*
 * -netdev, -nic and -object filter-dump, and the connection of cards to networks when all options
 * are read. To add a kind of network, add a row to netdev_types and the file that net.c names.
 */
#include "frontends/cli/machine/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/cli/table.h"

/* In the order of enum netdev_kind. */
static const char netdev_words[] = "user|stream|dgram|hubport|tap";

#define ADDRESS_WORDS "inet|unix|fd"
#define ADDRESS(name, words, member)                                                               \
	{ name ".type", KEY_WORD, offsetof(words, member.type), ADDRESS_WORDS, 0, 0 },              \
	{ name ".host", KEY_TEXT, offsetof(words, member.host), "HOST", 0, 0 },                     \
	{ name ".port", KEY_TEXT, offsetof(words, member.port), "PORT", 0, 0 },                     \
	{ name ".path", KEY_TEXT, offsetof(words, member.path), "FILE", 0, 0 },                     \
	{ name ".abstract", KEY_SWITCH, offsetof(words, member.abstract), "on|off", 0, 0 },         \
	{ name ".str", KEY_TEXT, offsetof(words, member.fd), "DESCRIPTOR", 0, 0 }

static const struct key stream_keys[] = {
	{ "server", KEY_SWITCH, offsetof(struct net_stream, server), "on|off", 0, 0 },
	{ "reconnect", KEY_NUMBER, offsetof(struct net_stream, reconnect), "SECONDS", 0, 3600 },
	ADDRESS("addr", struct net_stream, address),
};

static const struct key dgram_keys[] = {
	ADDRESS("local", struct net_dgram, local),
	ADDRESS("remote", struct net_dgram, remote),
};

static const struct key hubport_keys[] = {
	{ "hubid", KEY_NUMBER, offsetof(struct net_hubport, hub), "N", 0, INT32_MAX },
	{ "netdev", KEY_TEXT, offsetof(struct net_hubport, netdev), "ID", 0, 0 },
};

static const struct key tap_keys[] = {
	{ "ifname", KEY_TEXT, offsetof(struct net_tap, interface), "NAME", 0, 0 },
	{ "fd", KEY_TEXT, offsetof(struct net_tap, fd), "DESCRIPTOR", 0, 0 },
	{ "script", KEY_TEXT, offsetof(struct net_tap, script), "FILE|no", 0, 0 },
	{ "downscript", KEY_TEXT, offsetof(struct net_tap, downscript), "FILE|no", 0, 0 },
};

/* An address must be given completely or not at all. */
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

static const void *finish_stream(struct parser *parser, const char *what, void *words)
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

/* Without a local address the remote one is a multicast group, in which all send to all. */
static const void *finish_dgram(struct parser *parser, const char *what, void *words)
{
	const struct net_dgram *dgram = words;
	bool local = dgram->local.port || dgram->local.path || dgram->local.fd;

	if (local && !check_address(parser, what, "local", &dgram->local))
		return NULL;
	if ((!local || netdev_is_named(&dgram->remote)) &&
	    !check_address(parser, what, "remote", &dgram->remote))
		return NULL;
	return words;
}

static const void *finish_hubport(struct parser *parser, const char *what, void *words)
{
	(void)parser;
	(void)what;
	return words;
}

static const void *finish_tap(struct parser *parser, const char *what, void *words)
{
	const struct net_tap *tap = words;

	if (!tap->fd || !tap->interface)
		return words;
	keyval_fail(parser->error, "%s: ifname= does not go with fd=", what);
	return NULL;
}

static const struct net_user_words user_defaults = { .ipv4 = true, .ipv6 = true };

#define KEYS(keys, type) keys, ARRAY_SIZE(keys), sizeof(type)

const struct netdev_type netdev_types[NETDEV_KINDS] = {
	[NETDEV_USER] = { "user", "The host's network as its programs see it, by libslirp.",
			  KEYS(net_user_keys, struct net_user_words), &user_defaults,
			  finish_net_user },
	[NETDEV_STREAM] = { "stream", "A connection to another machine or to passt.",
			    KEYS(stream_keys, struct net_stream), NULL, finish_stream },
	[NETDEV_DGRAM] = { "dgram", "Datagrams to another machine, or to a group of them.",
			   KEYS(dgram_keys, struct net_dgram), NULL, finish_dgram },
	[NETDEV_HUBPORT] = { "hubport", "A port of a hub inside this process.",
			     KEYS(hubport_keys, struct net_hubport), NULL, finish_hubport },
	[NETDEV_TAP] = { "tap", "An interface of the host.", KEYS(tap_keys, struct net_tap), NULL,
			 finish_tap },
};

const char *netdev_name(enum netdev_kind kind)
{
	return netdev_types[kind].name;
}

/* The values that every kind has, before its own. */
struct net_line {
	const char *id, *model, *mac;
};

/* The syntax of an option that has them. */
struct net_syntax {
	const char *option;
	const struct key *keys;
	unsigned count;
};

static const struct key netdev_keys[] = {
	{ "id", KEY_TEXT, offsetof(struct net_line, id), "ID", 0, 0 },
};

static const struct key nic_keys[] = {
	{ "id", KEY_TEXT, offsetof(struct net_line, id), "ID", 0, 0 },
	{ "model", KEY_TEXT, offsetof(struct net_line, model), "DEVICE", 0, 0 },
	{ "mac", KEY_TEXT, offsetof(struct net_line, mac), "ADDRESS", 0, 0 },
};

static const struct net_syntax netdev_syntax = { "-netdev", netdev_keys, ARRAY_SIZE(netdev_keys) };
static const struct net_syntax nic_syntax = { "-nic", nic_keys, ARRAY_SIZE(nic_keys) };

#define LINE_KEYS_MAX 24

/* Parses the list behind the first word, with the keys of the option and those of the kind. */
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
	if (kind < 0)
		return keyval_fail(parser->error, "%s: '%s' is not accepted; accepted: %s",
				   syntax->option, word, netdev_words);
	if (net->netdev_count == NETDEVS_MAX)
		return keyval_fail(parser->error, "%s: more than %d networks", syntax->option,
				   NETDEVS_MAX);
	type = &netdev_types[kind];
	*line = strings_room(&parser->options->strings, sizeof(**line) + type->size);
	if (type->defaults)
		memcpy(*line + 1, type->defaults, type->size);
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

/* Adds a network and a card on it. */
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
	{ "id", KEY_TEXT, offsetof(struct net_dump, id), "ID", 0, 0 },
	{ "netdev", KEY_TEXT, offsetof(struct net_dump, netdev), "ID", 0, 0 },
	{ "file", KEY_TEXT, offsetof(struct net_dump, file), "FILE", 0, 0 },
	{ "maxlen", KEY_SIZE, offsetof(struct net_dump, length), "SIZE", 1, UINT32_MAX },
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

/* Each network can be used once, by a card or a hub. */
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

/* Two hubs that are connected twice would send a frame in circles for ever. */
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

/* Parses an address such as 52:54:00:12:34:56. */
static bool parse_mac(const char *text, u8 mac[6])
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char *end;

	for (unsigned n = 0; n < 6; n++) {
		if (strspn(text, digits) != 2 || text[2] != (n < 5 ? ':' : 0))
			return false;
		mac[n] = (u8)strtoul(text, &end, 16);
		text += 3;
	}
	return !(mac[0] & 1);
}

int finish_net(struct parser *parser, const struct device_line *line)
{
	const char *name = line->driver->names[line->transport];
	struct virtio_net_properties *card = line->properties;
	char what[64];

	snprintf(what, sizeof(what), "-device %s", name);
	if (!card->netdev)
		return keyval_fail(parser->error, "%s: needs netdev=ID of a -netdev ...,id=ID",
				   what);
	if (!card->address) {
		/* The first is QEMU's default address; the others follow it. */
		const u8 mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, (u8)(0x56 + parser->card_count) };

		memcpy(card->mac, mac, sizeof(mac));
		parser->card_count++;
	} else if (!parse_mac(card->address, card->mac)) {
		return keyval_fail(parser->error,
				   "%s: mac: '%s' is not the address of a card; "
				   "give one such as 52:54:00:12:34:56",
				   what, card->address);
	}
	return use_netdev(parser, what, card->netdev);
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
	return failed;
}
