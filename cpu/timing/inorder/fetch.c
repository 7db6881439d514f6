/* SPDX-License-Identifier: MIT */
/* Looks up words and code in the instruction cache, the TLB and memory. See front.h. */
#include "cpu/timing/inorder/front.h"

/* Finds the physical address of a fetch. Returns false if that would have an effect. */
static bool inorder_front_peek(const struct inorder_front *front, u64 va, u64 *pa)
{
	*pa = va;
	return !inorder_mmu_translates_fetch(front->mmu) ||
	       inorder_mmu_peek_fetch(front->mmu, va, pa);
}

u64 inorder_front_held(struct inorder_front *front, u64 va)
{
	u64 pa;

	if (!inorder_front_peek(front, va, &pa) || !inorder_is_cached(front->params, pa) ||
	    !inorder_cache_holds(&front->cache, pa))
		return 0;
	return inorder_mmu_translates_fetch(front->mmu) ?
		       INORDER_WORD_KNOWN | INORDER_WORD_TRANSLATED :
		       INORDER_WORD_KNOWN;
}

/* Returns code only if writes to it are watched (host.watch_code), so that the result lasts. */
u64 inorder_front_held_code(struct inorder_front *front, u64 va)
{
	const struct timing_host *host = front->mmu->host;
	u32 raw;
	u64 pa;

	if ((va & ~PAGE_MASK) + sizeof(raw) > PAGE_SIZE || !inorder_front_peek(front, va, &pa) ||
	    !host->watch_code(host->ctx, pa, sizeof(raw)) ||
	    !host->read(host->ctx, pa, &raw, sizeof(raw)))
		return 0;
	return INORDER_CODE_THERE | ((raw & 3) == 3 ? raw : (u16)raw);
}

static void inorder_fetch_fill(struct inorder_front *front, u64 pa)
{
	inorder_cache_fill(&front->cache, pa, 0);
	inorder_mmu_fetch_changed(front->mmu);
}

static u64 word_from_memory(struct inorder_front *front, u64 pa, u64 cycle)
{
	const struct inorder_params *params = front->params;
	bool cached = inorder_is_cached(params, pa);

	if (cached) {
		timing_count(front->tally, TIMING_L1I_READ);
		timing_count(front->tally, TIMING_L1I_READ_MISS);
		inorder_fetch_fill(front, pa);
	}
	return inorder_memory_read(front->memory, pa,
				   cached ? params->icache_line : params->fetch_width,
				   cycle + params->fetch_miss) +
	       params->fetch_refill;
}

u64 inorder_front_word(struct inorder_front *front, u64 va, u64 cycle)
{
	bool translated = inorder_mmu_translates_fetch(front->mmu);
	u64 request = cycle, pa, word, at;
	bool found = inorder_mmu_fetch(front->mmu, va, true, &request, &pa);

	if (!found)
		pa = va;
	word = request != cycle ? INORDER_WORD_DELAYED : 0;
	if (inorder_is_cached(front->params, pa) &&
	    inorder_cache_access(&front->cache, pa, false)) {
		word |= INORDER_WORD_HIT;
		at = request + front->params->fetch_latency;
	} else {
		word |= INORDER_WORD_MISSED;
		at = word_from_memory(front, pa, request);
	}
	if (found && word & INORDER_WORD_HIT)
		word |= INORDER_WORD_KNOWN | (translated ? INORDER_WORD_TRANSLATED : 0);
	else if (translated)
		timing_count(front->tally, TIMING_ITLB_READ);
	return (at - cycle) << INORDER_WORD_CYCLES | word;
}

u64 inorder_front_wrong_path_word(struct inorder_front *front, u64 va, u64 cycle, u64 until)
{
	const struct inorder_params *params = front->params;
	u64 pa, at;

	if (!inorder_mmu_fetch(front->mmu, va, false, &cycle, &pa) ||
	    !inorder_is_cached(params, pa))
		return INORDER_WRONG_PATH_ENDS;
	if (inorder_cache_access(&front->cache, pa, false))
		return INORDER_WRONG_PATH_HIT;
	timing_count(front->tally, TIMING_L1I_READ);
	if (cycle + params->fetch_miss > until)
		return INORDER_WRONG_PATH_LATE;
	timing_count(front->tally, TIMING_L1I_READ_MISS);
	at = inorder_memory_read(front->memory, pa, params->icache_line,
				 cycle + params->fetch_miss) +
	     params->fetch_refill;
	if (at <= until)
		inorder_fetch_fill(front, pa);
	return (at - cycle) << INORDER_WRONG_PATH_CYCLES | INORDER_WRONG_PATH_MISSED;
}

/* Reads two bytes of code. Returns false if no TLB has their page. */
static bool inorder_front_halfword(struct inorder_front *front, u64 va, u16 *half)
{
	const struct timing_host *host = front->mmu->host;
	u64 cycle = 0, pa;

	return inorder_mmu_fetch(front->mmu, va, false, &cycle, &pa) &&
	       host->read(host->ctx, pa, half, sizeof(*half));
}

u64 inorder_front_code(struct inorder_front *front, u64 va)
{
	u16 low, high = 0;

	if (!inorder_front_halfword(front, va, &low))
		return 0;
	if ((low & 3) == 3 && !inorder_front_halfword(front, va + 2, &high))
		return 0;
	return INORDER_CODE_THERE | (u32)high << 16 | low;
}
