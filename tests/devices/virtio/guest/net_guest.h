/* SPDX-License-Identifier: MIT */
/* A guest with a network card, and the frames that leave the card on the host's side. */
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
	size_t size[128]; /* of the frames that were sent */
	u8 frame[NET_FRAME_MAX]; /* the last of them */
	u8 row[2 * NET_FRAME_MAX]; /* that is put */
};
GUEST_COMES_FIRST(struct net_guest);

/* Initialise a card with so many pairs of queues and attach it. */
void net_guest_init(struct net_guest *g, unsigned pairs);

/*
 * This is cmocka's setup of a test whose state is such a guest, with a card of one pair;
 * guest_teardown() is its counterpart.
 */
int net_guest_setup(void **state);
#define NET_GUEST_TEST(name, g)                                                                    \
	cmocka_unit_test_prestate_setup_teardown(name, net_guest_setup, guest_teardown, g)

/* Negotiate these features and VERSION_1, queues of 64, DRIVER_OK. */
void net_guest_start(struct net_guest *g, u64 features);

/* Send a frame with the header before it; both are copied into guest memory. */
void net_guest_send(struct net_guest *g, const u8 header[NET_HEADER], const u8 *frame, size_t size);

/* Offer a receive buffer at NET_BUFFER(n). */
void net_guest_offer(struct net_guest *g, u16 n, u32 size);

/* Returns whether the host would put a frame of the size now. */
bool net_guest_ready(struct net_guest *g, size_t size);

/* The host puts a frame. */
void net_guest_put(struct net_guest *g, const u8 *frame, size_t size);

/* A command with its data; the acknowledgement. */
u8 net_guest_command(struct net_guest *g, u8 class, u8 number, const void *data, u32 size);

#endif
