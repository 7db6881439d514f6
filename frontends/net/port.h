/* SPDX-License-Identifier: MIT */
/*
 * One network of a run. Each kind of network is a file with a struct net_kind (net/user.c ...).
 * Only files of frontends/net include this.
 */
#ifndef FRONTENDS_NET_PORT_H
#define FRONTENDS_NET_PORT_H

#include <stdio.h>

#include "devices/board/board.h"
#include "frontends/host/pollset.h"
#include "frontends/net/options.h"
#include "frontends/net/pcap.h"
#include "frontends/net/queue.h"

struct clock;
struct net_port;

struct net_kind {
	bool large; /* it accepts TCP segments of any size */
	/* Returns 0 with port->self, or -errno with *error. NULL: there is nothing to open. */
	int (*open)(struct net_port *port, struct board_error *error);
	void (*close)(struct net_port *port); /* only called if open succeeded; may be NULL */
	/* Sends a frame from the card's side. It must not block. NULL: the frame is dropped. */
	void (*send)(struct net_port *port, const u8 *frame, size_t size);
	/* `wait` adds what to wait for on the host, `look` handles it. Both may be NULL. */
	void (*wait)(struct net_port *port, struct pollset *set);
	void (*look)(struct net_port *port, struct pollset *set);
	/* Forwards a port of the host to the guest, or no longer; 0 or -errno. NULL: not
	 * possible. */
	int (*forward)(struct net_port *port, const struct net_forward *forward, bool add);
	/* Prints the rest of a line that begins with id and kind, and further lines. */
	void (*info)(struct net_port *port, FILE *out);
};

extern const struct net_kind net_user, net_stream, net_dgram, net_hubport, net_tap;

#define NET_QUEUE_SIZE (2 * MiB) /* of the frames for a card */
#define NET_OUTPUT_SIZE MiB /* of what a peer has not taken yet */
#define NET_QUEUE_FULL (512 * KiB) /* beyond this nothing is read from the host */

struct net_port {
	const struct netdev_options *options;
	const struct net_kind *kind;
	struct net_port *ports; /* all ports of the run */
	unsigned port_count;
	const struct clock *clock;
	void *self; /* the kind's own data */
	bool open;
	struct net *card; /* NULL: the other end is no card */
	/* The other end of a network on a hub is its hub's port, and vice versa; NULL: neither. */
	struct net_port *peer;
	struct net_queue queue; /* a row of frames for the card */
	struct pcap pcaps[4];
	unsigned pcap_count;
};

/*
 * Passes a frame from the network to the other end: it waits for the card, or goes into the hub or
 * the network behind it.
 */
void net_port_receive(struct net_port *port, const u8 *frame, size_t size);

/* Passes a frame from the other end into the network. */
void net_port_send(struct net_port *port, const u8 *frame, size_t size);

/* Returns whether so much waits for the card that nothing should be read from the host. */
bool net_port_full(const struct net_port *port);

/* Fills *error with exit code 3, and returns `failed`. */
int net_port_fail(struct net_port *port, int failed, struct board_error *error, const char *format,
		  ...) PRINTF_LIKE(4, 5);

#endif
