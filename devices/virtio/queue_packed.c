/* SPDX-License-Identifier: MIT */
/*
 * The packed virtqueue (virtio 1.2, 2.8): one ring of descriptors, which driver and device both
 * write, a wrap counter of each, and two structures for event suppression. Because chains are
 * returned in the order in which they are taken, one position is sufficient: virtq.last_avail has
 * the format of those structures, an index in bits 14:0 and the wrap counter in bit 15. Start at
 * packed_peek.
 */
#include <string.h>

#include "devices/virtio/queue_format.h"

/* 2.8.13 pvirtq_desc; little-endian, like the host. */
struct pvirtq_desc {
	u64 addr;
	u32 len;
	u16 id;
	u16 flags;
};

#define FLAGS offsetof(struct pvirtq_desc, flags)
#define VIRTQ_DESC_F_AVAIL BIT(7)
#define VIRTQ_DESC_F_USED BIT(15)

/*
 * 2.8.14 Event Suppression Structure Format: the driver area and the device area are such
 * structures.
 */
#define EVENT_DESC 0
#define EVENT_FLAGS 2
#define EVENT_SIZE 4
#define RING_EVENT_FLAGS_DISABLE 1
#define RING_EVENT_FLAGS_DESC 2

#define WRAP 0x8000

static u32 event_size(u32 num)
{
	(void)num;
	return EVENT_SIZE;
}

/* Returns true: any queue size is possible, not only powers of two (2.8.10.1). */
static bool packed_num_possible(u32 num)
{
	(void)num;
	return true;
}

static u32 index_of(u16 position)
{
	return position & (WRAP - 1);
}

static bool packed_position_possible(const struct virtq *queue)
{
	return index_of(queue->last_avail) < queue->num;
}

/* Returns the position that is `count` descriptors further; `count` is at most num. */
static u16 ahead(const struct virtq *queue, u16 position, u32 count)
{
	u32 index = index_of(position) + count;
	u16 wrap = position & WRAP;

	if (index >= queue->num) {
		index -= queue->num;
		wrap ^= WRAP;
	}
	return (u16)(index | wrap);
}

static const u8 *at(const struct virtq_ring *ring, u16 position)
{
	return ring->desc + index_of(position) * sizeof(struct pvirtq_desc);
}

/*
 * Returns whether a descriptor is available: the driver sets AVAIL to its wrap counter, and USED to
 * the inverse (2.8.1).
 */
static bool available(u16 flags, u16 position)
{
	bool wrap = position & WRAP;

	return !!(flags & VIRTQ_DESC_F_AVAIL) == wrap && !!(flags & VIRTQ_DESC_F_USED) != wrap;
}

/*
 * Returns the number of descriptors in the chain at the position, or 0 if it is longer than the
 * ring.
 */
static u32 chain_length(const struct virtq_ring *ring, u16 position)
{
	const struct virtq *queue = ring->queue;

	for (u32 count = 1; count <= queue->num; count++) {
		if (!(virtq_load(at(ring, position), FLAGS) & VIRTQ_DESC_F_NEXT))
			return count;
		position = ahead(queue, position, 1);
	}
	return 0;
}

static const char *packed_waiting(const struct virtq_ring *ring, unsigned *count)
{
	const struct virtq *queue = ring->queue;
	u16 position = queue->last_avail;

	*count = 0;
	/* The loop ends: each chain has at least one of the ring's descriptors. */
	for (u32 seen = 0; seen < queue->num; ++*count) {
		u32 length;

		if (!available(virtq_load(at(ring, position), FLAGS), position))
			break;
		length = chain_length(ring, position);
		if (!length)
			return "descriptor chain is longer than the ring";
		position = ahead(queue, position, length);
		seen += length;
	}
	return NULL;
}

/*
 * Adds the pieces of an indirect table, which are all its entries in order. Of their flags only
 * WRITE is used (2.8.7).
 */
static const char *add_table(const struct virtq_ring *ring, struct virtq_chain *chain,
			     const struct virtq_piece *piece)
{
	const u8 *table;
	u32 count;
	const char *fault = virtq_indirect(ring, piece, &table, &count);

	for (u32 n = 0; !fault && n < count; n++) {
		struct pvirtq_desc desc;
		struct virtq_piece inner;

		memcpy(&desc, table + n * sizeof(desc), sizeof(desc));
		inner = (struct virtq_piece){ desc.addr, desc.len, desc.flags };
		if (desc.flags & VIRTQ_DESC_F_INDIRECT)
			return "indirect descriptor in an indirect table";
		fault = virtq_chain_add(ring, chain, &inner);
	}
	return fault;
}

static const char *packed_peek(const struct virtq_ring *ring, struct virtq_chain *chain)
{
	const struct virtq *queue = ring->queue;
	u16 position = queue->last_avail;
	const char *fault = NULL;

	virtq_chain_begin(chain);
	for (chain->length = 1; !fault && chain->length <= queue->num; chain->length++) {
		struct pvirtq_desc desc;
		struct virtq_piece piece;

		memcpy(&desc, at(ring, position), sizeof(desc));
		piece = (struct virtq_piece){ desc.addr, desc.len, desc.flags };
		if (desc.flags & VIRTQ_DESC_F_INDIRECT)
			fault = add_table(ring, chain, &piece);
		else
			fault = virtq_chain_add(ring, chain, &piece);
		/* The id of a chain is in its last descriptor (2.8.6). */
		chain->head = desc.id;
		if (!(desc.flags & VIRTQ_DESC_F_NEXT))
			return fault;
		position = ahead(queue, position, 1);
	}
	return fault ? fault : "descriptor chain is longer than the ring";
}

/*
 * Returns a chain to the driver. One used descriptor stands for the whole chain; its flags are
 * written last (2.8.20).
 */
static void packed_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written)
{
	struct virtq *queue = ring->queue;
	u8 *used = ring->desc + index_of(queue->last_avail) * sizeof(struct pvirtq_desc);
	u16 flags = written ? VIRTQ_DESC_F_WRITE : 0;

	if (queue->last_avail & WRAP)
		flags |= (u16)(VIRTQ_DESC_F_AVAIL | VIRTQ_DESC_F_USED);
	memcpy(used + offsetof(struct pvirtq_desc, len), &written, sizeof(written));
	memcpy(used + offsetof(struct pvirtq_desc, id), &chain->head, sizeof(chain->head));
	virtq_store(used, FLAGS, flags);
	queue->last_avail = ahead(queue, queue->last_avail, chain->length);
	ring->pushed += chain->length;
}

static void packed_skip(struct virtq_ring *ring, const struct virtq_chain *chain)
{
	ring->queue->last_avail = ahead(ring->queue, ring->queue->last_avail, chain->length);
}

/* Returns whether the descriptor at `event` is among those that have just been used. */
static bool passed(const struct virtq_ring *ring, u16 event)
{
	const struct virtq *queue = ring->queue;
	u16 now = (u16)index_of(queue->last_avail), index = (u16)index_of(event);

	/* If the wrap counters differ, the event is in the previous round of the ring. */
	if ((event ^ queue->last_avail) & WRAP)
		index -= (u16)queue->num;
	return (u16)(now - index - 1) < ring->pushed;
}

static bool packed_close(struct virtq_ring *ring)
{
	u16 flags = virtq_load(ring->driver, EVENT_FLAGS);
	u16 event = virtq_load(ring->driver, EVENT_DESC);

	if (ring->event_idx)
		virtq_store(ring->device, EVENT_DESC, ring->queue->last_avail);
	virtq_store(ring->device, EVENT_FLAGS, ring->event_idx ? RING_EVENT_FLAGS_DESC : 0);
	if (!ring->pushed || flags == RING_EVENT_FLAGS_DISABLE)
		return false;
	return flags != RING_EVENT_FLAGS_DESC || !ring->event_idx || passed(ring, event);
}

const struct virtq_format virtq_packed = {
	.driver_size = event_size,
	.device_size = event_size,
	.driver_alignment = 4,
	.device_alignment = 4,
	.num_possible = packed_num_possible,
	.position_possible = packed_position_possible,
	.first_avail = WRAP,
	.waiting = packed_waiting,
	.peek = packed_peek,
	.push = packed_push,
	.skip = packed_skip,
	.close = packed_close,
};
