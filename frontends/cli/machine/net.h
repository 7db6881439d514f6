/* SPDX-License-Identifier: MIT */
/*
 * The kinds of -netdev, and the parts that -netdev shares with -nic. Only files of frontends/cli
 * include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_NET_H
#define FRONTENDS_CLI_MACHINE_NET_H

#include "frontends/cli/machine/devices.h"
#include "frontends/net/options.h"

struct option;
struct parser;

struct netdev_type {
	const char *name, *help;
	const struct key *keys;
	unsigned count;
	size_t size; /* the size of the struct that the keys fill in */
	/*
	 * Checks the values, and returns the kind's struct of net/options.h; NULL on failure, with
	 * the parser's error.
	 */
	void *(*finish)(struct parser *parser, const char *what, void *words);
};

extern const struct netdev_type netdev_types[]; /* by enum netdev_kind */

/* The values of -netdev user as they are written. */
struct net_user_words {
	bool restricted, ipv4, ipv6;
	const char *net, *host, *dhcp_start, *dns, *net6, *host6, *dns6;
	const char *hostname, *domain, *tftp, *tftp_name, *bootfile;
	struct key_texts search, forwards, guest_forwards;
	u64 prefix6; /* ipv6-prefixlen=, the prefix length of ipv6-net= unless that contains one */
};

#define NET_USER_KEYS 20
extern const struct key net_user_keys[NET_USER_KEYS];

void *finish_net_user(struct parser *parser, const char *what, void *words);

/* Returns the value of -nic or -net without a leading "type=", which configuration files have. */
const char *net_type(const char *value);
int apply_net(struct parser *parser, const struct option *option, const char *value);

/* Parses an -object filter-dump. Returns 0 or -EINVAL. */
int apply_dump(struct parser *parser, const char *list);

/* Finds the netdev that a network card names, and marks it as used. Returns 0 or -EINVAL. */
int finish_net(struct parser *parser, const struct device_line *line, const struct key *key);

/* Adds the card of a -nic, connected to the netdev. Returns 0 or -EINVAL. */
int add_net(struct parser *parser, const char *model, const char *netdev,
	    const u8 mac[KEY_MAC_SIZE]);

/* Connects cards and networks, when all options have been read. Returns 0 or -EINVAL. */
int finish_netdevs(struct parser *parser);

#endif
