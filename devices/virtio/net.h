/* SPDX-License-Identifier: MIT */
/*
 * The virtio network card (virtio 1.2 section 5.1), with a cable of devices/net/net.h on the host's
 * side. Holds no frames: one that comes from the host goes into the driver's buffers or is lost.
 */
#ifndef DEVICES_VIRTIO_NET_H
#define DEVICES_VIRTIO_NET_H

#include "devices/board/device_types.h"
#include "devices/net/merge.h"
#include "devices/net/net.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_NET_PAIRS_MAX 8
#define VIRTIO_NET_MACS_MAX 64 /* of each kind in the filter's table */
#define VIRTIO_NET_FLOWS 64

/* 5.1.4 Device configuration layout, as far as it is offered */
struct virtio_net_config {
	u8 mac[NET_MAC_SIZE];
	u16 status;
	u16 max_virtqueue_pairs;
	u16 mtu;
};

/* Addresses of one kind that the driver wants frames to. */
struct virtio_net_macs {
	u8 mac[VIRTIO_NET_MACS_MAX][NET_MAC_SIZE];
	u8 count;
	bool overflow; /* it named more: all are let through */
};

/* The frame that is on its way into the driver's buffers. */
struct virtio_net_arrival {
	const u8 *frame;
	size_t size, done;
	unsigned chains; /* 5.1.6.4: num_buffers */
	struct net_merged merged; /* what it was made of, if of several */
};

struct virtio_net_setup {
	const char *name; /* as virtio_setup's */
	u8 mac[NET_MAC_SIZE];
	u16 mtu; /* 0: the driver is told none */
	unsigned pairs; /* of queues, 1 to VIRTIO_NET_PAIRS_MAX */
};

struct virtio_net {
	struct virtio virtio;
	struct net net;
	struct virtio_net_config config;
	unsigned pairs;
	u8 mac[NET_MAC_SIZE]; /* that it has after a reset */
	char part[STATE_NAME_MAX], link_part[STATE_NAME_MAX];
	struct virtio_net_arrival arrival;
	u8 frame[NET_FRAME_MAX]; /* that is being sent, or was made of several */
	/* State, beside config.mac and config.status */
	bool modes[6]; /* 5.1.6.5.1, by command: promiscuous ... */
	struct virtio_net_macs unicast, multicast;
	u16 active; /* pairs in use */
	u8 flows[VIRTIO_NET_FLOWS]; /* by a hash of a flow: the pair it is sent on */
};

/* The frontend's half of card->net may be set at any time. */
void virtio_net_init(struct virtio_net *card, struct platform *platform,
		     const struct virtio_net_setup *setup);

/* device_type's; the properties are struct virtio_net_properties. */
int virtio_net_create(void *self, struct device_setup *setup, struct virtio **virtio);

/* For net.c: the queue that the driver sends commands on, and one of those. */
unsigned virtio_net_control_queue(const struct virtio_net *card);
enum virtio_served virtio_net_control(struct virtio_net *card, struct virtq_chain *chain,
				      u32 *written);

/* As at reset: everything is let through, one pair is in use. */
void virtio_net_control_reset(struct virtio_net *card);

/* Does the driver want the frame? */
bool virtio_net_wanted(const struct virtio_net *card, const u8 *frame);

#endif
