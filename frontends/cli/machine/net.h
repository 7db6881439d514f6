/* SPDX-License-Identifier: MIT */
/* The rows of -netdev, and what it shares with -nic. Only files of frontends/cli include this. */
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
	size_t size; /* of the struct that keys fill */
	/* Checks the values and returns a struct of net/options.h; NULL on failure. */
	const void *(*finish)(struct parser *parser, const char *what, void *words);
};

extern const struct netdev_type netdev_types[]; /* by enum netdev_kind */

/* The values of -netdev user as they are written. */
struct net_user_words {
	bool restricted, ipv4, ipv6;
	const char *net, *host, *dhcp_start, *dns, *net6, *host6, *dns6;
	const char *hostname, *domain, *tftp, *tftp_name, *bootfile;
	struct key_texts search, forwards, guest_forwards;
	u64 prefix6; /* the length of ipv6-net=, unless that has one */
};

#define NET_USER_KEYS 20
extern const struct key net_user_keys[NET_USER_KEYS];

const void *finish_net_user(struct parser *parser, const char *what, void *words);

/* Returns the value of -nic and -net without the type= that configuration files write. */
const char *net_type(const char *value);
int apply_net(struct parser *parser, const struct option *option, const char *value);

/* -object filter-dump. */
int apply_dump(struct parser *parser, const char *list);

/* Finds the netdev that a network card names, and takes it. */
int finish_net(struct parser *parser, const struct device_line *line, const struct key *key);

/* Adds a card for -nic on the netdev. */
int add_net(struct parser *parser, const char *model, const char *netdev,
	    const u8 mac[KEY_MAC_SIZE]);

/* Called when all options are read: connects cards and networks. */
int finish_netdevs(struct parser *parser);

#endif
