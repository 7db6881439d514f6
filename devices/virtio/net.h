/* SPDX-License-Identifier: MIT */
/*
 * The virtio network card (virtio 1.2 section 5.1); devices/net/net.h is its connection to the
 * host. It keeps no frames: a frame from the host is written to the driver's buffers or is lost.
 */
#ifndef DEVICES_VIRTIO_NET_H
#define DEVICES_VIRTIO_NET_H

#include "devices/device_type.h"
#include "devices/net/merge.h"
#include "devices/net/net.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_NET_PAIRS_MAX 8
#define VIRTIO_NET_MACS_MAX 64 /* of each kind, in the filter's tables */
#define VIRTIO_NET_FLOWS 64

/* 5.1.4 Device configuration layout, as far as the device offers it */
struct virtio_net_config {
	u8 mac[NET_MAC_SIZE];
	u16 status;
	u16 max_virtqueue_pairs;
	u16 mtu;
};

/* Addresses of one kind whose frames the driver wants. */
struct virtio_net_macs {
	u8 mac[VIRTIO_NET_MACS_MAX][NET_MAC_SIZE];
	u8 count;
	bool overflow; /* the driver requested more addresses, so all frames pass */
};

/* A frame that is being written to the driver's buffers. */
struct virtio_net_arrival {
	const u8 *frame;
	size_t size, done;
	unsigned chains; /* 5.1.6.4: num_buffers */
	struct net_merged merged; /* describes the merging if it was merged from several frames */
};

struct virtio_net_setup {
	const char *name; /* see struct virtio_setup */
	u8 mac[NET_MAC_SIZE];
	u16 mtu; /* 0: not offered to the driver */
	unsigned pairs; /* of queues, 1 to VIRTIO_NET_PAIRS_MAX */
	u64 withheld; /* feature bits that are not offered */
	u16 rx_size, tx_size; /* of the queues; 0: QUEUE_SIZE */
};

struct virtio_net {
	struct virtio virtio;
	struct net net;
	struct virtio_net_config config;
	unsigned pairs;
	u8 mac[NET_MAC_SIZE]; /* the card's address after a reset */
	char part[STATE_NAME_MAX], link_part[STATE_NAME_MAX];
	struct virtio_net_arrival arrival;
	u8 frame[NET_FRAME_MAX]; /* the frame that is being sent, or the merged one */
	/* State, besides config.mac and config.status */
	bool modes[6]; /* 5.1.6.5.1, by command: promiscuous ... */
	struct virtio_net_macs unicast, multicast;
	u16 active; /* how many pairs are in use */
	/* By a hash of the flow: the pair on which the driver sends it, and so receives it, too. */
	u8 flows[VIRTIO_NET_FLOWS];
};

/* Initialises the card. The frontend's half of card->net may be set at any time. */
void virtio_net_init(struct virtio_net *card, struct platform *platform,
		     const struct virtio_net_setup *setup);

/* The device's type for -device; its properties are struct virtio_net_properties. */
extern const struct device_type virtio_net_device;

/* For net.c: return the number of the control queue, and serve one chain of it. */
unsigned virtio_net_control_queue(const struct virtio_net *card);
enum virtio_served virtio_net_control(struct virtio_net *card, struct virtq_chain *chain,
				      u32 *written);

/* Resets the filter and the pairs: all frames pass, one pair is in use. */
void virtio_net_control_reset(struct virtio_net *card);

/* Returns whether the driver's filter lets the frame pass. */
bool virtio_net_wanted(const struct virtio_net *card, const u8 *frame);

#endif
