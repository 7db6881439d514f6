/* SPDX-License-Identifier: MIT */
/*
 * The split virtqueue (virtio 1.2, 2.7): available ring, descriptor chains with indirect tables,
 * used ring, and notification suppression by flag or event index. Each field that the driver writes
 * is loaded only once, so that the value that is used is the one that was checked. Start at
 * split_peek.
 */
#include <string.h>

#include "devices/virtio/queue_format.h"

/* 2.7.5 The Virtqueue Descriptor Table; little-endian, like the host. */
struct virtq_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

#define VIRTQ_AVAIL_F_NO_INTERRUPT 1

/* Offsets in struct virtq_avail and struct virtq_used; the event fields follow the entries. */
#define RING_FLAGS 0
#define RING_IDX 2
#define RING_ENTRIES 4
#define AVAIL_ENTRY 2
#define USED_ENTRY 8
#define RING_SIZE(num, entry) (RING_ENTRIES + (num) * (entry) + 2)

/* A descriptor table: the queue's own, or an indirect one. */
struct table {
	const u8 *base;
	u32 count;
	bool inner;
};

static u32 avail_size(u32 num)
{
	return RING_SIZE(num, AVAIL_ENTRY);
}

static u32 used_size(u32 num)
{
	return RING_SIZE(num, USED_ENTRY);
}

static bool split_num_possible(u32 num)
{
	return !(num & (num - 1));
}

/* Returns true: any position is possible, because indices are free-running. */
static bool split_position_possible(const struct virtq *queue)
{
	(void)queue;
	return true;
}

static const char *split_waiting(const struct virtq_ring *ring, unsigned *count)
{
	*count = (u16)(virtq_load(ring->driver, RING_IDX) - ring->queue->last_avail);
	return *count <= ring->queue->num ? NULL : "available index ran ahead of the ring";
}

/* Enters the indirect table to which a descriptor refers (2.7.5.3 Indirect Descriptors). */
static const char *enter(const struct virtq_ring *ring, const struct virtq_piece *piece,
			 struct table *table)
{
	if (table->inner)
		return "indirect descriptor in an indirect table";
	table->inner = true;
	return virtq_indirect(ring, piece, &table->base, &table->count);
}

static const char *split_peek(const struct virtq_ring *ring, struct virtq_chain *chain)
{
	const struct virtq *queue = ring->queue;
	struct table table = { ring->desc, queue->num, false };
	u32 slot = queue->last_avail & (queue->num - 1);
	u32 index = virtq_load(ring->driver, RING_ENTRIES + slot * AVAIL_ENTRY);
	struct virtq_desc desc;
	const char *fault;

	chain->head = (u16)index;
	virtq_chain_begin(chain);
	/*
	 * The loop ends: each round adds a piece, the number of which is limited, or enters an
	 * indirect table, which is possible only once.
	 */
	for (;;) {
		struct virtq_piece piece;

		if (index >= table.count)
			return "descriptor index out of range";
		memcpy(&desc, table.base + index * sizeof(desc), sizeof(desc));
		piece = (struct virtq_piece){ desc.addr, desc.len, desc.flags };
		if (desc.flags & VIRTQ_DESC_F_INDIRECT) {
			fault = enter(ring, &piece, &table);
			if (fault)
				return fault;
			index = 0;
			continue;
		}
		fault = virtq_chain_add(ring, chain, &piece);
		if (fault || !(desc.flags & VIRTQ_DESC_F_NEXT))
			return fault;
		index = desc.next;
	}
}

static void split_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written)
{
	struct virtq *queue = ring->queue;
	u32 slot = queue->used_idx & (queue->num - 1);
	u32 element[2] = { chain->head, written };

	memcpy(ring->device + RING_ENTRIES + slot * USED_ENTRY, element, sizeof(element));
	queue->last_avail++;
	queue->used_idx++;
	ring->pushed++;
	virtq_store(ring->device, RING_IDX, queue->used_idx);
}

static void split_skip(struct virtq_ring *ring, const struct virtq_chain *chain)
{
	(void)chain;
	ring->queue->last_avail++;
}

static bool split_close(struct virtq_ring *ring)
{
	const struct virtq *queue = ring->queue;
	u16 before = queue->used_idx - ring->pushed;
	u16 event;

	if (!ring->event_idx)
		return ring->pushed &&
		       !(virtq_load(ring->driver, RING_FLAGS) & VIRTQ_AVAIL_F_NO_INTERRUPT);
	virtq_store(ring->device, RING_ENTRIES + queue->num * USED_ENTRY, queue->last_avail);
	/*
	 * Notify if the entry with index used_event is among those that have just been written
	 * (2.7.7.2).
	 */
	event = virtq_load(ring->driver, RING_ENTRIES + queue->num * AVAIL_ENTRY);
	return (u16)(event - before) < ring->pushed;
}

const struct virtq_format virtq_split = {
	.driver_size = avail_size,
	.device_size = used_size,
	.driver_alignment = 2,
	.device_alignment = 4,
	.num_possible = split_num_possible,
	.position_possible = split_position_possible,
	.waiting = split_waiting,
	.peek = split_peek,
	.push = split_push,
	.skip = split_skip,
	.close = split_close,
};
