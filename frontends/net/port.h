/* SPDX-License-Identifier: MIT */
/*
 * One network of a run, for the files that are its kinds (net/user.c ...): each is a struct
 * net_kind. Private to the net_*.c files.
 */
#ifndef FRONTENDS_NET_PORT_H
#define FRONTENDS_NET_PORT_H

#include <stdio.h>

#include "devices/board/board.h"
#include "frontends/host/pollset.h"
#include "frontends/net/options.h"
#include "frontends/net/pcap.h"

struct clock;
struct net_port;

struct net_kind {
	bool large; /* takes TCP segments of any size */
	/* 0 with port->self, or -errno with *error. */
	int (*open)(struct net_port *port, struct board_error *error);
	void (*close)(struct net_port *port); /* of what was opened */
	/* A frame from the card's side. Must not block. */
	void (*send)(struct net_port *port, const u8 *frame, size_t size);
	/* What to look for on the host, and what was seen. NULL: nothing. */
	void (*wait)(struct net_port *port, struct pollset *set);
	void (*look)(struct net_port *port, struct pollset *set);
	/* Lead a port of the host to the guest, or no longer; 0 or -errno. NULL: there are none. */
	int (*forward)(struct net_port *port, const struct net_forward *forward, bool add);
	/* The rest of a line that begins with id and kind, and lines of its own. */
	void (*info)(struct net_port *port, FILE *out);
};

extern const struct net_kind net_user, net_stream, net_dgram, net_hubport, net_tap;

/* Frames that wait for the card. */
struct net_queue {
	u8 *bytes;
	size_t start, end; /* of what waits in them */
	u64 lost; /* frames for which there was no room */
};

#define NET_QUEUE_SIZE (2 * MiB)
#define NET_QUEUE_FULL (512 * KiB) /* beyond it nothing more is taken from the host */

struct net_port {
	const struct netdev_options *options;
	const struct net_kind *kind;
	struct net_port *ports; /* all of the run */
	unsigned port_count;
	const struct clock *clock;
	void *self; /* the kind's */
	bool open;
	struct net *card; /* NULL: a hub's port or nothing is at the other end */
	struct net_port *hubport; /* NULL: a card or nothing is */
	struct net_queue queue;
	struct pcap pcaps[4];
	unsigned pcap_count;
};

/* A frame goes to the other end: it waits for the card, or goes on into the hub. */
void net_port_receive(struct net_port *port, const u8 *frame, size_t size);

/* A frame from the other end, into the network. */
void net_port_send(struct net_port *port, const u8 *frame, size_t size);

/* So much waits for the card that nothing more is to be taken from the host. */
bool net_port_full(const struct net_port *port);

/* Fill *error with exit code 3, and return `failed`. */
int net_port_fail(struct net_port *port, int failed, struct board_error *error,
		  const char *format, ...) PRINTF_LIKE(4, 5);

#endif
