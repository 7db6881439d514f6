/* SPDX-License-Identifier: MIT */
/*
 * The parts of a virtqueue that are the same in both formats: its areas, the memory to which a
 * descriptor may refer, and buffers. The formats are in queue_split.c and queue_packed.c.
 */
#include "devices/virtio/queue.h"
#include <string.h>

#include "devices/virtio/queue_format.h"

/* A chain must not be "longer than 2^32 bytes in total" (2.7.5). */
#define CHAIN_BYTES_MAX (1ull << 32)

void virtq_reset(struct virtq *queue)
{
	u16 num_max = queue->num_max;

	*queue = (struct virtq){ .num = num_max, .num_max = num_max };
}

void virtq_set_num(struct virtq *queue, u32 num)
{
	queue->num = num <= queue->num_max ? num : 0;
}

static const struct virtq_format *format_of(u64 features)
{
	return features & VIRTIO_F_RING_PACKED ? &virtq_packed : &virtq_split;
}

static struct virtq_ring ring_of(struct virtq *queue, struct bus *bus, u64 features, bool readonly)
{
	return (struct virtq_ring){
		.format = format_of(features),
		.queue = queue,
		.bus = bus,
		.indirect = features & VIRTIO_F_INDIRECT_DESC,
		.event_idx = features & VIRTIO_F_EVENT_IDX,
		.readonly = readonly,
	};
}

/*
 * Maps guest memory. Memory that the device may write is marked as written, unless the ring is only
 * looked at.
 */
static void *map(const struct virtq_ring *ring, u64 addr, u64 len, bool write)
{
	return ring->readonly ? bus_dma_peek(ring->bus, addr, len, write) :
				bus_dma_map(ring->bus, addr, len, write);
}

/* Maps the three areas of a queue. Returns what is wrong with them, or NULL. */
static const char *map_areas(struct virtq_ring *ring)
{
	const struct virtq *queue = ring->queue;
	const struct virtq_format *format = ring->format;
	u64 driver_size, device_size;

	if (!queue->num || !format->num_possible(queue->num))
		return "impossible queue size";
	if (queue->desc % VIRTQ_DESC_SIZE || queue->driver % format->driver_alignment ||
	    queue->device % format->device_alignment)
		return "misaligned ring";
	driver_size = format->driver_size(queue->num);
	device_size = format->device_size(queue->num);
	ring->desc =
		map(ring, queue->desc, (u64)queue->num * VIRTQ_DESC_SIZE, format == &virtq_packed);
	ring->driver = map(ring, queue->driver, driver_size, false);
	ring->device = map(ring, queue->device, device_size, true);
	return ring->desc && ring->driver && ring->device ? NULL : "ring outside RAM";
}

const char *virtq_enable(struct virtq *queue, struct bus *bus, u64 features)
{
	struct virtq_ring ring = ring_of(queue, bus, features, false);
	const char *fault = map_areas(&ring);

	if (fault)
		return fault;
	queue->last_avail = ring.format->first_avail;
	queue->used_idx = 0;
	queue->ready = 1;
	return NULL;
}

/*
 * Returns whether the loaded queue is valid. Changes no memory, so that LR/SC reservations that
 * were loaded remain valid.
 */
bool virtq_loaded(struct virtq *queue, struct bus *bus, u64 features)
{
	struct virtq_ring ring = ring_of(queue, bus, features, true);

	return queue->num <= queue->num_max && queue->ready <= 1 &&
	       !(queue->ready && (map_areas(&ring) || !ring.format->position_possible(queue)));
}

const char *virtq_open(struct virtq_ring *ring, struct virtq *queue, struct bus *bus, u64 features)
{
	*ring = ring_of(queue, bus, features, false);
	return map_areas(ring);
}

const char *virtq_open_readonly(struct virtq_ring *ring, struct virtq *copy, struct bus *bus,
				u64 features)
{
	*ring = ring_of(copy, bus, features, true);
	return map_areas(ring);
}

const char *virtq_waiting(const struct virtq_ring *ring, unsigned *count)
{
	return ring->format->waiting(ring, count);
}

const char *virtq_peek(const struct virtq_ring *ring, struct virtq_chain *chain)
{
	return ring->format->peek(ring, chain);
}

void virtq_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written)
{
	ring->format->push(ring, chain, written);
}

void virtq_skip(struct virtq_ring *ring, const struct virtq_chain *chain)
{
	ring->format->skip(ring, chain);
}

bool virtq_close(struct virtq_ring *ring)
{
	return ring->format->close(ring);
}

void virtq_chain_begin(struct virtq_chain *chain)
{
	chain->out = chain->in = (struct virtq_buffer){ .iov = chain->iov };
}

const char *virtq_chain_add(const struct virtq_ring *ring, struct virtq_chain *chain,
			    const struct virtq_piece *piece)
{
	bool write = piece->flags & VIRTQ_DESC_F_WRITE;
	struct virtq_buffer *buffer = write ? &chain->in : &chain->out;
	unsigned pieces = chain->out.count + chain->in.count;
	void *host;

	if (pieces == VIRTQ_SIZE_MAX)
		return "descriptor chain loops or is too long";
	if (!write && chain->in.count)
		return "device-readable descriptor after a device-writable one";
	if (!piece->len || chain->out.size + chain->in.size + piece->len > CHAIN_BYTES_MAX)
		return "bad descriptor length";
	host = map(ring, piece->addr, piece->len, write);
	if (!host)
		return "descriptor outside RAM";
	if (!buffer->count)
		buffer->iov = &chain->iov[pieces];
	buffer->iov[buffer->count++] = (struct iovec){ host, piece->len };
	buffer->size += piece->len;
	return NULL;
}

const char *virtq_indirect(const struct virtq_ring *ring, const struct virtq_piece *piece,
			   const u8 **table, u32 *count)
{
	if (!ring->indirect)
		return "indirect descriptor not negotiated";
	if (piece->flags & VIRTQ_DESC_F_NEXT)
		return "indirect descriptor with a next one";
	if (!piece->len || piece->len % VIRTQ_DESC_SIZE)
		return "bad indirect table length";
	*table = map(ring, piece->addr, piece->len, false);
	*count = piece->len / VIRTQ_DESC_SIZE;
	return *table ? NULL : "indirect table outside RAM";
}

/*
 * Copies `size` bytes of the buffer, which has that many, to `to` or from `from`, or skips them if
 * both are NULL.
 */
static void buffer_move(struct virtq_buffer *buffer, u8 *to, const u8 *from, u64 size)
{
	buffer->size -= size;
	for (u64 done = 0, part; done < size; done += part) {
		struct iovec *piece = buffer->iov;

		part = MIN(size - done, piece->iov_len);
		if (to)
			memcpy(to + done, piece->iov_base, part);
		if (from)
			memcpy(piece->iov_base, from + done, part);
		piece->iov_base = (u8 *)piece->iov_base + part;
		piece->iov_len -= part;
		if (!piece->iov_len) {
			buffer->iov++;
			buffer->count--;
		}
	}
}

bool virtq_buffer_read(struct virtq_buffer *buffer, void *data, u64 size)
{
	if (size > buffer->size)
		return false;
	buffer_move(buffer, data, NULL, size);
	return true;
}

bool virtq_buffer_write(struct virtq_buffer *buffer, const void *data, u64 size)
{
	if (size > buffer->size)
		return false;
	buffer_move(buffer, NULL, data, size);
	return true;
}

void virtq_buffer_skip(struct virtq_buffer *buffer, u64 size)
{
	assert(size <= buffer->size);
	buffer_move(buffer, NULL, NULL, size);
}

void virtq_buffer_cut(struct virtq_buffer *buffer, u64 size)
{
	assert(size <= buffer->size);
	while (buffer->size > size) {
		struct iovec *last = &buffer->iov[buffer->count - 1];
		u64 cut = MIN(buffer->size - size, last->iov_len);

		buffer->size -= cut;
		last->iov_len -= cut;
		if (!last->iov_len)
			buffer->count--;
	}
}

u8 *virtq_buffer_take_last(struct virtq_buffer *buffer)
{
	struct iovec *last;

	if (!buffer->count)
		return NULL;
	last = &buffer->iov[buffer->count - 1];
	buffer->size--;
	if (!--last->iov_len)
		buffer->count--;
	return (u8 *)last->iov_base + last->iov_len;
}
