/* SPDX-License-Identifier: MIT */
/* Words and code as the instruction cache, the TLB and memory have them. See front.h. */
#include "cpu/timing/inorder/front.h"

u64 inorder_front_word(struct inorder_front *front, u64 va, u64 cycle)
{
	const struct inorder_params *params = front->params;
	u64 ask = cycle, pa, word = INORDER_WORD_MISSED, at;
	bool found = inorder_mmu_fetch(front->mmu, va, true, &ask, &pa), cached;

	if (!found)
		pa = va;
	if (ask != cycle)
		word |= INORDER_WORD_DELAYED;
	cached = inorder_is_cached(params, pa);
	if (cached) {
		timing_count(front->tally, TIMING_L1I_READ);
		if (inorder_cache_access(&front->cache, pa, false)) {
			word &= INORDER_WORD_DELAYED;
			word |= found ? INORDER_WORD_KNOWN : 0;
			word |= found && inorder_mmu_translates_fetch(front->mmu) ?
					INORDER_WORD_TRANSLATED : 0;
			at = ask + params->fetch_latency;
			return (at - cycle) << INORDER_WORD_CYCLES | word;
		}
		timing_count(front->tally, TIMING_L1I_READ_MISS);
		inorder_cache_fill(&front->cache, pa, false);
	}
	at = inorder_memory_read(front->memory, pa,
				 cached ? params->icache_line : params->fetch_width,
				 ask + params->fetch_miss) + params->fetch_refill;
	return (at - cycle) << INORDER_WORD_CYCLES | word;
}

u64 inorder_front_stray_word(struct inorder_front *front, u64 va, u64 cycle, u64 until)
{
	const struct inorder_params *params = front->params;
	u64 pa, at;

	if (!inorder_mmu_fetch(front->mmu, va, false, &cycle, &pa) ||
	    !inorder_is_cached(params, pa))
		return INORDER_STRAY_ENDS;
	timing_count(front->tally, TIMING_L1I_READ);
	if (inorder_cache_access(&front->cache, pa, false))
		return INORDER_STRAY_HIT;
	if (cycle + params->fetch_miss > until)
		return INORDER_STRAY_LATE;
	timing_count(front->tally, TIMING_L1I_READ_MISS);
	at = inorder_memory_read(front->memory, pa, params->icache_line,
				 cycle + params->fetch_miss) + params->fetch_refill;
	if (at <= until)
		inorder_cache_fill(&front->cache, pa, false);
	return (at - cycle) << INORDER_STRAY_CYCLES | INORDER_STRAY_MISSED;
}

/* Two bytes of code, where a TLB knows the way. */
static bool halfword(struct inorder_front *front, u64 va, u16 *half)
{
	const struct timing_host *host = front->mmu->host;
	u64 cycle = 0, pa;

	return inorder_mmu_fetch(front->mmu, va, false, &cycle, &pa) &&
	       host->read(host->ctx, pa, half, sizeof(*half));
}

/* With bit 32 where there is any. */
u64 inorder_front_code(struct inorder_front *front, u64 va)
{
	u16 low, high = 0;

	if (!halfword(front, va, &low))
		return 0;
	if ((low & 3) == 3 && !halfword(front, va + 2, &high))
		return 0;
	return BIT(32) | (u32)high << 16 | low;
}
