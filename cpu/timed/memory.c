/* SPDX-License-Identifier: MIT */
/* Reads memory and watches code for a model (see timed/memory.h). */
#include "cpu/timed/memory.h"

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/timed/runs.h"

#include <string.h>

/*
 * Code counts as written often once it was written WATCHED_WRITES times, plus once for each
 * WATCHED_STEPS instructions that the hart has executed.
 */
#define WATCHED_STEPS 65536
#define WATCHED_WRITES 64

/* Returns the largest region, in which code and page tables mostly are. */
static const struct region *largest_region(const struct timed *timed)
{
	const struct bus *bus = &timed->hart->platform->bus;

	return &bus->regions[bus->largest];
}

/*
 * Returns the code marks of [pa, pa + size), which is in one page; or NULL if it is not in the
 * largest region.
 */
static u64 *marks_of(const struct timed *timed, u64 pa, size_t size)
{
	const struct region *region = largest_region(timed);
	u64 offset = pa - region->base;

	if (!region->ram || size > region->size || offset > region->size - size)
		return NULL;
	return &region->ram->watch[offset >> PAGE_SHIFT].code;
}

bool timed_code_changed(struct timed *timed)
{
	const struct ram *ram = largest_region(timed)->ram;
	u64 writes = ram ? ram->code_writes : 0;
	bool changed = writes != timed->runs->code_writes;

	timed->runs->code_writes = writes;
	timed->runs->code_changes += changed || timed->runs->code_moves;
	return changed;
}

/*
 * Returns whether no run that the model has not received yet stores to this page. None does if the
 * page has code: stores to such a page are not in runs, and the model had received all runs before
 * the first mark was made (block_cache.c).
 */
static bool is_still(const struct timed *timed, u64 pa)
{
	const u64 *marks = marks_of(timed, pa, 1);

	return marks && *marks;
}

/* Reads RAM and ROM for a model, but no device. Most reads are of an instruction in RAM. */
bool timed_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	struct timed *timed = ctx;
	const struct region *ram = largest_region(timed);

	if (size == sizeof(u32) && ram->ram && ram->size >= size &&
	    pa - ram->base <= ram->size - size)
		memcpy(data, ram->ram->host + (pa - ram->base), sizeof(u32));
	else if (!bus_dma_read(&timed->hart->platform->bus, pa, data, size))
		return false;
	if (!is_still(timed, pa) && timed_runs_stored(timed->runs, pa))
		timed_runs_undo(timed->runs, pa, data, size);
	return true;
}

/*
 * Gives the bytes a code mark, like those of a decoded block, and returns whether they have one. It
 * makes none in a page without any, to which data is written, nor while code is written often.
 */
bool timed_watch_code(void *ctx, u64 pa, size_t size)
{
	const struct timed *timed = ctx;
	u64 *marks = marks_of(timed, pa, size), pieces = ram_pieces(pa, size);

	if (!marks)
		return false;
	if (!*marks || (*marks & pieces) == pieces)
		return *marks;
	if (largest_region(timed)->ram->code_writes <
	    WATCHED_WRITES + hart_steps(timed->hart) / WATCHED_STEPS)
		*marks |= pieces;
	return (*marks & pieces) == pieces;
}
