/* SPDX-License-Identifier: MIT */
/* The rows of -netdev, and what it shares with -nic. Private to the options_*.c files. */
#ifndef FRONTENDS_CLI_MACHINE_NET_H
#define FRONTENDS_CLI_MACHINE_NET_H

#include "frontends/cli/machine/drivers.h"
#include "frontends/net/options.h"

struct option;
struct parser;

struct netdev_type {
	const char *name, *help;
	const struct key *keys;
	unsigned count;
	size_t size; /* of the struct that keys fill */
	const void *defaults; /* that struct before; NULL: all zeros */
	/* Check them, and make what net/options.h has. NULL on failure. */
	const void *(*finish)(struct parser *parser, const char *what, void *words);
};

extern const struct netdev_type netdev_types[]; /* by enum netdev_kind */

/* As they are written. */
struct net_user_words {
	bool restricted, ipv4, ipv6;
	const char *net, *host, *dhcp_start, *dns, *net6, *host6, *dns6;
	const char *hostname, *domain, *tftp, *tftp_name, *bootfile;
	struct key_texts search, forwards, guest_forwards;
};

#define NET_USER_KEYS 18
extern const struct key net_user_keys[NET_USER_KEYS];

const void *finish_net_user(struct parser *parser, const char *what, void *words);

/* The value of -nic and -net without the type= that files write. */
const char *net_type(const char *value);
int apply_net(struct parser *parser, const struct option *option, const char *value);

/* -object filter-dump */
int apply_dump(struct parser *parser, const char *list);

/* A driver's `finish`: the netdev that it names. */
int finish_net(struct parser *parser, const struct device_line *line);

/* A card for -nic: on the netdev, at the address or NULL. */
int add_net(struct parser *parser, const char *model, const char *netdev, const char *address);

/* When all options are read: what is connected to what. */
int finish_netdevs(struct parser *parser);

#endif
