/* SPDX-License-Identifier: MIT */
/* TLBs and page walks. See mmu.h. */
#include "cpu/timing/inorder/mmu.h"

#include "cpu/hart.h"
#include "cpu/pte.h"
#include "cpu/timing/inorder/data.h"

#define STAGES_ENTRIES 4 /* that a walk of two stages reads for each of the first */

int inorder_mmu_init(struct inorder_mmu *mmu, const struct inorder_params *params)
{
	int error = inorder_lookaside_init(&mmu->itlb, params->itlb_entries, false);

	mmu->params = params;
	error |= inorder_lookaside_init(&mmu->dtlb, params->dtlb_entries, false);
	return error | inorder_lookaside_init(&mmu->stlb, params->stlb_entries, true);
}

void inorder_mmu_free(struct inorder_mmu *mmu)
{
	inorder_lookaside_free(&mmu->itlb);
	inorder_lookaside_free(&mmu->dtlb);
	inorder_lookaside_free(&mmu->stlb);
}

void inorder_mmu_forget(struct inorder_mmu *mmu, const struct inorder_forget *what)
{
	inorder_lookaside_forget(&mmu->itlb, what);
	inorder_lookaside_forget(&mmu->dtlb, what);
	inorder_lookaside_forget(&mmu->stlb, what);
}

void inorder_mmu_reset(struct inorder_mmu *mmu)
{
	inorder_lookaside_clear(&mmu->itlb);
	inorder_lookaside_clear(&mmu->dtlb);
	inorder_lookaside_clear(&mmu->stlb);
	mmu->satp = 0;
	mmu->after = PRIV_M | PRIV_M << TIMING_DATA_MODE_SHIFT;
}

static unsigned levels_of(u64 satp)
{
	u64 mode = field_get(satp, SATP_MODE);

	return mode < SATP_SV39 || mode > SATP_SV57 ? 0 : (unsigned)(mode - SATP_SV39 + 3);
}

/* Both stages: how long, when all entries are in the cache. The page is its own. */
static u64 walk_both(const struct inorder_mmu *mmu, u64 va, u64 cycle, struct inorder_page *page)
{
	*page = (struct inorder_page){
		.va = align_down(va, PAGE_SIZE), .size = PAGE_SIZE, .pa = align_down(va, PAGE_SIZE),
	};
	return cycle + mmu->params->walk_level * 3 * STAGES_ENTRIES;
}

static u64 walk_one(const struct inorder_mmu *mmu, u64 va, u64 cycle, struct inorder_page *page)
{
	u64 table = field_get(mmu->satp, SATP_PPN) << PAGE_SHIFT;

	*page = (struct inorder_page){ .va = va };
	for (unsigned level = levels_of(mmu->satp); level-- > 0;) {
		unsigned shift = PAGE_SHIFT + PTE_LEVEL_BITS * level;
		u64 address = table + bits(va, shift, PTE_LEVEL_BITS) * sizeof(u64), entry;

		cycle = inorder_data_walk(mmu->data, address, cycle);
		if (!mmu->host->read(mmu->host->ctx, address, &entry, sizeof(entry)) ||
		    !(entry & PTE_V))
			break;
		table = field_get(entry, PTE_PPN) << PAGE_SHIFT;
		if (!(entry & (PTE_R | PTE_W | PTE_X)))
			continue;
		page->size = 1ull << shift;
		page->va = align_down(va, page->size);
		page->pa = align_down(table, page->size);
		page->global = !!(entry & PTE_G);
		break;
	}
	return cycle;
}

/* The 4 KiB of it around va. */
static struct inorder_page piece_of(const struct inorder_page *page, u64 va)
{
	struct inorder_page piece = *page;

	piece.va = align_down(va, PAGE_SIZE);
	piece.pa += piece.va - page->va;
	piece.size = PAGE_SIZE;
	return piece;
}

/* A TLB, and what a look-up in it counts as. */
struct use {
	struct inorder_lookaside *tlb;
	enum timing_event look_up, miss;
	bool walks; /* or else it is not counted, and nothing happens where it finds nothing */
};

static const struct inorder_page *translate(struct inorder_mmu *mmu, const struct use *use, u64 va,
					    u64 *cycle)
{
	const struct inorder_params *params = mmu->params;
	u64 space = field_get(mmu->satp, SATP_ASID);
	const struct inorder_page *page = inorder_lookaside_find(use->tlb, va, space);
	struct inorder_page found, piece;

	if (use->walks)
		timing_count(mmu->tally, use->look_up);
	if (page || !use->walks)
		return page;
	timing_count(mmu->tally, use->miss);
	page = inorder_lookaside_find(&mmu->stlb, va, space);
	if (page) {
		*cycle += params->stlb_latency;
		return inorder_lookaside_fill(use->tlb, page);
	}
	*cycle += params->walk_start;
	*cycle = (mmu->after & TIMING_VIRTUAL ? walk_both : walk_one)(mmu, va, *cycle, &found);
	*cycle += params->walk_end;
	if (!found.size)
		return NULL;
	found.space = space;
	piece = piece_of(&found, va);
	inorder_lookaside_fill(&mmu->stlb, &piece);
	return inorder_lookaside_fill(use->tlb, &found);
}

bool inorder_mmu_fetch(struct inorder_mmu *mmu, u64 va, bool walks, u64 *cycle, u64 *pa)
{
	const struct use use = {
		&mmu->itlb, TIMING_ITLB_READ, TIMING_ITLB_READ_MISS, walks,
	};
	const struct inorder_page *page;

	*pa = va;
	if ((mmu->after & TIMING_FETCH_MODE) == PRIV_M || !(levels_of(mmu->satp) ||
	    mmu->after & TIMING_VIRTUAL))
		return true;
	page = translate(mmu, &use, va, cycle);
	if (!page)
		return false;
	*pa = page->pa + (va - page->va);
	return true;
}

u64 inorder_mmu_data(struct inorder_mmu *mmu, u64 va, bool store, u64 cycle)
{
	const struct use use = {
		&mmu->dtlb, store ? TIMING_DTLB_WRITE : TIMING_DTLB_READ,
		store ? TIMING_DTLB_WRITE_MISS : TIMING_DTLB_READ_MISS, true,
	};

	translate(mmu, &use, va, &cycle);
	return cycle;
}
