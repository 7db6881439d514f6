/* SPDX-License-Identifier: MIT */
/* CVA6's TLBs and page walker. See mmu.h. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/hart/exception.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"

#include <string.h>

/* The core has Sv39. With more levels, a walk has that many more reads. */
#define ROOT_LEVEL(levels) ((u8)(MAX(levels, 1) - 1))
#define PTE_ABOVE_PPN 54
#define PTE_FLAGS 0xff

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
	return context->levels && fetch_mode(context) != PRIV_M;
}

bool cva6_data_translated(const struct cva6_context *context)
{
	return context->levels && data_mode(context) != PRIV_M;
}

/* Returns whether an address is canonical: for Sv39, whether bits 63 to 39 are equal to bit 38. */
static bool cva6_mmu_canonical(const struct cva6_context *context, u64 va)
{
	return (u64)sext(va, PAGE_SHIFT + PTE_LEVEL_BITS * context->levels) == va;
}

static void lookup_fetch(const struct cva6_mmu *mmu, struct cva6_mmu_cycle *cycle)
{
	const struct cva6_walker *walker = &mmu->walker;
	bool user = fetch_mode(cycle->context) == PRIV_U;

	cycle->fetch_valid = cycle->fetch_request;
	if (!cva6_fetch_translated(cycle->context))
		return;
	cycle->fetch_fault = !cva6_mmu_canonical(cycle->context, cycle->fetch_va);
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
	bool looks = context->data_translated ? cycle->data_looks_up : cycle->data_request;

	/*
	 * Addresses that are not translated are looked up, too, and match entries of every ASID
	 * (cva6_tlb.sv). An address that is not requested is looked up if the walker may fill in an
	 * entry.
	 */
	cycle->fetch_pa = cycle->fetch_va;
	cycle->data_pa = cycle->data_va;
	if (context->tables && (cycle->fetch_request || fills))
		cva6_action_itlb(cycle);
	if (context->tables && (looks || fills))
		cva6_action_dtlb(cycle);
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

u64 cva6_walk_root(u64 satp, u64 va)
{
	return pointer_of(field_get(satp, SATP_PPN), va, ROOT_LEVEL(regime_levels(satp)));
}

static bool is_leaf(u64 pte)
{
	return pte & (PTE_R | PTE_X);
}

void cva6_walk_read(struct cva6_walker *walker, const struct timing_host *host)
{
	u64 pte, ppn;

	if (!host->read(host->ctx, walker->pointer, &pte, sizeof(pte)))
		pte = 0;
	ppn = field_get(pte, PTE_PPN);
	walker->entry = pte;
	walker->says = pte & PTE_FLAGS;
	if (pte >> PTE_ABOVE_PPN)
		walker->says |= CVA6_ENTRY_RESERVED;
	if (!(ppn & (BIT(PTE_LEVEL_BITS * walker->level) - 1)))
		walker->says |= CVA6_ENTRY_ALIGNED;
	walker->onward = 0;
	if (walker->level && !is_leaf(pte))
		walker->onward = pointer_of(ppn, walker->va, walker->level - 1u);
}

/*
 * Returns whether the leaf may be filled in for this access. Its U bit is checked later, when the
 * TLB has it.
 */
static bool cva6_walker_permits(const struct cva6_walker *walker,
				const struct cva6_mmu_cycle *cycle)
{
	bool mxr = cycle->context->after & TIMING_MXR;
	u16 says = walker->says;

	if (!(says & PTE_A) || !(says & CVA6_ENTRY_ALIGNED))
		return false;
	if (walker->instruction)
		return says & PTE_X;
	if (cycle->data_store && (~says & (PTE_W | PTE_D)))
		return false;
	return says & PTE_R || (mxr && says & PTE_X);
}

/*
 * Returns whether memory must be newer than the access, which is known to fail, though not by this
 * leaf. (That a page belongs to the other privilege is detected later, when the TLB has it.)
 */
static bool is_newer(const struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle)
{
	bool user = data_mode(cycle->context) == PRIV_U;

	return !walker->instruction && cycle->data_fails && user == !!(walker->says & PTE_U);
}

/*
 * Takes the entry that was read: goes down a level, fails or finishes. Returns whether the entry
 * goes into a TLB.
 */
static bool cva6_walker_take_entry(struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle)
{
	u16 says = walker->says;
	bool good = says & PTE_V && (says & (PTE_R | PTE_W)) != PTE_W &&
		    !(says & CVA6_ENTRY_RESERVED);

	walker->global |= !!(says & PTE_G);
	walker->state = CVA6_WALKER_PROPAGATE_ERROR;
	if (!good || (walker->level == 0 && !is_leaf(says)))
		return false;
	if (!is_leaf(says)) {
		walker->state = CVA6_WALKER_WAIT_GRANT;
		walker->level--;
		walker->pointer = walker->onward;
		return false;
	}
	if (!cva6_walker_permits(walker, cycle) || is_newer(walker, cycle))
		return false;
	walker->state = CVA6_WALKER_LATENCY;
	return true;
}

static void cva6_mmu_begin(const struct cva6_mmu *mmu, struct cva6_walker *walker,
			   const struct cva6_mmu_cycle *cycle)
{
	/*
	 * The requester of the last walk is forgotten: after a flush that cancels no walk, it does
	 * not wait for one.
	 */
	walker->instruction = false;
	if (!mmu->missed)
		return;
	*walker = (struct cva6_walker){
		.state = CVA6_WALKER_WAIT_GRANT, .instruction = mmu->missed_fetch,
		.level = ROOT_LEVEL(cycle->context->levels), .va = mmu->missed_va,
	};
	cva6_action_root(walker, cycle);
}

/* Cancels a walk, but waits for a response that is still to come. */
static void cva6_walker_cancel(struct cva6_walker *walker, u8 state,
			       const struct cva6_mmu_cycle *cycle, bool answered)
{
	bool expects = state == CVA6_WALKER_PTE_LOOKUP || state == CVA6_WALKER_WAIT_RVALID;

	walker->state = CVA6_WALKER_LATENCY;
	if ((expects && !answered) || (state == CVA6_WALKER_WAIT_GRANT && cycle->granted))
		walker->state = CVA6_WALKER_WAIT_RVALID;
}

/* Steps the walker. Returns whether it has found a leaf. */
static bool cva6_walker_step(struct cva6_mmu *mmu, const struct cva6_mmu_cycle *cycle)
{
	struct cva6_walker *walker = &mmu->walker;
	bool answered = walker->answered, found = false;
	u8 state = walker->state;

	walker->tag_valid = false;
	switch (state) {
	case CVA6_WALKER_IDLE:
		cva6_mmu_begin(mmu, walker, cycle);
		break;
	case CVA6_WALKER_WAIT_GRANT:
		if (cycle->granted) {
			walker->tag_valid = true;
			walker->state = CVA6_WALKER_PTE_LOOKUP;
		}
		break;
	case CVA6_WALKER_PTE_LOOKUP:
		found = answered && cva6_walker_take_entry(walker, cycle);
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
		cva6_walker_cancel(walker, state, cycle, answered);
	return found;
}

void cva6_tlb_fill(struct plru_tlb *tlb, const struct cva6_walker *walker, u64 satp)
{
	const struct plru_tlb_entry found = {
		.va = walker->va, .leaf = walker->entry, .level = walker->level,
		.asid = (u16)field_get(satp, SATP_ASID), .global = walker->global,
	};

	plru_tlb_fill(tlb, &found);
}

/* Fills the leaf into the TLB that missed in the last cycle, unless that TLB hits now. */
static void cva6_mmu_fill(const struct cva6_mmu *mmu, const struct cva6_walker *walker,
			  const struct cva6_mmu_cycle *cycle)
{
	if (mmu->missed && !(mmu->missed_fetch ? cycle->itlb_hit : cycle->dtlb_hit))
		cva6_action_fill(walker, cycle, mmu->missed_fetch);
}

/*
 * Returns whether a fetch misses. An access to the data TLB, even a hit, delays that
 * (cva6_shared_tlb.sv).
 */
static bool fetch_misses(const struct cva6_mmu_cycle *cycle)
{
	return cycle->fetch_request && !cycle->itlb_hit && !cycle->data_request &&
	       cva6_fetch_translated(cycle->context);
}

static bool data_misses(const struct cva6_mmu_cycle *cycle)
{
	return cycle->data_request && !cycle->dtlb_hit && cycle->context->data_translated;
}

static void note_miss(struct cva6_mmu *mmu, const struct cva6_mmu_cycle *cycle)
{
	bool data = data_misses(cycle);

	mmu->missed_fetch = fetch_misses(cycle);
	mmu->missed = mmu->missed_fetch || data;
	mmu->missed_va = mmu->missed_fetch ? cycle->fetch_va : data ? cycle->data_va : 0;
}

/* Returns whether no walk is in progress, and none begins. */
static bool cva6_mmu_rests(const struct cva6_mmu *mmu, const struct cva6_mmu_cycle *cycle)
{
	return mmu->walker.state == CVA6_WALKER_IDLE && !mmu->walker.answered && !mmu->missed &&
	       !cycle->flush && !cycle->answered && !fetch_misses(cycle) && !data_misses(cycle);
}

void cva6_mmu_step(struct cva6_mmu *mmu, const struct timing_host *host,
		   const struct cva6_mmu_cycle *cycle)
{
	struct cva6_walker *walker = &mmu->walker;

	if (cva6_mmu_rests(mmu, cycle))
		return;
	/* The walker still has the leaf that it found. */
	if (cva6_walker_step(mmu, cycle))
		cva6_mmu_fill(mmu, walker, cycle);
	note_miss(mmu, cycle);
	walker->answered = cycle->answered;
	if (cycle->answered && walker->state == CVA6_WALKER_PTE_LOOKUP)
		cva6_action_entry(walker, host, cycle);
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
	plru_tlb_changed(tlb);
}

void cva6_tlbs_fence(struct cva6_tlbs *tlbs, u64 va, u64 asid)
{
	fence_tlb(&tlbs->itlb, va, asid);
	fence_tlb(&tlbs->dtlb, va, asid);
}
