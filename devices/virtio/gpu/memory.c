/* SPDX-License-Identifier: MIT */
/*
 * Allocates by first fit with a bitmap that has a bit for each page. It is short enough to be
 * scanned each time.
 */
#include "devices/virtio/gpu/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static u64 page_count(const struct gpu_memory *memory)
{
	return memory->ram.size >> PAGE_SHIFT;
}

static bool is_taken(const struct gpu_memory *memory, u64 page)
{
	return memory->taken[page / 64] >> page % 64 & 1;
}

static void mark(struct gpu_memory *memory, const struct gpu_piece *piece, bool taken)
{
	for (u64 page = piece->page; page < (u64)piece->page + piece->pages; page++) {
		u64 *word = &memory->taken[page / 64];

		*word = field_set(*word, BIT(page % 64), taken);
	}
}

int gpu_memory_init(struct gpu_memory *memory, u64 size)
{
	int error = ram_init(&memory->ram, size);

	if (error)
		return error;
	memory->taken = calloc(page_count(memory) / 64 + 1, sizeof(*memory->taken));
	if (memory->taken)
		return 0;
	ram_free(&memory->ram);
	return -ENOMEM;
}

void gpu_memory_free(struct gpu_memory *memory)
{
	if (memory->ram.host)
		ram_free(&memory->ram);
	free(memory->taken);
	memory->taken = NULL;
}

bool gpu_memory_take(struct gpu_memory *memory, u64 size, struct gpu_piece *piece)
{
	u64 count = page_count(memory), pages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT, run = 0;

	for (u64 page = 0; page < count; page++) {
		run = is_taken(memory, page) ? 0 : run + 1;
		if (run < pages)
			continue;
		*piece = (struct gpu_piece){ (u32)(page + 1 - pages), (u32)pages };
		mark(memory, piece, true);
		return true;
	}
	return false;
}

void gpu_memory_give(struct gpu_memory *memory, struct gpu_piece *piece)
{
	if (piece->pages)
		ram_zero(&memory->ram, (u64)piece->page << PAGE_SHIFT,
			 (u64)piece->pages << PAGE_SHIFT);
	mark(memory, piece, false);
	*piece = (struct gpu_piece){ 0 };
}

void gpu_memory_forget(struct gpu_memory *memory)
{
	memset(memory->taken, 0, (page_count(memory) / 64 + 1) * sizeof(*memory->taken));
}

void gpu_memory_clear(struct gpu_memory *memory)
{
	ram_zero(&memory->ram, 0, memory->ram.size);
	gpu_memory_forget(memory);
}

bool gpu_memory_claim(struct gpu_memory *memory, const struct gpu_piece *piece, u64 size)
{
	if (piece->pages != (size + PAGE_SIZE - 1) >> PAGE_SHIFT ||
	    !range_within(piece->page, piece->pages, 0, page_count(memory)))
		return false;
	for (u64 n = 0; n < piece->pages; n++)
		if (is_taken(memory, piece->page + n))
			return false;
	mark(memory, piece, true);
	return true;
}
