/* SPDX-License-Identifier: MIT */
/* A set of blocks in a hash table, and the hook that fills it (see coverage.h). */
#include "cpu/debug/coverage.h"

#include "cpu/engine/block_cache.h"
#include "cpu/hart/harts.h"
#include "cpu/mmu/peek.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_AT_FIRST 4096 /* a power of two */

struct coverage {
	struct harts *harts;
	struct coverage_block *table; /* its length is `room`; bytes 0: an entry is free */
	size_t room, count;
	bool lost; /* there was no memory for a block */
	/* the block that each hart is in, if it may continue; bytes 0: none */
	struct coverage_block now[HARTS_MAX];
};

/* Returns the entry of the block, or the free one where it belongs. */
static struct coverage_block *entry_of(struct coverage_block *table, size_t room,
				       const struct coverage_block *block)
{
	size_t at = (block->pc ^ block->pa << 1) * 0x9e3779b97f4a7c15ull >> 24;

	while (at &= room - 1, table[at].bytes)
		if (table[at].pc == block->pc && table[at].pa == block->pa)
			break;
		else
			at++;
	return &table[at];
}

/* Makes the table twice as large. Returns false if there is no memory. */
static bool grow(struct coverage *coverage)
{
	size_t room = coverage->room * 2;
	struct coverage_block *table = calloc(room, sizeof(*table));

	if (!table)
		return false;
	for (size_t n = 0; n < coverage->room; n++)
		if (coverage->table[n].bytes)
			*entry_of(table, room, &coverage->table[n]) = coverage->table[n];
	free(coverage->table);
	coverage->table = table;
	coverage->room = room;
	return true;
}

static void add(struct coverage *coverage, const struct coverage_block *block)
{
	struct coverage_block *entry = entry_of(coverage->table, coverage->room, block);

	if (entry->bytes) {
		entry->bytes = MAX(entry->bytes, block->bytes);
		return;
	}
	if (coverage->count == coverage->room / 4 * 3) {
		coverage->lost = !grow(coverage) || coverage->lost;
		entry = entry_of(coverage->table, coverage->room, block);
	}
	if (coverage->count < coverage->room / 4 * 3) {
		*entry = *block;
		coverage->count++;
	}
}

/* Returns whether the code at pc continues the block; it does not in another page. */
static bool continues(const struct coverage_block *block, u64 pc)
{
	return block->bytes && pc == block->pc + block->bytes &&
	       ((pc ^ block->pc) & PAGE_MASK) == 0;
}

static void entered(struct hart *hart, unsigned bytes, bool ends)
{
	struct coverage_block *now = &hart->coverage->now[hart->id];

	if (!continues(now, hart->pc)) {
		*now = (struct coverage_block){ .pc = hart->pc };
		if (!hart_peek_place(hart, hart->fetch_regime, hart->pc, &now->pa))
			return;
	}
	now->bytes += bytes;
	add(hart->coverage, now);
	if (ends)
		now->bytes = 0;
}

static const struct hart_hooks coverage_hooks = { .entered = entered };

struct coverage *coverage_create(struct harts *harts)
{
	struct coverage *coverage = calloc(1, sizeof(*coverage));

	if (!coverage)
		return NULL;
	coverage->harts = harts;
	coverage->room = ROOM_AT_FIRST;
	coverage->table = calloc(coverage->room, sizeof(*coverage->table));
	if (!coverage->table) {
		free(coverage);
		return NULL;
	}
	block_cache_basic(harts->blocks);
	for (unsigned n = 0; n < harts->count; n++) {
		harts->hart[n]->coverage = coverage;
		hart_hooks_add(harts->hart[n], &coverage_hooks);
	}
	return coverage;
}

void coverage_free(struct coverage *coverage)
{
	if (!coverage)
		return;
	for (unsigned n = 0; n < coverage->harts->count; n++)
		hart_hooks_remove(coverage->harts->hart[n], &coverage_hooks);
	free(coverage->table);
	free(coverage);
}

void coverage_clear(struct coverage *coverage)
{
	memset(coverage->table, 0, coverage->room * sizeof(*coverage->table));
	memset(coverage->now, 0, sizeof(coverage->now));
	coverage->count = 0;
	coverage->lost = false;
	block_cache_drop_all(coverage->harts->blocks);
}

int coverage_blocks(const struct coverage *coverage, struct coverage_block **blocks, size_t *count)
{
	*count = 0;
	*blocks = coverage->lost ? NULL : calloc(coverage->count + 1, sizeof(**blocks));
	if (!*blocks)
		return -ENOMEM;
	for (size_t n = 0; n < coverage->room; n++)
		if (coverage->table[n].bytes)
			(*blocks)[(*count)++] = coverage->table[n];
	return 0;
}
