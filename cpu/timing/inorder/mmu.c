/* SPDX-License-Identifier: MIT */
/* TLBs and page walks. See mmu.h. */
#include "cpu/timing/inorder/mmu.h"

#include "cpu/hart/hart.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"
#include "cpu/timing/inorder/data.h"

/* additional bits of the index into the second stage's root table, which has four pages */
#define ROOT_WIDER 2
#define GUEST_SPACE BIT(32)

int inorder_mmu_init(struct inorder_mmu *mmu, const struct inorder_params *params)
{
	int error = inorder_tlb_init(&mmu->itlb, params->itlb_entries, false);

	mmu->params = params;
	error |= inorder_tlb_init(&mmu->dtlb, params->dtlb_entries, false);
	return error | inorder_tlb_init(&mmu->stlb, params->stlb_entries, true);
}

void inorder_mmu_free(struct inorder_mmu *mmu)
{
	inorder_tlb_free(&mmu->itlb);
	inorder_tlb_free(&mmu->dtlb);
	inorder_tlb_free(&mmu->stlb);
}

/* The page that was used last is identified by its index in the TLB, and by the number of fills. */
#define PLACES_BITS 8

static void renew_version(struct inorder_mmu *mmu)
{
	const struct inorder_tlb *tlb = &mmu->itlb;
	u64 place = tlb->last ? (u64)(tlb->last - tlb->pages) : 0;

	mmu->fetch_version = (mmu->fetch_changes + tlb->fills) << PLACES_BITS | place;
}

void inorder_mmu_fetch_changed(struct inorder_mmu *mmu)
{
	mmu->fetch_changes++;
	renew_version(mmu);
}

void inorder_mmu_forget(struct inorder_mmu *mmu, const struct inorder_forget *what)
{
	inorder_tlb_forget(&mmu->itlb, what);
	inorder_mmu_fetch_changed(mmu);
	inorder_tlb_forget(&mmu->dtlb, what);
	inorder_tlb_forget(&mmu->stlb, what);
}

void inorder_mmu_reset(struct inorder_mmu *mmu)
{
	inorder_tlb_clear(&mmu->itlb);
	inorder_mmu_fetch_changed(mmu);
	inorder_tlb_clear(&mmu->dtlb);
	inorder_tlb_clear(&mmu->stlb);
	mmu->satp = mmu->vsatp = mmu->hgatp = 0;
	mmu->after = PRIV_M | PRIV_M << TIMING_DATA_MODE_SHIFT;
}

/*
 * A stage of translation: its satp, vsatp or hgatp; and the hgatp of the stage that translates the
 * addresses of its tables, or 0.
 */
struct tables {
	u64 atp, below;
	unsigned wide; /* additional bits of the index into its root table */
};

static u64 inorder_mmu_descend(const struct inorder_mmu *mmu, const struct tables *tables, u64 va,
			       u64 cycle, struct inorder_page *page);

/* Translates *pa by the second stage, if there is one. Returns false if there is no page. */
static bool pass_below(const struct inorder_mmu *mmu, u64 below, u64 *pa, u64 *cycle)
{
	const struct tables second = { .atp = below, .wide = ROOT_WIDER };
	struct inorder_page page;

	if (!regime_levels(below))
		return true;
	*cycle = inorder_mmu_descend(mmu, &second, *pa, *cycle, &page);
	*pa = page.pa + (*pa - page.va);
	return page.size;
}

static u64 inorder_mmu_descend(const struct inorder_mmu *mmu, const struct tables *tables, u64 va,
			       u64 cycle, struct inorder_page *page)
{
	u64 table = field_get(tables->atp, SATP_PPN) << PAGE_SHIFT;
	unsigned levels = regime_levels(tables->atp);

	*page = (struct inorder_page){ .va = va };
	for (unsigned level = levels; level-- > 0;) {
		unsigned shift = PAGE_SHIFT + PTE_LEVEL_BITS * level;
		unsigned width = PTE_LEVEL_BITS + (level + 1 == levels ? tables->wide : 0);
		u64 address = table + bits(va, shift, width) * sizeof(u64), entry;

		if (!pass_below(mmu, tables->below, &address, &cycle))
			break;
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

/* Walks the tables of two stages, either of which may be bare. The result is the smaller page. */
static u64 walk_guest(const struct inorder_mmu *mmu, u64 va, u64 cycle, struct inorder_page *page)
{
	const struct tables first = { .atp = mmu->vsatp, .below = mmu->hgatp };
	const struct tables second = { .atp = mmu->hgatp, .wide = ROOT_WIDER };
	struct inorder_page below;
	u64 pa;

	if (regime_levels(mmu->vsatp))
		cycle = inorder_mmu_descend(mmu, &first, va, cycle, page);
	else
		*page = (struct inorder_page){
			.va = align_down(va, GiB), .size = GiB, .pa = align_down(va, GiB),
		};
	page->global = 0; /* it belongs to this guest alone */
	if (!page->size || !regime_levels(mmu->hgatp))
		return cycle;
	pa = page->pa + (va - page->va);
	cycle = inorder_mmu_descend(mmu, &second, pa, cycle, &below);
	page->size = MIN(page->size, below.size);
	page->va = below.size ? align_down(va, page->size) : va;
	page->pa = below.pa + (pa - below.va) - (va - page->va);
	return cycle;
}

/* Returns the part of a page that is the 4 KiB page around va. */
static struct inorder_page inorder_mmu_small_page(const struct inorder_page *page, u64 va)
{
	struct inorder_page piece = *page;

	piece.va = align_down(va, PAGE_SIZE);
	piece.pa += piece.va - page->va;
	piece.size = PAGE_SIZE;
	return piece;
}

/* A use of a TLB, with the event that counts its misses. */
struct use {
	struct inorder_tlb *tlb;
	enum timing_event miss;
	bool guest; /* translation is by the guest's tables */
	bool walks; /* if false, nothing happens after a miss of the TLB */
};

u64 inorder_mmu_guest_space(const struct inorder_mmu *mmu, u64 asid)
{
	return GUEST_SPACE | field_get(mmu->hgatp, HGATP_VMID) << 16 | (u16)asid;
}

static u64 space_of(const struct inorder_mmu *mmu, bool guest)
{
	return guest ? inorder_mmu_guest_space(mmu, field_get(mmu->vsatp, SATP_ASID)) :
		       field_get(mmu->satp, SATP_ASID);
}

static const struct inorder_page *inorder_mmu_translate(struct inorder_mmu *mmu,
							const struct use *use, u64 va, u64 *cycle)
{
	const struct inorder_params *params = mmu->params;
	const struct tables alone = { .atp = mmu->satp };
	u64 space = space_of(mmu, use->guest);
	const struct inorder_page *page = inorder_tlb_find(use->tlb, va, space);
	struct inorder_page found, piece;

	if (page || !use->walks)
		return page;
	timing_count(mmu->tally, use->miss);
	page = inorder_tlb_find(&mmu->stlb, va, space);
	if (page) {
		*cycle += params->stlb_latency;
		return inorder_tlb_fill(use->tlb, page);
	}
	*cycle += params->walk_start;
	*cycle = use->guest ? walk_guest(mmu, va, *cycle, &found) :
			      inorder_mmu_descend(mmu, &alone, va, *cycle, &found);
	*cycle += params->walk_end;
	if (!found.size)
		return NULL;
	found.space = space;
	piece = inorder_mmu_small_page(&found, va);
	inorder_tlb_fill(&mmu->stlb, &piece);
	return inorder_tlb_fill(use->tlb, &found);
}

bool inorder_mmu_translates_fetch(const struct inorder_mmu *mmu)
{
	if ((mmu->after & TIMING_FETCH_MODE) == PRIV_M)
		return false;
	if (mmu->after & TIMING_VIRTUAL)
		return regime_levels(mmu->vsatp) || regime_levels(mmu->hgatp);
	return regime_levels(mmu->satp);
}

void inorder_mmu_write_csr(struct inorder_mmu *mmu, u16 csr, u64 value)
{
	inorder_mmu_fetch_changed(mmu);
	if (csr == INORDER_CSR_HGATP)
		mmu->hgatp = value;
	else if (csr == INORDER_CSR_VSATP ||
		 (csr == INORDER_CSR_SATP && mmu->after & TIMING_VIRTUAL))
		mmu->vsatp = value;
	else if (csr == INORDER_CSR_SATP)
		mmu->satp = value;
}

bool inorder_mmu_peek_fetch(const struct inorder_mmu *mmu, u64 va, u64 *pa)
{
	u64 space = space_of(mmu, mmu->after & TIMING_VIRTUAL);
	const struct inorder_page *page = inorder_tlb_peek(&mmu->itlb, va, space);

	if (!page)
		return false;
	*pa = page->pa + (va - page->va);
	return true;
}

bool inorder_mmu_fetch(struct inorder_mmu *mmu, u64 va, bool walks, u64 *cycle, u64 *pa)
{
	const struct use use = {
		&mmu->itlb, TIMING_ITLB_READ_MISS, mmu->after & TIMING_VIRTUAL, walks,
	};
	u64 looked_up = mmu->itlb.lookups;
	const struct inorder_page *page;

	*pa = va;
	if (!inorder_mmu_translates_fetch(mmu))
		return true;
	page = inorder_mmu_translate(mmu, &use, va, cycle);
	if (mmu->itlb.lookups != looked_up)
		renew_version(mmu);
	if (!page)
		return false;
	*pa = page->pa + (va - page->va);
	return true;
}

u64 inorder_mmu_data(struct inorder_mmu *mmu, const struct inorder_reach *reach, u64 cycle)
{
	const struct use use = {
		&mmu->dtlb, reach->store ? TIMING_DTLB_WRITE_MISS : TIMING_DTLB_READ_MISS,
		reach->guest || mmu->after & TIMING_VIRTUAL, true,
	};

	timing_count(mmu->tally, reach->store ? TIMING_DTLB_WRITE : TIMING_DTLB_READ);
	/* Using the page that was used last changes nothing. */
	if (likely(inorder_tlb_peek(&mmu->dtlb, reach->va, space_of(mmu, use.guest))))
		return cycle;
	inorder_mmu_translate(mmu, &use, reach->va, &cycle);
	return cycle;
}
