/* SPDX-License-Identifier: MIT */
/* Level 2 and memory. See memory.h. */
#include "cpu/timing/inorder/memory.h"

int inorder_memory_init(struct inorder_memory *memory, const struct inorder_params *params,
			struct timing_coherence *coherence)
{
	const struct tags_shape shape = {
		.sets = (unsigned)params->l2_sets, .ways = (unsigned)params->l2_ways,
		.line = (unsigned)params->l2_line,
	};

	memory->params = params;
	if (!shape.sets)
		return 0;
	memory->level2 = &memory->l2;
	if (coherence && params->l2_shared) {
		if (!coherence->shared)
			coherence->shared = &memory->l2;
		memory->level2 = coherence->shared;
	}
	return memory->level2 != &memory->l2 ?
		       0 :
		       inorder_cache_init(&memory->l2, &shape, (unsigned)params->l2_replacement);
}

void inorder_memory_free(struct inorder_memory *memory)
{
	inorder_cache_free(&memory->l2);
}

void inorder_memory_reset(struct inorder_memory *memory)
{
	memory->beat = 0;
	if (memory->level2 == &memory->l2)
		inorder_cache_reset(&memory->l2);
}

static u64 inorder_memory_receive(struct inorder_memory *memory, u64 first, u64 bytes)
{
	memory->beat = MAX(first, memory->beat + 1) + inorder_memory_beats(memory, bytes) - 1;
	return memory->beat;
}

/* Fills in a line that misses level 2 as well. Returns the cycle of its last beat. */
static NOINLINE u64 inorder_memory_fetch_line(struct inorder_memory *memory, u64 pa, u64 cycle)
{
	const struct inorder_params *params = memory->params;
	u64 last;

	memory->missed_l2 = true;
	timing_count(memory->tally, TIMING_L2_READ_MISS);
	last = inorder_memory_receive(memory, cycle + params->l2_latency + params->memory_latency,
				      params->l2_line);
	if (inorder_cache_fill(memory->level2, pa, 0))
		inorder_memory_write_back(memory, params->l2_line);
	return last;
}

u64 inorder_memory_read(struct inorder_memory *memory, u64 pa, u64 bytes, u64 cycle)
{
	const struct inorder_params *params = memory->params;

	memory->missed_l2 = false;
	if (!memory->level2 || !inorder_is_cached(params, pa))
		return inorder_memory_receive(memory, cycle + params->memory_latency, bytes);
	timing_count(memory->tally, TIMING_L2_READ);
	if (inorder_cache_access_lower(memory->level2, pa, false))
		return cycle + params->l2_latency + inorder_memory_beats(memory, bytes) - 1;
	return inorder_memory_fetch_line(memory, pa, cycle);
}

u64 inorder_memory_transfer(struct inorder_memory *memory, u64 pa, u64 bytes, u64 cycle)
{
	const struct inorder_params *params = memory->params;

	memory->missed_l2 = false;
	if (memory->level2 && !inorder_cache_access_lower(memory->level2, pa, true) &&
	    inorder_cache_fill(memory->level2, pa, INORDER_LINE_WRITTEN))
		inorder_memory_write_back(memory, params->l2_line);
	return inorder_memory_receive(memory, cycle + params->coherence_transfer, bytes);
}
