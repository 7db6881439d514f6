/* SPDX-License-Identifier: MIT */
/*
 * A guest with one queue and no device: tests walk the queue's ring, split or packed, as a device
 * does, and check where its areas may be.
 */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_RING_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_RING_GUEST_H

#include "guest.h"

/* The areas of the queue, with room for any number of entries. */
#define RING_DESC GUEST_QUEUE(0)
#define RING_DRIVER (RING_DESC + 0x4000)
#define RING_DEVICE (RING_DESC + 0x8000)
#define RING_TABLE (GUEST_DATA + 0x10000) /* a table of indirect descriptors */
#define RING_NUM_MAX 16

struct ring_guest {
	struct guest guest;
	u64 features; /* the features that are always negotiated */
	struct virtq queue;
	struct virtq_ring ring;
	struct virtq_chain chain;
	/* The driver's side of a packed ring. */
	unsigned next;
	bool wrap;
};
GUEST_COMES_FIRST(struct ring_guest);

/* The addresses of a queue's areas, and whether they must be accepted. */
struct ring_place {
	u64 desc, driver, device;
	bool good;
};

/*
 * Makes a guest with an enabled queue of `num` entries, for which `features` are always negotiated.
 */
void ring_guest_init(struct ring_guest *f, u32 num, u64 features);

/* Opens the ring as a device does. `features` are negotiated in addition. */
void ring_guest_open(struct ring_guest *f, u64 features);

/* Returns the number of chains that wait in the open ring. */
unsigned ring_guest_waiting(struct ring_guest *f);

/* Opens the ring and walks its first chain. Returns the text of the fault, or NULL. */
const char *ring_guest_walk(struct ring_guest *f, u64 features);

/* Fails the test unless the fault's text contains these words, and no device was accessed. */
void ring_guest_check_fault(struct ring_guest *f, const char *what, const char *fault,
			    const char *words);

/* Checks that a queue of the guest's size can be enabled at exactly the good places. */
void ring_guest_check_places(struct ring_guest *f, const struct ring_place *places, unsigned count);

#endif
