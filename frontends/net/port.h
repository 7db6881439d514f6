/* SPDX-License-Identifier: MIT */
/*
 * A network of the host. Each kind of network is implemented in its own file, which defines a
 * struct net_kind (net/user.c and others). Only files of frontends/net include this.
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
	/*
	 * Opens the network and sets port->self. Returns 0, or -errno with *error. NULL: there is
	 * nothing to open.
	 */
	int (*open)(struct net_port *port, struct board_error *error);
	void (*close)(struct net_port *port); /* only called if open succeeded; may be NULL */
	/* Does what net_awaits does; NULL: the machine may start. */
	bool (*awaits)(struct net_port *port, struct pollset *set);
	/*
	 * Sends a frame from the card into the network. It must not block. NULL: the frame is
	 * dropped.
	 */
	void (*send)(struct net_port *port, const u8 *frame, size_t size);
	/*
	 * `fill_pollset` adds the descriptors and the time limit to wait for, `poll` handles their
	 * events. Both may be NULL.
	 */
	void (*fill_pollset)(struct net_port *port, struct pollset *set);
	void (*poll)(struct net_port *port, struct pollset *set);
	/*
	 * Adds or removes the forwarding of a port of the host to the guest. Returns 0 or -errno.
	 * NULL: this kind cannot forward.
	 */
	int (*forward)(struct net_port *port, const struct net_forward *forward, bool add);
	/* Prints the rest of a line that begins with id and kind, and possibly further lines. */
	void (*info)(struct net_port *port, FILE *out);
};

extern const struct net_kind net_user, net_stream, net_dgram, net_hubport, net_tap;

#define NET_QUEUE_SIZE (2 * MiB) /* bytes of queued frames for a card */
#define NET_OUTPUT_SIZE MiB /* bytes of output that a peer has not accepted yet */
#define NET_QUEUE_FULL (512 * KiB) /* with more queued bytes, nothing is read from the host */

struct net_port {
	const struct netdev_options *options;
	const struct net_kind *kind;
	struct net_port *ports; /* the array of all ports */
	unsigned port_count;
	const struct clock *clock;
	void *self; /* the kind's own data */
	bool open;
	bool unplugged; /* frames are dropped in both directions */
	bool lost; /* set by the kind when it closes: output of a chardev was lost */
	struct net *card; /* NULL: the other end is not a card */
	/*
	 * For a network that is connected to a hub, the hub's port, and vice versa; NULL: it is not
	 * connected to a hub.
	 */
	struct net_port *peer;
	struct net_queue queue; /* frames that wait for the card */
	struct pcap pcaps[4];
	unsigned pcap_count;
};

/*
 * Passes a frame that comes from the network to the other end: it is queued for the card, or goes
 * to the hub, or from a hub's port to the port's network.
 */
void net_port_receive(struct net_port *port, const u8 *frame, size_t size);

/* Passes a frame that comes from the other end into the network. */
void net_port_send(struct net_port *port, const u8 *frame, size_t size);

/* Returns whether the card's queue is so full that nothing should be read from the host. */
bool net_port_full(const struct net_port *port);

/* Fills in *error, with exit code 3, from the format. Returns `failed`, a negative errno. */
int net_port_fail(struct net_port *port, int failed, struct board_error *error, const char *format,
		  ...) PRINTF_LIKE(4, 5);

#endif
