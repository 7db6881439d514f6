/* SPDX-License-Identifier: MIT */
/*
 * A guest with one queue and no device: tests walk its ring, split or packed, as a device does, and
 * say where its areas may be.
 */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_RING_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_RING_GUEST_H

#include "guest.h"

/* The queue's areas, with room for any size of it. */
#define RING_DESC GUEST_QUEUE(0)
#define RING_DRIVER (RING_DESC + 0x4000)
#define RING_DEVICE (RING_DESC + 0x8000)
#define RING_TABLE (GUEST_DATA + 0x10000) /* of indirect descriptors */
#define RING_NUM_MAX 16

struct ring_guest {
	struct guest guest;
	u64 features; /* that are always negotiated */
	struct virtq queue;
	struct virtq_ring ring;
	struct virtq_chain chain;
	/* The driver's side of a packed ring. */
	unsigned next;
	bool wrap;
};
GUEST_COMES_FIRST(struct ring_guest);

/* Areas of a queue, and whether they are accepted. */
struct ring_place {
	u64 desc, driver, device;
	bool good;
};

/* A queue of `num` entries, enabled, with `features` always negotiated. */
void ring_guest_init(struct ring_guest *f, u32 num, u64 features);

/* Opens the ring as a device does, with these features, too. */
void ring_guest_open(struct ring_guest *f, u64 features);

/* The chains that wait in the open ring. */
unsigned ring_guest_waiting(struct ring_guest *f);

/* Opens the ring and says why the walk of its first chain fails, or NULL. */
const char *ring_guest_walk(struct ring_guest *f, u64 features);

/* The walk must fail with these words in what it says, and without an access to a device. */
void ring_guest_check_fault(struct ring_guest *f, const char *what, const char *fault,
			    const char *words);

/* A queue of the guest's size is enabled at the good places, and not at the others. */
void ring_guest_check_places(struct ring_guest *f, const struct ring_place *places, unsigned count);

#endif
