/* SPDX-License-Identifier: MIT */
/* CVA6's TLBs and page walker. See mmu.h. */
#include "cpu/timing/cva6/asked.h"

#include "cpu/pte.h"
#include "cpu/regime.h"
#include "cpu/trap.h"

#include <string.h>

/* The core has Sv39; who asks for more levels gets as many reads more. */
#define ROOT_LEVEL(satp) ((u8)(MAX(regime_levels(satp), 1) - 1))
/* All above the PPN: the core has neither Svpbmt nor Svnapot. */
#define PTE_UPPER(pte) ((pte) >> 54)

void cva6_tlbs_reset(struct cva6_tlbs *tlbs, const struct cva6_params *params)
{
	memset(tlbs, 0, sizeof(*tlbs));
	tlbs->itlb.entries = (unsigned)params->itlb_entries;
	tlbs->dtlb.entries = (unsigned)params->dtlb_entries;
}

static unsigned fetch_mode(const struct cva6_context *context)
{
	return context->after & TIMING_FETCH_MODE;
}

static unsigned data_mode(const struct cva6_context *context)
{
	return (context->after & TIMING_DATA_MODE) >> TIMING_DATA_MODE_SHIFT;
}

bool cva6_fetch_translated(const struct cva6_context *context)
{
	return regime_levels(context->satp) && fetch_mode(context) != PRIV_M;
}

bool cva6_data_translated(const struct cva6_context *context)
{
	return regime_levels(context->satp) && data_mode(context) != PRIV_M;
}

/* Sv39: bits 63 to 39 are as bit 38. */
static bool canonical(const struct cva6_context *context, u64 va)
{
	return (u64)sext(va, PAGE_SHIFT + PTE_LEVEL_BITS * regime_levels(context->satp)) == va;
}

static void lookup_fetch(const struct cva6_mmu *mmu, struct cva6_mmu_cycle *cycle)
{
	const struct cva6_walker *walker = &mmu->walker;
	bool user = fetch_mode(cycle->context) == PRIV_U;

	cycle->fetch_valid = cycle->fetch_request;
	if (!cva6_fetch_translated(cycle->context))
		return;
	cycle->fetch_fault = !canonical(cycle->context, cycle->fetch_va);
	if (cycle->itlb_hit) {
		cycle->fetch_fault |= user != cycle->fetch_user;
	} else {
		cycle->fetch_valid = walker->instruction &&
				     walker->state == CVA6_WALKER_PROPAGATE_ERROR;
		cycle->fetch_fault |= cycle->fetch_valid;
	}
}

void cva6_mmu_lookup(const struct cva6_mmu *mmu, struct cva6_mmu_cycle *cycle)
{
	const struct cva6_walker *walker = &mmu->walker;
	const struct cva6_context *context = cycle->context;
	bool fills = walker->state == CVA6_WALKER_PTE_LOOKUP;
	u16 asid = (u16)field_get(context->satp, SATP_ASID);

	/*
	 * Entries match only what is translated, as they were when they were filled. What is not
	 * requested matters when the walker may fill.
	 */
	cycle->fetch_pa = cycle->fetch_va;
	cycle->data_pa = cycle->data_va;
	if (cva6_fetch_translated(context) && (cycle->fetch_request || fills))
		cva6_ask_itlb(cycle, asid, cycle->fetch_request);
	if (context->data_translated && (cycle->data_looks || fills))
		cva6_ask_dtlb(cycle, asid, cycle->data_request);
	lookup_fetch(mmu, cycle);
	cycle->data_hit = !context->data_translated || cycle->dtlb_hit;
	cycle->data_walk_failed = !walker->instruction &&
				  walker->state == CVA6_WALKER_PROPAGATE_ERROR;
	cycle->walker_request = walker->state == CVA6_WALKER_WAIT_GRANT;
}

static u64 pointer_of(u64 ppn, u64 va, unsigned level)
{
	u64 index = bits(va, PAGE_SHIFT + PTE_LEVEL_BITS * level, PTE_LEVEL_BITS);

	return ppn << PAGE_SHIFT | index * PTE_SIZE;
}

static bool is_leaf(u64 pte)
{
	return pte & (PTE_R | PTE_X);
}

/* May the leaf be kept for this access? Writability and U are looked at in the TLB. */
static bool permits(const struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle, u64 pte)
{
	bool mxr = cycle->context->after & TIMING_MXR;
	bool aligned = !(field_get(pte, PTE_PPN) & (BIT(9 * walker->level) - 1));

	if (!(pte & PTE_A) || !aligned)
		return false;
	if (walker->instruction)
		return pte & PTE_X;
	if (cycle->data_store && (~pte & (PTE_W | PTE_D)))
		return false;
	return pte & PTE_R || (mxr && pte & PTE_X);
}

/*
 * Memory may be newer than the access: that it failed is the last word. What belongs to the other
 * mode is found out later, when the TLB has it.
 */
static bool is_newer(const struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle, u64 pte)
{
	bool user = data_mode(cycle->context) == PRIV_U;

	return !walker->instruction && cycle->data_fails && user == !!(pte & PTE_U);
}

/* The entry is here: go down, give up, or done. True: it goes into a TLB. */
static bool look_at_entry(struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle)
{
	u64 pte = walker->entry;
	bool good = pte & PTE_V && (pte & (PTE_R | PTE_W)) != PTE_W && !PTE_UPPER(pte);

	walker->global |= !!(pte & PTE_G);
	walker->state = CVA6_WALKER_PROPAGATE_ERROR;
	if (!good || (walker->level == 0 && !is_leaf(pte)))
		return false;
	if (!is_leaf(pte)) {
		walker->state = CVA6_WALKER_WAIT_GRANT;
		walker->level--;
		walker->pointer = pointer_of(field_get(pte, PTE_PPN), walker->va, walker->level);
		return false;
	}
	if (!permits(walker, cycle, pte) || is_newer(walker, cycle, pte))
		return false;
	walker->state = CVA6_WALKER_LATENCY;
	return true;
}

static void begin(const struct cva6_mmu *mmu, struct cva6_walker *walker,
		  const struct cva6_mmu_cycle *cycle)
{
	u64 satp = cycle->context->satp;

	*walker = (struct cva6_walker){
		.state = mmu->missed ? CVA6_WALKER_WAIT_GRANT : CVA6_WALKER_IDLE,
		.instruction = mmu->missed_fetch,
		.level = ROOT_LEVEL(satp),
		.asid = (u16)field_get(satp, SATP_ASID),
		.va = mmu->missed_va,
		.pointer = pointer_of(field_get(satp, SATP_PPN), mmu->missed_va,
				      ROOT_LEVEL(satp)),
	};
}

/* Whatever is under way is given up, but for an answer that still has to come. */
static void cancel(struct cva6_walker *walker, u8 state, const struct cva6_mmu_cycle *cycle,
		   bool answered)
{
	bool expects = state == CVA6_WALKER_PTE_LOOKUP || state == CVA6_WALKER_WAIT_RVALID;

	walker->state = CVA6_WALKER_LATENCY;
	if ((expects && !answered) || (state == CVA6_WALKER_WAIT_GRANT && cycle->granted))
		walker->state = CVA6_WALKER_WAIT_RVALID;
}

/* True: the walker has found a leaf. */
static bool step_walker(struct cva6_mmu *mmu, const struct cva6_mmu_cycle *cycle)
{
	struct cva6_walker *walker = &mmu->walker;
	bool answered = walker->answered, found = false;
	u8 state = walker->state;

	walker->tag_valid = false;
	switch (state) {
	case CVA6_WALKER_IDLE:
		begin(mmu, walker, cycle);
		break;
	case CVA6_WALKER_WAIT_GRANT:
		if (cycle->granted) {
			walker->tag_valid = true;
			walker->state = CVA6_WALKER_PTE_LOOKUP;
		}
		break;
	case CVA6_WALKER_PTE_LOOKUP:
		found = answered && look_at_entry(walker, cycle);
		break;
	case CVA6_WALKER_PROPAGATE_ERROR:
		walker->state = CVA6_WALKER_LATENCY;
		break;
	case CVA6_WALKER_WAIT_RVALID:
		if (answered)
			walker->state = CVA6_WALKER_IDLE;
		break;
	default:
		walker->state = CVA6_WALKER_IDLE;
		break;
	}
	if (cycle->flush)
		cancel(walker, state, cycle, answered);
	return found;
}

/* Into the TLB that missed in the last cycle, unless it hits now. */
static void fill(const struct cva6_mmu *mmu, const struct plru_tlb_entry *found,
		 const struct cva6_mmu_cycle *cycle)
{
	if (!mmu->missed)
		return;
	if (mmu->missed_fetch && !cycle->itlb_hit)
		plru_tlb_fill(&cycle->tlbs->itlb, found);
	if (!mmu->missed_fetch && !cycle->dtlb_hit)
		plru_tlb_fill(&cycle->tlbs->dtlb, found);
}

/* cva6_shared_tlb.sv: an access to the data TLB, even a hit, is in the way of a fetch's miss. */
static void note_miss(struct cva6_mmu *mmu, const struct cva6_mmu_cycle *cycle)
{
	bool fetch_missed = cva6_fetch_translated(cycle->context) && cycle->fetch_request &&
			    !cycle->itlb_hit && !cycle->data_request;
	bool data_missed = cycle->context->data_translated && cycle->data_request &&
			   !cycle->dtlb_hit;

	mmu->missed = fetch_missed || data_missed;
	if (!mmu->missed) {
		mmu->missed_fetch = false;
		return;
	}
	mmu->missed_fetch = fetch_missed;
	mmu->missed_va = fetch_missed ? cycle->fetch_va :
					asker_resolve(cycle->asker, cycle->data_va);
	asker_refuse(cycle->asker);
}

/* Is nothing translated, and no walk under way? */
static bool rests(const struct cva6_mmu *mmu, const struct cva6_mmu_cycle *cycle)
{
	return mmu->walker.state == CVA6_WALKER_IDLE && !mmu->walker.answered && !mmu->missed &&
	       !cycle->flush && !cycle->context->data_translated &&
	       !cva6_fetch_translated(cycle->context);
}

void cva6_mmu_step(struct cva6_mmu *mmu, const struct timing_host *host,
		   const struct cva6_mmu_cycle *cycle)
{
	struct cva6_walker *walker = &mmu->walker;
	struct plru_tlb_entry found = {
		.va = walker->va, .leaf = walker->entry,
		.asid = walker->asid, .level = walker->level,
	};
	u64 pointer = walker->pointer;
	bool filled;

	if (rests(mmu, cycle))
		return;
	filled = step_walker(mmu, cycle);

	found.global = walker->global;
	if (filled)
		fill(mmu, &found, cycle);
	note_miss(mmu, cycle);
	walker->answered = cycle->answered;
	if (cycle->answered &&
	    !host->read(host->ctx, pointer, &walker->entry, sizeof(walker->entry)))
		walker->entry = 0;
}

static void fence_tlb(struct plru_tlb *tlb, u64 va, u64 asid)
{
	for (unsigned n = 0; n < tlb->entries; n++) {
		struct plru_tlb_entry *entry = &tlb->entry[n];

		if (va && !plru_tlb_covers(entry, va))
			continue;
		if (asid && (entry->global || entry->asid != asid))
			continue;
		entry->valid = false;
	}
}

void cva6_tlbs_fence(struct cva6_tlbs *tlbs, u64 va, u64 asid)
{
	fence_tlb(&tlbs->itlb, va, asid);
	fence_tlb(&tlbs->dtlb, va, asid);
}
