/* SPDX-License-Identifier: MIT */
/*
 * The options of networks, after checks: -netdev, -nic and filter-dump. There is a struct for each
 * kind of network. All strings are borrowed.
 */
#ifndef FRONTENDS_NET_OPTIONS_H
#define FRONTENDS_NET_OPTIONS_H

#include <netinet/in.h>

#include "frontends/host/keyval.h"

struct port;

#define NETDEVS_MAX 64 /* a hub with a card for each slot of PCIe needs two per slot */
#define NET_FORWARDS_MAX KEY_TEXTS_MAX
#define NET_SEARCH_MAX 8

enum netdev_kind {
	NETDEV_USER,
	NETDEV_STREAM,
	NETDEV_DGRAM,
	NETDEV_HUBPORT,
	NETDEV_TAP,
	NETDEV_KINDS,
};

/* Returns the kind's name in -netdev. */
const char *netdev_name(enum netdev_kind kind);

/* One hostfwd=. */
struct net_forward {
	const char *text; /* as written */
	bool udp;
	struct in_addr host, guest;
	u16 host_port, guest_port;
	bool seeks; /* if host_port is taken, the next free port is used */
	/* By whom and where ssh reaches the guest through the port, which is printed; NULL: not. */
	const char *login;
};

/* Parses tcp|udp:[ADDRESS]:PORT-[ADDRESS]:PORT; borrows the text. */
bool net_parse_forward(const char *text, struct net_forward *forward);

/* One guestfwd=. */
struct net_guest_forward {
	const char *text;
	struct in_addr server;
	u16 port;
	const char *command; /* NULL: none */
	const char *place; /* tcp:HOST:PORT or unix:PATH; NULL: none */
	const char *chardev; /* the id of a chardev; NULL: none */
	struct port *port_options; /* the options of that chardev */
};

struct net_user {
	bool restricted;
	bool ipv4, ipv6;
	struct in_addr net, mask, host, dhcp_start, dns;
	struct in6_addr net6, host6, dns6;
	u8 prefix6;
	const char *hostname, *domain, *tftp, *tftp_name, *bootfile;
	const char *search[NET_SEARCH_MAX + 1]; /* ends with a NULL */
	struct net_forward forwards[NET_FORWARDS_MAX];
	unsigned forward_count;
	struct net_guest_forward guest_forwards[NET_FORWARDS_MAX];
	unsigned guest_forward_count;
};

enum net_address_type { NET_ADDRESS_INET, NET_ADDRESS_UNIX, NET_ADDRESS_FD };

/* The address of one end of a socket: addr.type=inet,addr.host=... and so on. */
struct net_address {
	unsigned type; /* enum net_address_type */
	const char *host, *port; /* inet; NULL: not given */
	const char *path; /* unix */
	const char *fd; /* the number of a descriptor */
	bool abstract;
};

struct net_stream {
	bool server;
	struct net_address address;
	u64 reconnect; /* seconds until the next attempt to connect; 0: there is none */
};

struct net_dgram {
	struct net_address local, remote;
};

struct net_hubport {
	u64 hub;
	const char *netdev; /* NULL: a card is plugged into the port */
};

struct net_tap {
	const char *interface; /* NULL: the host chooses one */
	const char *fd; /* the descriptor of an interface that is already open; NULL: none */
	const char *script, *downscript;
	/* These have no effect: they only make QEMU faster. */
	bool offload; /* vhost=, vhostforce= and vnet_hdr= */
	u64 number; /* queues=, sndbuf= and poll-us= */
};

struct netdev_options {
	const char *id;
	enum netdev_kind kind;
	void *settings; /* one of the structs above */
	bool used; /* a card or a hub's port names it */
};

/* One -object filter-dump. */
struct net_dump {
	const char *id, *netdev, *file;
	u64 length; /* the most bytes of a frame that are written */
	unsigned queue; /* queue=all and status=on are the only values of these */
	bool status;
};

struct net_options {
	struct netdev_options netdevs[NETDEVS_MAX];
	unsigned netdev_count;
	struct net_dump dumps[NETDEVS_MAX];
	unsigned dump_count;
	bool absent; /* no network is connected to the host, because input is replayed */
};

#endif
