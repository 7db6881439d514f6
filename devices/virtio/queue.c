/* SPDX-License-Identifier: MIT */
/*
 * The walk of the split virtqueue (virtio 1.2, 2.7): available ring, descriptor chains with
 * indirect tables, used ring, notification suppression by flag or event index. Each field of the
 * driver's is loaded once; what was checked is what is used. Start at virtq_peek.
 */
#include "devices/virtio/queue.h"
#include <string.h>

/* 2.7.5 The Virtqueue Descriptor Table; little-endian, as the host is. */
struct virtq_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

#define VIRTQ_DESC_F_NEXT 1
#define VIRTQ_DESC_F_WRITE 2
#define VIRTQ_DESC_F_INDIRECT 4
#define VIRTQ_AVAIL_F_NO_INTERRUPT 1

/* Offsets in struct virtq_avail and struct virtq_used; the event fields follow the entries. */
#define RING_FLAGS 0
#define RING_IDX 2
#define RING_ENTRIES 4
#define AVAIL_ENTRY 2
#define USED_ENTRY 8
#define RING_SIZE(num, entry) (RING_ENTRIES + (u64)(num) * (entry) + 2)

/* 2.7.5: "longer than 2^32 bytes in total" is forbidden. */
#define CHAIN_BYTES_MAX (1ull << 32)

/* A descriptor table: the queue's own, or an indirect one. */
struct table {
	const u8 *base;
	u32 count;
	bool inner;
};

static u16 ring_load(const u8 *area, u64 offset)
{
	return __atomic_load_n((const u16 *)(const void *)(area + offset), __ATOMIC_ACQUIRE);
}

static void ring_store(u8 *area, u64 offset, u16 value)
{
	__atomic_store_n((u16 *)(void *)(area + offset), value, __ATOMIC_RELEASE);
}

void virtq_reset(struct virtq *queue)
{
	u16 num_max = queue->num_max;

	*queue = (struct virtq){ .num = num_max, .num_max = num_max };
}

void virtq_set_num(struct virtq *queue, u32 num)
{
	bool possible = num && num <= queue->num_max && !(num & (num - 1));

	queue->num = possible ? num : 0;
}

/* Maps the three areas; with `write`, the used ring counts as written. */
static const char *map_areas(struct virtq_ring *ring, const struct virtq *queue, struct bus *bus,
			     bool write)
{
	u32 num = queue->num;

	if (!num)
		return "impossible queue size";
	if ((queue->desc & 15) || (queue->driver & 1) || (queue->device & 3))
		return "misaligned ring";
	ring->desc = bus_dma_map(bus, queue->desc, num * sizeof(struct virtq_desc), false);
	ring->avail = bus_dma_map(bus, queue->driver, RING_SIZE(num, AVAIL_ENTRY), false);
	ring->used = bus_dma_map(bus, queue->device, RING_SIZE(num, USED_ENTRY), write);
	return ring->desc && ring->avail && ring->used ? NULL : "ring outside RAM";
}

const char *virtq_enable(struct virtq *queue, struct bus *bus)
{
	struct virtq_ring ring;
	const char *fault = map_areas(&ring, queue, bus, true);

	if (fault)
		return fault;
	queue->last_avail = 0;
	queue->used_idx = 0;
	queue->ready = 1;
	return NULL;
}

/* A look, which changes no memory: the reservations that were loaded hold. */
bool virtq_loaded(struct virtq *queue, struct bus *bus)
{
	struct virtq_ring ring;
	u32 num = queue->num;

	virtq_set_num(queue, num);
	return queue->num == num && queue->ready <= 1 &&
	       !(queue->ready && map_areas(&ring, queue, bus, false));
}

const char *virtq_open(struct virtq_ring *ring, struct virtq *queue, struct bus *bus, u64 features)
{
	*ring = (struct virtq_ring){
		.queue = queue,
		.bus = bus,
		.used_before = queue->used_idx,
		.indirect = features & VIRTIO_F_INDIRECT_DESC,
		.event_idx = features & VIRTIO_F_EVENT_IDX,
	};
	return map_areas(ring, queue, bus, true);
}

const char *virtq_waiting(const struct virtq_ring *ring, unsigned *count)
{
	*count = (u16)(ring_load(ring->avail, RING_IDX) - ring->queue->last_avail);
	return *count <= ring->queue->num ? NULL : "available index ran ahead of the ring";
}

/* One checked descriptor becomes one piece of the chain. */
static const char *add_piece(const struct virtq_ring *ring, struct virtq_chain *chain,
			     const struct virtq_desc *desc)
{
	bool write = desc->flags & VIRTQ_DESC_F_WRITE;
	struct virtq_buffer *buffer = write ? &chain->in : &chain->out;
	unsigned pieces = chain->out.count + chain->in.count;
	void *host;

	if (pieces == VIRTQ_SIZE_MAX)
		return "descriptor chain loops or is too long";
	if (!write && chain->in.count)
		return "device-readable descriptor after a device-writable one";
	if (!desc->len || chain->out.size + chain->in.size + desc->len > CHAIN_BYTES_MAX)
		return "bad descriptor length";
	host = bus_dma_map(ring->bus, desc->addr, desc->len, write);
	if (!host)
		return "descriptor outside RAM";
	if (!buffer->count)
		buffer->iov = &chain->iov[pieces];
	buffer->iov[buffer->count++] = (struct iovec){ host, desc->len };
	buffer->size += desc->len;
	return NULL;
}

/* 2.7.5.3 Indirect Descriptors: the table that desc refers to; its WRITE flag is ignored. */
static const char *indirect_table(const struct virtq_ring *ring, const struct virtq_desc *desc,
				  struct table *table)
{
	if (!ring->indirect)
		return "indirect descriptor not negotiated";
	if (table->inner)
		return "indirect descriptor in an indirect table";
	if (desc->flags & VIRTQ_DESC_F_NEXT)
		return "indirect descriptor with a next one";
	if (!desc->len || desc->len % sizeof(*desc))
		return "bad indirect table length";
	table->base = bus_dma_map(ring->bus, desc->addr, desc->len, false);
	table->count = desc->len / sizeof(*desc);
	table->inner = true;
	return table->base ? NULL : "indirect table outside RAM";
}

const char *virtq_peek(const struct virtq_ring *ring, struct virtq_chain *chain)
{
	const struct virtq *queue = ring->queue;
	struct table table = { ring->desc, queue->num, false };
	u32 slot = queue->last_avail & (queue->num - 1);
	u32 index = ring_load(ring->avail, RING_ENTRIES + slot * AVAIL_ENTRY);
	struct virtq_desc desc;
	const char *fault;

	chain->head = index;
	chain->out = chain->in = (struct virtq_buffer){ .iov = chain->iov };
	/* Ends: each step adds a piece or enters the one indirect table, and pieces are limited. */
	for (;;) {
		if (index >= table.count)
			return "descriptor index out of range";
		memcpy(&desc, table.base + index * sizeof(desc), sizeof(desc));
		if (desc.flags & VIRTQ_DESC_F_INDIRECT) {
			fault = indirect_table(ring, &desc, &table);
			if (fault)
				return fault;
			index = 0;
			continue;
		}
		fault = add_piece(ring, chain, &desc);
		if (fault || !(desc.flags & VIRTQ_DESC_F_NEXT))
			return fault;
		index = desc.next;
	}
}

void virtq_push(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written)
{
	struct virtq *queue = ring->queue;
	u32 slot = queue->used_idx & (queue->num - 1);
	u32 element[2] = { chain->head, written };

	memcpy(ring->used + RING_ENTRIES + slot * USED_ENTRY, element, sizeof(element));
	queue->last_avail++;
	queue->used_idx++;
	ring_store(ring->used, RING_IDX, queue->used_idx);
}

void virtq_skip(struct virtq_ring *ring, const struct virtq_chain *chain)
{
	(void)chain;
	ring->queue->last_avail++;
}

bool virtq_close(struct virtq_ring *ring)
{
	const struct virtq *queue = ring->queue;
	u16 pushed = queue->used_idx - ring->used_before;
	u16 event;

	if (!ring->event_idx)
		return pushed && !(ring_load(ring->avail, RING_FLAGS) & VIRTQ_AVAIL_F_NO_INTERRUPT);
	ring_store(ring->used, RING_ENTRIES + queue->num * USED_ENTRY, queue->last_avail);
	/* 2.7.7.2: notify when the entry with index used_event is among those just written. */
	event = ring_load(ring->avail, RING_ENTRIES + queue->num * AVAIL_ENTRY);
	return (u16)(event - ring->used_before) < pushed;
}

/* Copies to `to`, from `from`, or (both NULL) only steps over `size` bytes, which are there. */
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
