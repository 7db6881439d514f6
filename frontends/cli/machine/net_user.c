/* SPDX-License-Identifier: MIT */
/* Parses -netdev user: addresses and forwarded ports. */
#include "frontends/cli/machine/net.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "frontends/cli/table.h"
#include "frontends/net/address.h"

#define PREFIX_MAX 30
#define PREFIX6_MAX 126
#define WORDS(member) offsetof(struct net_user_words, member)

const struct key net_user_keys[NET_USER_KEYS] = {
	{ .name = "restrict", .kind = KEY_SWITCH, .offset = WORDS(restricted),
	  .accepted = "on|off" },
	{ .name = "ipv4", .kind = KEY_SWITCH, .offset = WORDS(ipv4), .accepted = "on|off",
	  .initial = true },
	{ .name = "ipv6", .kind = KEY_SWITCH, .offset = WORDS(ipv6), .accepted = "on|off",
	  .initial = true },
	{ .name = "net", .kind = KEY_TEXT, .offset = WORDS(net), .accepted = "ADDRESS[/BITS|/MASK]" },
	{ .name = "host", .kind = KEY_TEXT, .offset = WORDS(host), .accepted = "ADDRESS" },
	{ .name = "dhcpstart", .kind = KEY_TEXT, .offset = WORDS(dhcp_start),
	  .accepted = "ADDRESS" },
	{ .name = "dns", .kind = KEY_TEXT, .offset = WORDS(dns), .accepted = "ADDRESS" },
	{ .name = "ipv6-net", .kind = KEY_TEXT, .offset = WORDS(net6),
	  .accepted = "ADDRESS[/BITS]" },
	{ .name = "ipv6-prefix", .kind = KEY_TEXT, .offset = WORDS(net6),
	  .accepted = "ADDRESS" },
	{ .name = "ipv6-prefixlen", .kind = KEY_NUMBER, .offset = WORDS(prefix6),
	  .accepted = "BITS", .max = PREFIX6_MAX, .initial = 64 },
	{ .name = "ipv6-host", .kind = KEY_TEXT, .offset = WORDS(host6), .accepted = "ADDRESS" },
	{ .name = "ipv6-dns", .kind = KEY_TEXT, .offset = WORDS(dns6), .accepted = "ADDRESS" },
	{ .name = "hostname", .kind = KEY_TEXT, .offset = WORDS(hostname), .accepted = "NAME" },
	{ .name = "domainname", .kind = KEY_TEXT, .offset = WORDS(domain), .accepted = "NAME" },
	{ .name = "dnssearch", .kind = KEY_TEXTS, .offset = WORDS(search), .accepted = "NAME" },
	{ .name = "tftp", .kind = KEY_TEXT, .offset = WORDS(tftp), .accepted = "FOLDER" },
	{ .name = "tftp-server-name", .kind = KEY_TEXT, .offset = WORDS(tftp_name),
	  .accepted = "NAME" },
	{ .name = "bootfile", .kind = KEY_TEXT, .offset = WORDS(bootfile), .accepted = "FILE" },
	{ .name = "hostfwd", .kind = KEY_TEXTS, .offset = WORDS(forwards),
	  .accepted = "tcp|udp:[ADDRESS]:PORT-[ADDRESS]:PORT" },
	{ .name = "guestfwd", .kind = KEY_TEXTS, .offset = WORDS(guest_forwards),
	  .accepted = "tcp:ADDRESS:PORT-tcp:HOST:PORT|unix:PATH|cmd:COMMAND|chardev:ID" },
};

#define TEXT_MAX 128 /* the longest address */

/* Copies the text before the character `end`, and skips both; returns false if the character is
 * missing or the text is too long. */
static bool net_user_take(const char **text, char end, char part[TEXT_MAX])
{
	const char *found = strchr(*text, end);

	if (!found || found - *text >= TEXT_MAX)
		return false;
	memcpy(part, *text, (size_t)(found - *text));
	part[found - *text] = 0;
	*text = found + 1;
	return true;
}

/* Parses an IPv4 address; an empty text means any address. */
static bool net_user_parse_address(const char *text, struct in_addr *address)
{
	address->s_addr = INADDR_ANY;
	return !*text || inet_pton(AF_INET, text, address) == 1;
}

static bool parse_port(const char *text, u64 min, u16 *port)
{
	u64 number;

	if (!keyval_number(text, &number) || number < min || number > 65535)
		return false;
	*port = (u16)number;
	return true;
}

static bool parse_protocol(const char *word, bool *udp)
{
	*udp = !strcmp(word, "udp");
	return *udp || !strcmp(word, "tcp") || !*word;
}

/* Parses the rule of hostfwd=. If its port of the host is 0, the host chooses one. */
bool net_parse_forward(const char *text, struct net_forward *forward)
{
	char protocol[TEXT_MAX], host[TEXT_MAX], port[TEXT_MAX], guest[TEXT_MAX];

	forward->text = text;
	return net_user_take(&text, ':', protocol) && net_user_take(&text, ':', host) &&
	       net_user_take(&text, '-', port) && net_user_take(&text, ':', guest) &&
	       parse_protocol(protocol, &forward->udp) &&
	       net_user_parse_address(host, &forward->host) &&
	       parse_port(port, 0, &forward->host_port) &&
	       net_user_parse_address(guest, &forward->guest) &&
	       parse_port(text, 1, &forward->guest_port);
}

/* Parses where a forwarded connection of the guest leads. A place becomes a word of a command line
 * for libslirp, so it must not contain quotes. */
static bool parse_target(struct strings *strings, const char *text,
			 struct net_guest_forward *forward)
{
	struct net_address address;
	char kind[TEXT_MAX];
	const char *rest = text;

	if (!net_user_take(&rest, ':', kind) || !*rest)
		return false;
	forward->command = !strcmp(kind, "cmd") ? rest : NULL;
	forward->place = place_is_socket(text) ? text : NULL;
	forward->chardev = !strcmp(kind, "chardev") ? rest : NULL;
	forward->port_options = strings_room(strings, sizeof(*forward->port_options));
	if (forward->place)
		return net_address_parse(strings, text, &address) && !strpbrk(text, "'\\\"");
	return forward->command || forward->chardev;
}

static bool parse_guest_forward(struct strings *strings, const char *text,
				struct net_guest_forward *forward)
{
	char protocol[TEXT_MAX], server[TEXT_MAX], port[TEXT_MAX];
	bool udp;

	forward->text = text;
	return net_user_take(&text, ':', protocol) && net_user_take(&text, ':', server) &&
	       net_user_take(&text, '-', port) && parse_protocol(protocol, &udp) && !udp &&
	       *server && net_user_parse_address(server, &forward->server) &&
	       parse_port(port, 1, &forward->port) && parse_target(strings, text, forward);
}

/* Parses a mask such as 255.255.255.0, in which every bit that is 0 follows all that are 1, and
 * counts the latter. */
static bool parse_mask(const char *text, u64 *bits)
{
	struct in_addr address;
	u32 rest;

	if (inet_pton(AF_INET, text, &address) != 1)
		return false;
	rest = ~ntohl(address.s_addr);
	*bits = 32 - (u64)__builtin_popcount(rest);
	return !(rest & (rest + 1));
}

/* Parses an address and the length of its network prefix: as a number or, for IPv4, as a mask. */
static bool parse_net(const char *text, int family, void *address, unsigned *bits)
{
	char part[TEXT_MAX];
	u64 number = *bits;

	if (!strchr(text, '/'))
		return inet_pton(family, text, address) == 1;
	if (!net_user_take(&text, '/', part) || inet_pton(family, part, address) != 1 ||
	    !(keyval_number(text, &number) || (family == AF_INET && parse_mask(text, &number))) ||
	    number > (family == AF_INET ? PREFIX_MAX : PREFIX6_MAX))
		return false;
	*bits = (unsigned)number;
	return true;
}

/* Returns the length of the prefix that QEMU takes for a network that is given without one: that of
 * the block of RFC 1918 or RFC 2544 that it is in, or of class A or B (RFC 791 section 3.2); 24 for
 * those above, and 28 for others of class C. */
static unsigned usual_bits(struct in_addr net)
{
	static const struct {
		u32 first;
		unsigned same, bits; /* the first `same` bits of a network of the row are equal */
	} rows[] = {
		{ 0x00000000, 1, 8 },
		{ 0xac100000, 12, 12 },
		{ 0x80000000, 2, 16 },
		{ 0xc0a80000, 16, 16 },
		{ 0xc6120000, 16, 15 },
		{ 0xe0000000, 3, 24 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++)
		if ((ntohl(net.s_addr) ^ rows[n].first) >> (32 - rows[n].same) == 0)
			return rows[n].bits;
	return 28;
}

static bool net_user_refused(struct parser *parser, const char *what, const char *key,
			     const char *text)
{
	const char *accepted = "?";

	for (unsigned n = 0; n < NET_USER_KEYS; n++)
		if (!strcmp(net_user_keys[n].name, key))
			accepted = net_user_keys[n].accepted;
	keyval_fail(parser->error, "%s: %s: '%s' is not accepted; give %s", what, key, text,
		    accepted);
	return false;
}

struct address_word {
	const char *key, *text; /* NULL: not given */
	int family;
	void *address;
	bool inside; /* the address must be in the network */
};

static bool parse_addresses(struct parser *parser, const char *what,
			    const struct address_word *words, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		if (words[n].text &&
		    inet_pton(words[n].family, words[n].text, words[n].address) != 1)
			return net_user_refused(parser, what, words[n].key, words[n].text);
	return true;
}

static bool same_net(const void *address, const void *net, unsigned bits)
{
	const u8 *one = address, *other = net;
	unsigned whole = bits / 8;

	return !memcmp(one, other, whole) &&
	       (bits % 8 == 0 || (one[whole] ^ other[whole]) >> (8 - bits % 8) == 0);
}

static bool check_inside(struct parser *parser, const char *what, const struct address_word *word,
			 const void *net, unsigned bits)
{
	char text[INET6_ADDRSTRLEN], net_text[INET6_ADDRSTRLEN];

	if (!word->inside || same_net(word->address, net, bits))
		return true;
	inet_ntop(word->family, word->address, text, sizeof(text));
	inet_ntop(word->family, net, net_text, sizeof(net_text));
	keyval_fail(parser->error, "%s: %s=%s is not in the network %s/%u; give one that is", what,
		    word->key, text, net_text, bits);
	return false;
}

/* Checks that two addresses of IPv4 differ. QEMU accepts any addresses of IPv6, and so does
 * Baya. */
static bool check_different(struct parser *parser, const char *what, const struct address_word *one,
			    const struct address_word *other)
{
	char text[INET_ADDRSTRLEN];

	if (one->family != AF_INET || other->family != AF_INET ||
	    memcmp(one->address, other->address, sizeof(struct in_addr)) != 0)
		return true;
	inet_ntop(AF_INET, one->address, text, sizeof(text));
	keyval_fail(parser->error, "%s: %s= and %s= are both %s; give each an address of its own",
		    what, one->key, other->key, text);
	return false;
}

static bool check_addresses(struct parser *parser, const char *what,
			    const struct address_word *words, unsigned count,
			    const struct net_user *user)
{
	for (unsigned n = 0; n < count; n++) {
		bool v4 = words[n].family == AF_INET;
		const void *net = v4 ? (const void *)&user->net : &user->net6;
		unsigned bits = v4 ? (unsigned)__builtin_popcount(user->mask.s_addr) :
				     user->prefix6;

		if (!check_inside(parser, what, &words[n], net, bits))
			return false;
		for (unsigned i = 0; i < n; i++)
			if (!check_different(parser, what, &words[i], &words[n]))
				return false;
	}
	return true;
}

/* Sets the network and, where nothing is given, QEMU's addresses in it. */
static bool set_addresses(struct parser *parser, const char *what,
			  const struct net_user_words *words, struct net_user *user)
{
	const struct address_word given[] = {
		{ "host", words->host, AF_INET, &user->host, true },
		{ "dns", words->dns, AF_INET, &user->dns, user->restricted },
		{ "dhcpstart", words->dhcp_start, AF_INET, &user->dhcp_start, true },
		{ "ipv6-host", words->host6, AF_INET6, &user->host6, true },
		{ "ipv6-dns", words->dns6, AF_INET6, &user->dns6, user->restricted },
	};
	const char *net = words->net ? words->net : "10.0.2.0";
	const char *net6 = words->net6 ? words->net6 : "fec0::";
	unsigned bits = 24, bits6 = (unsigned)words->prefix6;

	if (!parse_net(net, AF_INET, &user->net, &bits))
		return net_user_refused(parser, what, "net", net);
	if (!parse_net(net6, AF_INET6, &user->net6, &bits6))
		return net_user_refused(parser, what, "ipv6-net", net6);
	if (words->net && !strchr(words->net, '/'))
		bits = usual_bits(user->net);
	user->mask.s_addr = htonl(bits ? ~0u << (32 - bits) : 0);
	user->net.s_addr &= user->mask.s_addr;
	user->prefix6 = (u8)bits6;
	user->host.s_addr = user->net.s_addr | (htonl(0x0202) & ~user->mask.s_addr);
	user->dns.s_addr = user->net.s_addr | (htonl(0x0203) & ~user->mask.s_addr);
	user->dhcp_start.s_addr = user->net.s_addr | (htonl(0x020f) & ~user->mask.s_addr);
	user->host6 = user->dns6 = user->net6;
	user->host6.s6_addr[15] |= 2;
	user->dns6.s6_addr[15] |= 3;
	return parse_addresses(parser, what, given, ARRAY_SIZE(given)) &&
	       check_addresses(parser, what, given, ARRAY_SIZE(given), user);
}

static bool set_forwards(struct parser *parser, const char *what,
			 const struct net_user_words *words, struct net_user *user)
{
	for (unsigned n = 0; n < words->forwards.count; n++)
		if (!net_parse_forward(words->forwards.items[n],
				       &user->forwards[user->forward_count++]))
			return net_user_refused(parser, what, "hostfwd", words->forwards.items[n]);
	for (unsigned n = 0; n < words->guest_forwards.count; n++)
		if (!parse_guest_forward(&parser->options->strings, words->guest_forwards.items[n],
					 &user->guest_forwards[user->guest_forward_count++]))
			return net_user_refused(parser, what, "guestfwd",
						words->guest_forwards.items[n]);
	return true;
}

/* Checks the lengths of names. RFC 2132 has one byte for the length of a DHCP option, and RFC 951
 * has 128 bytes for the file's name and its NUL. */
static bool check_names(struct parser *parser, const char *what, const struct net_user *user)
{
	const struct {
		const char *key, *text;
		size_t max;
	} names[] = {
		{ "hostname", user->hostname, 255 },
		{ "domainname", user->domain, 255 },
		{ "tftp-server-name", user->tftp_name, 255 },
		{ "bootfile", user->bootfile, 127 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		if (names[n].text && strlen(names[n].text) > names[n].max) {
			keyval_fail(parser->error, "%s: %s= is longer than %zu bytes; give less",
				    what, names[n].key, names[n].max);
			return false;
		}
	return true;
}

void *finish_net_user(struct parser *parser, const char *what, void *data)
{
	const struct net_user_words *words = data;
	struct net_user *user = strings_room(&parser->options->strings, sizeof(*user));

	user->restricted = words->restricted;
	user->ipv4 = words->ipv4;
	user->ipv6 = words->ipv6;
	user->hostname = words->hostname;
	user->domain = words->domain;
	user->tftp = words->tftp;
	user->tftp_name = words->tftp_name;
	user->bootfile = words->bootfile;
	if (!user->ipv4 && !user->ipv6) {
		keyval_fail(parser->error,
			    "%s: ipv4=off and ipv6=off leave nothing; leave one "
			    "of them on",
			    what);
		return NULL;
	}
	if (words->search.count > NET_SEARCH_MAX) {
		keyval_fail(parser->error, "%s: dnssearch: more than %d", what, NET_SEARCH_MAX);
		return NULL;
	}
	for (unsigned n = 0; n < words->search.count; n++)
		user->search[n] = words->search.items[n];
	return check_names(parser, what, user) && set_addresses(parser, what, words, user) &&
			       set_forwards(parser, what, words, user) ?
		       user :
		       NULL;
}
