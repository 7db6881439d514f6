/* SPDX-License-Identifier: MIT */
/*
 * The memory of a virtio-gpu on the host's side, of fixed size. Pixels and lists of backing pages
 * are allocated in it as pieces of whole pages. It is saved, hashed and compared like RAM. Bytes
 * outside of pieces are zeros, and use no memory of the host.
 */
#ifndef DEVICES_VIRTIO_GPU_MEMORY_H
#define DEVICES_VIRTIO_GPU_MEMORY_H

#include "bus/ram.h"

struct gpu_memory {
	struct ram ram;
	u64 *taken; /* one bit per page: it is allocated; follows from the pieces */
};

/* A piece. If `pages` is 0, there is none. Both fields are u32, since this is state. */
struct gpu_piece {
	u32 page, pages;
};

/* Initialises the memory. Returns 0 or ram_init's error. */
int gpu_memory_init(struct gpu_memory *memory, u64 size);
void gpu_memory_free(struct gpu_memory *memory);

/*
 * gpu_memory_take allocates a piece of zeros for `size` bytes, at least one; it returns false if
 * there is no room. gpu_memory_give frees a piece.
 */
bool gpu_memory_take(struct gpu_memory *memory, u64 size, struct gpu_piece *piece);
void gpu_memory_give(struct gpu_memory *memory, struct gpu_piece *piece);

/* Frees all pieces and clears the memory. */
void gpu_memory_clear(struct gpu_memory *memory);

/*
 * Rebuild `taken` after a state was loaded. gpu_memory_forget marks all pages as free.
 * gpu_memory_claim then allocates each piece again, at its place and for `size` bytes, and returns
 * false if that is not possible.
 */
void gpu_memory_forget(struct gpu_memory *memory);
bool gpu_memory_claim(struct gpu_memory *memory, const struct gpu_piece *piece, u64 size);

/* Returns the host's address of a piece. */
static inline u8 *gpu_memory_at(const struct gpu_memory *memory, const struct gpu_piece *piece)
{
	return memory->ram.host + ((u64)piece->page << PAGE_SHIFT);
}

/* Marks bytes of a piece, from `offset` on, as written. */
static inline void gpu_memory_written(struct gpu_memory *memory, const struct gpu_piece *piece,
				      u64 offset, u64 size)
{
	ram_mark_range(&memory->ram, ((u64)piece->page << PAGE_SHIFT) + offset, size);
}

#endif
