/* SPDX-License-Identifier: MIT */
/*
 * A virtqueue of a device, split (virtio 1.2 section 2.7) or packed (2.8). All devices access their
 * queues through this. Nothing that the driver wrote is trusted: descriptors are copied once and
 * checked, and buffers must be in RAM. This code knows neither transport nor device. It reports a
 * driver's fault by returning a text that describes it.
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

/*
 * The driver's configuration of a queue, and the device's position in it. All fields but num_max
 * are state.
 */
struct virtq {
	u64 desc, driver, device; /* guest-physical addresses of the three areas */
	u32 num; /* Queue Size; 0 if the driver set too large a number */
	/* index of the next entry to serve; in a packed queue with the wrap counter */
	u16 last_avail;
	u16 used_idx; /* in a split queue: index of the used ring's entry that is written next */
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
	u16 pushed; /* how many entries of the ring were returned to the driver in this turn */
	bool indirect, event_idx;
	bool readonly; /* by virtq_open_readonly: nothing is written, no page is marked */
};

/* Pieces of guest memory that are read or written from the front. No piece is empty. */
struct virtq_buffer {
	struct iovec *iov;
	unsigned count;
	u64 size; /* bytes in all pieces */
};

struct virtq_chain {
	/* the driver's number of the chain: index of its first descriptor, or buffer id */
	u16 head;
	u16 length; /* in a packed queue: how many of the ring's descriptors it occupies */
	struct virtq_buffer out; /* device-readable */
	struct virtq_buffer in; /* device-writable; its pages are already marked as written */
	struct iovec iov[VIRTQ_SIZE_MAX]; /* out's pieces, then in's */
};

/* The first chains of a queue, as many as have room for a number of bytes together. */
struct virtq_room {
	/* how many chains; 0: all that wait have less room together, or the queue is not in use */
	unsigned chains;
	const char *fault; /* NULL, or a text on what the driver did wrong */
	u16 position; /* last_avail at the chain with the fault */
};

/* Disables a queue and resets its configuration and position. */
void virtq_reset(struct virtq *queue);

/* Sets QueueNum. More than num_max sets it to 0, with which no queue can be enabled. */
void virtq_set_num(struct virtq *queue, u32 num);

/*
 * Sets QueueReady = 1. The queue starts at index 0, and all of its areas must be aligned and in
 * RAM. `features` are the negotiated ones. Here and below, a result of type const char * is NULL,
 * or describes what the driver did wrong; the device must not use the queue any more then.
 */
const char *virtq_enable(struct virtq *queue, struct bus *bus, u64 features);

/* Returns whether a queue that was loaded from a file could have been configured by a driver. */
bool virtq_loaded(struct virtq *queue, struct bus *bus, u64 features);

/* Begins a turn: maps the areas of the queue. */
const char *virtq_open(struct virtq_ring *ring, struct virtq *queue, struct bus *bus, u64 features);

/*
 * Opens a copy of a queue, to read its waiting chains without changing the machine, for callers
 * outside of the run loop. Needs no virtq_close.
 */
const char *virtq_open_readonly(struct virtq_ring *ring, struct virtq *copy, struct bus *bus,
				u64 features);

/* Counts the waiting chains. */
const char *virtq_waiting(const struct virtq_ring *ring, unsigned *count);

/* Reads the next chain, which must exist. It stays available until it is pushed. */
const char *virtq_peek(const struct virtq_ring *ring, struct virtq_chain *chain);

/* Returns the chain to the driver as used, with `written` bytes filled from the front of `in`. */
void virtq_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written);

/* Moves on to the next chain after one that was peeked at; only after virtq_open_readonly. */
void virtq_skip(struct virtq_ring *ring, const struct virtq_chain *chain);

/*
 * Ends the turn. Returns whether the driver must be notified of the chains that were pushed in it.
 */
bool virtq_close(struct virtq_ring *ring);

/*
 * Copy `size` bytes from or to the front of a buffer. If it is shorter, they return false and copy
 * nothing.
 */
bool virtq_buffer_read(struct virtq_buffer *buffer, void *data, u64 size);
bool virtq_buffer_write(struct virtq_buffer *buffer, const void *data, u64 size);

/* Drops bytes from the front; size <= buffer->size. */
void virtq_buffer_skip(struct virtq_buffer *buffer, u64 size);

/* Drops bytes from the end, so that `size` are left; size <= buffer->size. */
void virtq_buffer_cut(struct virtq_buffer *buffer, u64 size);

/* Removes the last byte of the buffer, and returns a pointer to it; NULL if the buffer is empty. */
u8 *virtq_buffer_take_last(struct virtq_buffer *buffer);

#endif
