/* SPDX-License-Identifier: MIT */
/*
 * A virtqueue of a device, split (virtio 1.2 section 2.7) or packed (2.8). All devices read their
 * queues through this. Everything that the driver wrote is hostile: descriptors are copied once and
 * checked, and buffers must lie in RAM. This code knows neither transport nor device, and returns
 * faults as a reason.
 */
#ifndef DEVICES_VIRTIO_QUEUE_H
#define DEVICES_VIRTIO_QUEUE_H

#include "bus/bus.h"
#include <sys/uio.h>

#define VIRTQ_SIZE_MAX 1024 /* largest Queue Size, and most buffers in one chain */

/* Feature bits that change the layout or the notifications (6 Reserved Feature Bits). */
#define VIRTIO_F_INDIRECT_DESC BIT(28)
#define VIRTIO_F_EVENT_IDX BIT(29)
#define VIRTIO_F_RING_PACKED BIT(34)

struct virtq_format;

/* The driver's configuration of a queue, and the device's position. All but num_max is state. */
struct virtq {
	u64 desc, driver, device; /* guest-physical addresses of the three areas */
	u32 num; /* Queue Size; 0 when the driver asked for too much */
	u16 last_avail; /* index of the next entry to serve; with the wrap counter when packed */
	u16 used_idx; /* split: index of the used ring's next entry to write */
	u8 ready; /* QueueReady: 0 or 1 */
	u16 num_max; /* fixed; a power of two, at most VIRTQ_SIZE_MAX */
};

/*
 * The areas of a queue in host memory. They are valid for one turn, from virtq_open to virtq_close.
 */
struct virtq_ring {
	const struct virtq_format *format;
	struct virtq *queue;
	struct bus *bus;
	u8 *desc, *device;
	const u8 *driver;
	u16 pushed; /* entries of the ring returned to the driver in this turn */
	bool indirect, event_idx;
	bool looks; /* opened by virtq_look: nothing is written, so no page is marked */
};

/* Pieces of guest memory that are read or written from the front. None is empty. */
struct virtq_buffer {
	struct iovec *iov;
	unsigned count;
	u64 size; /* bytes in all pieces */
};

struct virtq_chain {
	u16 head; /* the driver's name for it: index of the first descriptor, or buffer id */
	u16 length; /* packed: how many of the ring's descriptors it takes */
	struct virtq_buffer out; /* device-readable */
	struct virtq_buffer in; /* device-writable; marked as written already */
	struct iovec iov[VIRTQ_SIZE_MAX]; /* out's pieces, then in's */
};

/* The chains at the front of a queue that have room for a number of bytes together. */
struct virtq_room {
	/* 0: all waiting chains together have less room, or the queue is not in use */
	unsigned chains;
	const char *fault; /* NULL, or what the driver did wrong */
	u16 position; /* last_avail at the chain with the fault */
};

void virtq_reset(struct virtq *queue);

/* Sets QueueNum; more than num_max sets 0, with which no queue can be enabled. */
void virtq_set_num(struct virtq *queue, u32 num);

/*
 * Sets QueueReady = 1: the queue starts at index 0, and all areas must be aligned and in RAM.
 * `features` are the negotiated ones. Here and below, a result `const char *` is NULL, or says what
 * the driver did wrong; the device must then stop using the queue.
 */
const char *virtq_enable(struct virtq *queue, struct bus *bus, u64 features);

/* Returns whether a queue that was read from a file is one that a driver could have configured. */
bool virtq_loaded(struct virtq *queue, struct bus *bus, u64 features);

/* Begin a turn. */
const char *virtq_open(struct virtq_ring *ring, struct virtq *queue, struct bus *bus, u64 features);

/*
 * Opens a copy of a queue, to look at its waiting chains without changing the machine, for callers
 * outside of the machine's time. It needs no virtq_close.
 */
const char *virtq_look(struct virtq_ring *ring, struct virtq *copy, struct bus *bus, u64 features);

/* Counts the waiting chains. */
const char *virtq_waiting(const struct virtq_ring *ring, unsigned *count);

/* Reads the next chain, which must exist; it stays available until it is pushed. */
const char *virtq_peek(const struct virtq_ring *ring, struct virtq_chain *chain);

/* Returns the chain to the driver as used, with `written` bytes from the front of `in` filled. */
void virtq_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written);

/* After virtq_look: steps over the chain that was peeked at, to the next one. */
void virtq_skip(struct virtq_ring *ring, const struct virtq_chain *chain);

/* Ends the turn. Returns whether the driver wants to be notified of the chains pushed in it. */
bool virtq_close(struct virtq_ring *ring);

/*
 * Move `size` bytes from or to the front of a buffer. If it is too short, they return false and
 * move nothing.
 */
bool virtq_buffer_read(struct virtq_buffer *buffer, void *data, u64 size);
bool virtq_buffer_write(struct virtq_buffer *buffer, const void *data, u64 size);

/* Drop bytes from the front; size <= buffer->size. */
void virtq_buffer_skip(struct virtq_buffer *buffer, u64 size);

/* Take the last byte off the end; NULL when the buffer is empty. */
u8 *virtq_buffer_take_last(struct virtq_buffer *buffer);

#endif
