/* SPDX-License-Identifier: MIT */
/*
 * The memory of a virtio-gpu on the host's side, of fixed size. Pixels and lists of backing pages
 * are allocated in it as pieces of whole pages. It is saved, hashed and compared as RAM is. Bytes
 * outside of pieces are zeros and cost nothing.
 */
#ifndef DEVICES_VIRTIO_GPU_MEMORY_H
#define DEVICES_VIRTIO_GPU_MEMORY_H

#include "bus/ram.h"

struct gpu_memory {
	struct ram ram;
	u64 *taken; /* a bit for each allocated page; follows from the pieces */
};

/* A piece; pages 0: none. Both fields are u32, as it is state. */
struct gpu_piece {
	u32 page, pages;
};

/* Returns 0 or ram_init's errors. */
int gpu_memory_init(struct gpu_memory *memory, u64 size);
void gpu_memory_free(struct gpu_memory *memory);

/* Allocates a piece of zeros for `size` bytes, at least one; false when there is no room. */
bool gpu_memory_take(struct gpu_memory *memory, u64 size, struct gpu_piece *piece);
void gpu_memory_give(struct gpu_memory *memory, struct gpu_piece *piece);

/* Frees all pieces and clears the memory. */
void gpu_memory_clear(struct gpu_memory *memory);

/*
 * After a load, gpu_memory_forget drops all pieces. gpu_memory_claim then allocates each again, and
 * returns false if it cannot be where it says.
 */
void gpu_memory_forget(struct gpu_memory *memory);
bool gpu_memory_claim(struct gpu_memory *memory, const struct gpu_piece *piece, u64 size);

static inline u8 *gpu_memory_at(const struct gpu_memory *memory, const struct gpu_piece *piece)
{
	return memory->ram.host + ((u64)piece->page << PAGE_SHIFT);
}

/* Marks bytes of a piece, from `offset` on, as written. */
static inline void gpu_memory_written(struct gpu_memory *memory, const struct gpu_piece *piece,
				      u64 offset, u64 size)
{
	ram_written(&memory->ram, ((u64)piece->page << PAGE_SHIFT) + offset, size);
}

#endif
