/* SPDX-License-Identifier: MIT */
/* A guest with a network card, and the frames that the card has sent to the host's side. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_NET_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_NET_GUEST_H

#include "guest.h"
#include "devices/virtio/net.h"
#include "devices/virtio/net_features.h"

#define NET_HEADER 12 /* virtio_net_hdr */
#define NET_BUFFER(n) (GUEST_DATA + (n) * 0x20000ull)

struct net_guest {
	struct guest guest;
	struct virtio_net card;
	struct guest_queue rx, tx, control;
	unsigned sent;
	size_t size[128]; /* the sizes of the first frames that were sent */
	u8 frame[NET_FRAME_MAX]; /* the last frame that was sent */
	u8 row[2 * NET_FRAME_MAX]; /* the row of frames (net_put) that is given to the card */
};
GUEST_COMES_FIRST(struct net_guest);

/* Makes a guest and attaches a card with this number of queue pairs. */
void net_guest_init(struct net_guest *g, unsigned pairs);

/*
 * The setup of cmocka for a test whose state is such a guest, with a card of one queue pair; the
 * teardown is guest_teardown().
 */
int net_guest_setup(void **state);
#define NET_GUEST_TEST(name, g)                                                                    \
	cmocka_unit_test_prestate_setup_teardown(name, net_guest_setup, guest_teardown, g)

/* Negotiates these features and VERSION_1, enables queues of 64 entries, and sets DRIVER_OK. */
void net_guest_start(struct net_guest *g, u64 features);

/* Sends a frame, preceded by the header. Both are copied to guest memory. */
void net_guest_send(struct net_guest *g, const u8 header[NET_HEADER], const u8 *frame, size_t size);

/* Offers the receive buffer NET_BUFFER(n) to the card. */
void net_guest_offer(struct net_guest *g, u16 n, u32 size);

/* Returns whether the card would accept a frame of this size now. */
bool net_guest_ready(struct net_guest *g, size_t size);

/* Gives a frame to the card, as the host does. */
void net_guest_put(struct net_guest *g, const u8 *frame, size_t size);

/* Sends a command with its data. Returns the acknowledgement. */
u8 net_guest_command(struct net_guest *g, u8 class, u8 number, const void *data, u32 size);

#endif
