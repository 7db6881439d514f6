/* SPDX-License-Identifier: MIT */
/* Compares what a hart may remember with the page tables (see stale_tlb.h). */
#include "cpu/debug/stale_tlb.h"

#include "bus/platform.h"
#include "cpu/mmu/grant.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/unfenced.h"
#include "cpu/vector/vector.h"

static bool strict_allows(const struct strict_page *page, enum access_type type)
{
	switch (type) {
	case ACCESS_FETCH:
		return page->executable;
	case ACCESS_STORE:
		return page->writable;
	default:
		return page->readable;
	}
}

/* Returns the grants of which the access needs one. */
static u64 strict_needs(const struct regime *regime, enum access_type type)
{
	const struct grant_needs needs = grant_needs(regime);

	return type == ACCESS_FETCH ? needs.execute :
	       type == ACCESS_STORE ? needs.write :
				      needs.read;
}

/* Returns what the hart may still remember; NULL if there is no memory for it. */
static struct unfenced *strict_unfenced(struct hart *hart)
{
	if (!hart->tlb->unfenced)
		hart->tlb->unfenced = unfenced_create();
	return hart->tlb->unfenced;
}

/* Returns the address space of a stage of the regime. */
static struct unfenced_space strict_space(const struct regime *regime, bool second)
{
	if (second)
		return (struct unfenced_space){ .stage = regime->s2, .vmid = regime->vmid,
						.virt = true, .second = true };
	return (struct unfenced_space){ .stage = regime->s1, .below = regime->s2.root,
					.asid = regime->asid, .vmid = regime->vmid,
					.virt = regime->virt };
}

/*
 * Makes the hart remember how the page tables of a stage translate page->at now. The second stage
 * is walked alone, because the tables of the first stage may no longer lead to that address.
 */
static bool strict_walk(struct hart *hart, const struct regime *regime, bool second,
			enum access_type type, struct unfenced_page *page)
{
	const struct unfenced_space space = strict_space(regime, second);
	struct regime walked = *regime;
	struct trap trap = hart->trap;
	struct walk_trace trace;
	bool good;

	if (second)
		walked.s1 = (struct stage){ 0 };
	good = walk_traced(hart, &walked, page->at, (struct access){ .type = type }, &trace);
	hart->trap = trap;
	if (!good)
		return false;
	unfenced_enter(hart->tlb->unfenced, &space, trace.last[second]);
	return unfenced_find(hart->tlb->unfenced, &space, page);
}

/*
 * Finds how a stage translates page->at for the hart, which walks the tables if it remembers no
 * translation that grants the access. Returns false if there is none in the tables either.
 */
static bool strict_stage(struct hart *hart, const struct regime *regime, bool second,
			 enum access_type type, struct unfenced_page *page)
{
	const struct unfenced_space space = strict_space(regime, second);

	if (unfenced_find(hart->tlb->unfenced, &space, page) &&
	    (page->grants & strict_needs(regime, type)))
		return true;
	return strict_walk(hart, regime, second, type, page);
}

/* Returns false if the hart can remember no translation for the access. */
static bool strict_remembered(struct hart *hart, const struct regime *regime,
			      struct strict_finding *finding)
{
	const struct grant_needs needs = grant_needs(regime);
	struct unfenced_page page = { .to = regime_address(regime, finding->va) };
	u64 grants = GRANT_ALL;

	for (unsigned second = 0; second < 2; second++) {
		if (!(second ? regime->s2 : regime->s1).levels)
			continue;
		page.at = page.to;
		if (!strict_stage(hart, regime, second, finding->type, &page))
			return false;
		grants &= page.grants;
	}
	finding->remembered = (struct strict_page){
		true, page.to, grants & needs.read, grants & needs.write, grants & needs.execute,
	};
	return true;
}

static struct strict_page strict_walked(struct hart *hart, const struct regime *regime, u64 va,
					enum access_type type)
{
	const struct access access = { .type = type, .peek = true };
	struct trap trap = hart->trap;
	struct strict_page page = { .valid = false };
	struct xlat xlat;

	if (walk(hart, regime, regime_address(regime, va), access, &xlat))
		page = (struct strict_page){ true, xlat.pa, xlat.readable, xlat.writable,
					     xlat.executable };
	hart->trap = trap;
	return page;
}

/* Returns true if the finding was reported before, or if the table is full. */
static bool strict_reported(struct strict *strict, u64 pc, u64 page)
{
	for (unsigned n = 0; n < strict->place_count; n++)
		if (strict->places[n].pc == pc && strict->places[n].page == page)
			return true;
	if (strict->place_count == STRICT_PLACES)
		return true;
	strict->places[strict->place_count++] = (struct strict_place){ pc, page };
	return false;
}

static struct strict_wait *strict_find_wait(struct strict *strict, const struct hart *hart,
					    u64 page)
{
	for (unsigned n = 0; n < strict->wait_count; n++)
		if (strict->waits[n].hart == hart->id && strict->waits[n].page == page)
			return &strict->waits[n];
	return NULL;
}

/*
 * Returns whether it is too early to report a stale use, because another hart's fence may still
 * come. Each page of 4 KiB waits separately, though the translation may be of a larger page: only a
 * part of that page may be stale.
 */
static bool strict_awaited(struct strict *strict, const struct hart *hart, u64 page)
{
	struct strict_wait *wait = strict_find_wait(strict, hart, page);

	if (!strict->patience)
		return false;
	if (wait)
		return hart->steps - wait->since < strict->patience;
	wait = strict->waits;
	if (strict->wait_count < STRICT_WAITS)
		wait = &strict->waits[strict->wait_count++];
	else
		for (unsigned n = 1; n < STRICT_WAITS; n++)
			wait = strict->waits[n].since < wait->since ? &strict->waits[n] : wait;
	*wait = (struct strict_wait){ hart->id, page, hart->steps };
	return true;
}

static void strict_end_wait(struct strict *strict, const struct hart *hart, u64 page)
{
	struct strict_wait *wait = strict_find_wait(strict, hart, page);

	if (wait)
		*wait = strict->waits[--strict->wait_count];
}

static void strict_check(struct strict *strict, struct hart *hart, const struct regime *regime,
			 struct strict_finding *finding)
{
	const u64 page = finding->va & PAGE_MASK;

	if ((!regime->s1.levels && !regime->s2.levels) || !strict_unfenced(hart) ||
	    !strict_remembered(hart, regime, finding))
		return;
	finding->tables = strict_walked(hart, regime, finding->va, finding->type);
	if (finding->tables.valid && finding->tables.pa == finding->remembered.pa &&
	    strict_allows(&finding->tables, finding->type)) {
		strict_end_wait(strict, hart, page);
		return;
	}
	if (!strict_awaited(strict, hart, page) && !strict_reported(strict, finding->pc, page))
		strict->found(strict->ctx, finding);
}

static struct strict_finding finding_of(const struct hart *hart, const struct event *event)
{
	return (struct strict_finding){
		.hart = hart->id, .priv = event->priv, .virt = event->virt, .pc = event->pc,
	};
}

/*
 * Checks the fetch of the instruction's first half. strict_before() checks that of the second half,
 * if the instruction has one.
 */
static void strict_fetch(void *ctx, struct hart *hart, const struct event *event)
{
	struct strict_finding finding = finding_of(hart, event);

	finding.va = event->pc;
	finding.type = ACCESS_FETCH;
	strict_check(ctx, hart, hart->fetch_regime, &finding);
}

/* A vector load or store. Of consecutive elements in the same page, only the first is checked. */
struct strict_vector {
	struct strict *strict;
	struct hart *hart;
	struct strict_finding finding; /* its va is that of the element checked last */
	bool begun;
};

static void strict_element(void *ctx, const struct vector_access *access)
{
	struct strict_vector *vector = ctx;
	struct strict_finding *finding = &vector->finding;
	bool same = vector->begun && !((access->va ^ finding->va) & PAGE_MASK);

	if (same || (access->va & ~PAGE_MASK) + access->bytes > PAGE_SIZE)
		return;
	vector->begun = true;
	finding->va = access->va;
	finding->type = access->store ? ACCESS_STORE : ACCESS_LOAD;
	strict_check(vector->strict, vector->hart, vector->hart->data_regime, finding);
}

/*
 * Returns the regime of the access, which is in *own if it is not the hart's. Returns NULL if there
 * is no access to check: HLVX walks the tables each time (mem.c), and accesses that cross a page
 * are not checked.
 */
static const struct regime *regime_of_access(const struct hart *hart, const struct event *event,
					     struct regime *own)
{
	if (event->touch == TOUCH_NONE || event->insn.op == OP_hlvx_hu ||
	    event->insn.op == OP_hlvx_wu || (event->va & ~PAGE_MASK) + event->size > PAGE_SIZE)
		return NULL;
	if (!event->guest)
		return hart->data_regime;
	regime_guest(hart, own);
	return own;
}

static void strict_before(void *ctx, struct hart *hart, const struct event *event)
{
	struct strict_finding finding = finding_of(hart, event);
	struct strict_vector vector = { .strict = ctx, .hart = hart, .finding = finding };
	struct regime own;
	const struct regime *regime = regime_of_access(hart, event, &own);

	if (insn_length(event->raw) == 4 && (event->pc & ~PAGE_MASK) == PAGE_SIZE - 2) {
		finding.va = event->pc + 2;
		finding.type = ACCESS_FETCH;
		strict_check(ctx, hart, hart->fetch_regime, &finding);
	}
	vector_accesses(hart, &event->insn, strict_element, &vector);
	if (!regime)
		return;
	finding.va = event->va;
	finding.type = event->touch == TOUCH_LOAD ? ACCESS_LOAD : ACCESS_STORE;
	strict_check(ctx, hart, regime, &finding);
}

static const struct {
	enum op op;
	bool guests, second, invalidates;
} fences[] = {
	{ .op = OP_sfence_vma },
	{ .op = OP_sinval_vma, .invalidates = true },
	{ .op = OP_hfence_vvma, .guests = true },
	{ .op = OP_hinval_vvma, .guests = true, .invalidates = true },
	{ .op = OP_hfence_gvma, .guests = true, .second = true },
	{ .op = OP_hinval_gvma, .guests = true, .second = true, .invalidates = true },
};

/*
 * Executes fence n. One of the G stage is limited by a guest physical address that is shifted right
 * by 2 bits, and by a VMID; one of the first stage by a virtual address and an ASID, of the host or
 * of the guest whose VMID is in hgatp.
 */
static void strict_fence(struct unfenced *unfenced, const struct hart *hart,
			 const struct insn *insn, unsigned n)
{
	struct unfenced_fence fence = {
		.virt = fences[n].guests || hart->virt,
		.second = fences[n].second,
		.invalidates = fences[n].invalidates,
		.has_at = insn->rs1,
		.at = hart->x[insn->rs1] << (fences[n].second ? 2 : 0),
	};

	if (fence.second) {
		fence.has_vmid = insn->rs2;
		fence.vmid = hart->x[insn->rs2] & VMID_MAX;
	} else {
		fence.has_asid = insn->rs2;
		fence.asid = (u16)hart->x[insn->rs2];
		fence.has_vmid = fence.virt;
		fence.vmid = (u16)field_get(hart->hgatp, HGATP_VMID);
	}
	unfenced_fence(unfenced, &fence);
}

static void strict_after(void *ctx, struct hart *hart, const struct event *event)
{
	struct unfenced *unfenced = hart->tlb->unfenced;

	(void)ctx;
	if (event->trapped || !unfenced)
		return;
	if (event->insn.op == OP_sfence_w_inval)
		unfenced_order_stores(unfenced);
	if (event->insn.op == OP_sfence_inval_ir)
		unfenced_order_reads(unfenced);
	if (isa_ops[event->insn.op].format != FORMAT_SFENCE)
		return;
	for (unsigned n = 0; n < ARRAY_SIZE(fences); n++)
		if (fences[n].op == event->insn.op)
			strict_fence(unfenced, hart, &event->insn, n);
}

void strict_attach(struct strict *strict, struct watch *watch)
{
	const struct observer observer = {
		.fetch = strict_fetch, .before = strict_before, .after = strict_after,
		.ctx = strict,
	};

	watch_add(watch, &observer);
}
