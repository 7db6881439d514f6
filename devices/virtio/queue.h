/* SPDX-License-Identifier: MIT */
/*
 * One virtqueue of a device: the split ring of virtio 1.2 section 2.7, walked once for all
 * devices. Everything the driver wrote is hostile: descriptors are copied once and checked, and
 * buffers must lie in RAM. Knows neither transport nor device; faults come back as a reason.
 */
#ifndef DEVICES_VIRTIO_QUEUE_H
#define DEVICES_VIRTIO_QUEUE_H

#include "bus/bus.h"
#include <sys/uio.h>

#define VIRTQ_SIZE_MAX 256 /* largest Queue Size, and most buffers in one chain */

/* Feature bits that change the walk (6 Reserved Feature Bits). */
#define VIRTIO_F_INDIRECT_DESC BIT(28)
#define VIRTIO_F_EVENT_IDX BIT(29)

/* What the driver configured, and how far the device has come. All but num_max is state. */
struct virtq {
	u64 desc, driver, device; /* guest-physical addresses of the three areas */
	u32 num; /* Queue Size; 0 when the driver asked for an impossible one */
	u16 last_avail; /* index of the available ring's next entry to serve */
	u16 used_idx; /* index of the used ring's next entry to write */
	u8 ready; /* QueueReady: 0 or 1 */
	u16 num_max; /* fixed; a power of two, at most VIRTQ_SIZE_MAX */
};

/* The areas of one queue in host memory, for the length of one turn. */
struct virtq_ring {
	struct virtq *queue;
	struct bus *bus;
	const u8 *desc;
	u8 *avail, *used;
	u16 used_before; /* used_idx when the turn began */
	bool indirect, event_idx;
};

/* Pieces of guest memory that are read or written from the front. No piece is empty. */
struct virtq_buffer {
	struct iovec *iov;
	unsigned count;
	u64 size; /* bytes in all pieces */
};

struct virtq_chain {
	u16 head;
	struct virtq_buffer out; /* device-readable */
	struct virtq_buffer in; /* device-writable; marked as written already */
	struct iovec iov[VIRTQ_SIZE_MAX]; /* out's pieces, then in's */
};

void virtq_reset(struct virtq *queue);

/* QueueNum, stored only when possible; else the queue cannot be enabled. */
void virtq_set_num(struct virtq *queue, u32 num);

/*
 * QueueReady = 1: start at index 0, all areas aligned and in RAM. Here and below, a `const char *`
 * is NULL or says what the driver did wrong; the device must then stop using the queue.
 */
const char *virtq_enable(struct virtq *queue, struct bus *bus);

/* Is this, read back from a file, a queue that a driver could have configured? */
bool virtq_loaded(struct virtq *queue, struct bus *bus);

/* Begin a turn: `features` are the negotiated ones. */
const char *virtq_open(struct virtq_ring *ring, struct virtq *queue, struct bus *bus, u64 features);

/* How many chains wait. */
const char *virtq_waiting(const struct virtq_ring *ring, unsigned *count);

/* The next chain, which must wait; it stays available until it is pushed. */
const char *virtq_peek(const struct virtq_ring *ring, struct virtq_chain *chain);

/* Give the chain back as used, with `written` bytes from the front of `in` filled. */
void virtq_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written);

/* Step over the chain that was peeked at, to look at those behind it; never in a turn. */
void virtq_skip(struct virtq_ring *ring, const struct virtq_chain *chain);

/* End the turn; true when the driver wants to be notified of what was pushed in it. */
bool virtq_close(struct virtq_ring *ring);

/* Move `size` bytes from or to the front of a buffer; false and nothing moved when too short. */
bool virtq_buffer_read(struct virtq_buffer *buffer, void *data, u64 size);
bool virtq_buffer_write(struct virtq_buffer *buffer, const void *data, u64 size);

/* Drop bytes from the front; size <= buffer->size. */
void virtq_buffer_skip(struct virtq_buffer *buffer, u64 size);

/* Take the last byte off the end; NULL when the buffer is empty. */
u8 *virtq_buffer_take_last(struct virtq_buffer *buffer);

#endif
