/* SPDX-License-Identifier: MIT */
/*
 * Declarations that queue.c shares with the two formats of a virtqueue, queue_split.c and
 * queue_packed.c: how descriptors become the pieces of a chain. No other file includes this.
 */
#ifndef DEVICES_VIRTIO_QUEUE_FORMAT_H
#define DEVICES_VIRTIO_QUEUE_FORMAT_H

#include "devices/virtio/queue.h"

/*
 * Flags and size of a descriptor, which are the same in both formats: in the driver's rings and
 * tables it has 16 bytes.
 */
#define VIRTQ_DESC_F_NEXT 1
#define VIRTQ_DESC_F_WRITE 2
#define VIRTQ_DESC_F_INDIRECT 4
#define VIRTQ_DESC_SIZE 16

/* The memory that a descriptor refers to, in either format. */
struct virtq_piece {
	u64 addr;
	u32 len;
	u16 flags;
};

/* A format. Functions implement those of queue.h that have the same name without the prefix. */
struct virtq_format {
	/* Return the bytes of the driver's and of the device's area with `num` descriptors. */
	u32 (*driver_size)(u32 num);
	u32 (*device_size)(u32 num);
	u8 driver_alignment, device_alignment;
	/* whether a driver may set this number, which is at most num_max */
	bool (*num_possible)(u32 num);
	/* whether the position of a ready queue is valid */
	bool (*position_possible)(const struct virtq *queue);
	u16 first_avail; /* last_avail of a queue that was just enabled */
	const char *(*waiting)(const struct virtq_ring *ring, unsigned *count);
	const char *(*peek)(const struct virtq_ring *ring, struct virtq_chain *chain);
	void (*push)(struct virtq_ring *ring, const struct virtq_chain *chain, u32 written);
	void (*skip)(struct virtq_ring *ring, const struct virtq_chain *chain);
	bool (*close)(struct virtq_ring *ring);
};

extern const struct virtq_format virtq_split, virtq_packed;

/* Begins a chain without pieces. */
void virtq_chain_begin(struct virtq_chain *chain);

/* Checks a descriptor, and adds its memory to the chain. */
const char *virtq_chain_add(const struct virtq_ring *ring, struct virtq_chain *chain,
			    const struct virtq_piece *piece);

/* Maps the indirect table that a descriptor refers to. The descriptor's WRITE flag is ignored. */
const char *virtq_indirect(const struct virtq_ring *ring, const struct virtq_piece *piece,
			   const u8 **table, u32 *count);

/*
 * Read and write a 16-bit field of an area that driver and device share, with acquire and release
 * ordering.
 */
static inline u16 virtq_load(const u8 *area, u64 offset)
{
	return __atomic_load_n((const u16 *)(const void *)(area + offset), __ATOMIC_ACQUIRE);
}

static inline void virtq_store(u8 *area, u64 offset, u16 value)
{
	__atomic_store_n((u16 *)(void *)(area + offset), value, __ATOMIC_RELEASE);
}

#endif
