/* SPDX-License-Identifier: MIT */
/* Compares what a hart may remember with the page tables (see strict.h). */
#include "cpu/debug/strict.h"

#include "bus/platform.h"
#include "cpu/mmu/grant.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"
#include "cpu/vector/vector.h"

#include <stdlib.h>

/* A fence for an address also drops the superpage that contains it. */
#define SUPERPAGE (2 * MiB)

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

/* Returns what the hart may still remember; NULL if there is no memory for it. */
static struct spaces *strict_spaces(struct hart *hart)
{
	struct spaces **spaces = &hart->tlb->unfenced;

	if (!*spaces)
		*spaces = calloc(1, sizeof(**spaces));
	return *spaces;
}

/* Has the hart remember what an access that finds nothing, or too little, gets from the tables. */
static void strict_remember(struct hart *hart, const struct regime *regime, struct space *space,
			    const struct strict_finding *finding)
{
	u64 address = regime_address(regime, finding->va);
	struct trap trap = hart->trap;
	struct walk_trace trace;

	if (walk_traced(hart, regime, address, (struct access){ .type = finding->type }, &trace)) {
		if (trace.xlat.page_size > PAGE_SIZE && regime->s1.levels)
			space_note_big(space, address, trace.xlat.page_size);
		space_enter(hart->tlb->unfenced, space, address,
			    (trace.xlat.pa & PAGE_MASK) | trace.xlat.grants);
	}
	hart->trap = trap;
}

static struct strict_page strict_remembered(struct spaces *spaces, const struct space *space,
					    const struct regime *regime, u64 va)
{
	const struct space_page *found = space_find(spaces, space, regime_address(regime, va));
	const struct grant_needs needs = grant_needs(regime);
	u64 grants = found ? found->page : 0;

	return (struct strict_page){
		.valid = found,
		.pa = (grants & PAGE_MASK) | (va & ~PAGE_MASK),
		.readable = grants & needs.read,
		.writable = grants & needs.write,
		.executable = grants & needs.execute,
	};
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
static bool strict_told(struct strict *strict, u64 pc, u64 page)
{
	for (unsigned n = 0; n < strict->place_count; n++)
		if (strict->places[n].pc == pc && strict->places[n].page == page)
			return true;
	if (strict->place_count == STRICT_PLACES)
		return true;
	strict->places[strict->place_count++] = (struct strict_place){ pc, page };
	return false;
}

/* Returns whether the fence that would end the finding may still come. */
static bool strict_awaited(struct strict *strict, const struct hart *hart, u64 page)
{
	struct strict_wait *wait = strict->waits;

	if (!strict->patience)
		return false;
	for (unsigned n = 0; n < strict->wait_count; n++)
		if (strict->waits[n].hart == hart->id && strict->waits[n].page == page)
			return hart->steps - strict->waits[n].since < strict->patience;
	if (strict->wait_count < STRICT_WAITS)
		wait = &strict->waits[strict->wait_count++];
	else
		for (unsigned n = 1; n < STRICT_WAITS; n++)
			wait = strict->waits[n].since < wait->since ? &strict->waits[n] : wait;
	*wait = (struct strict_wait){ hart->id, page, hart->steps };
	return true;
}

static void strict_check(struct strict *strict, struct hart *hart, const struct regime *regime,
			 struct strict_finding *finding)
{
	u64 page = finding->va & PAGE_MASK;
	struct spaces *spaces = strict_spaces(hart);
	struct space *space;

	if (!spaces || (!regime->s1.levels && !regime->s2.levels))
		return;
	space = space_take(spaces, regime, ++strict->selections);
	finding->remembered = strict_remembered(spaces, space, regime, finding->va);
	if (!strict_allows(&finding->remembered, finding->type)) {
		strict_remember(hart, regime, space, finding);
		return;
	}
	finding->tables = strict_walked(hart, regime, finding->va, finding->type);
	if (finding->tables.valid && finding->tables.pa == finding->remembered.pa &&
	    strict_allows(&finding->tables, finding->type))
		return;
	if (!strict_awaited(strict, hart, page) && !strict_told(strict, finding->pc, page))
		strict->found(strict->ctx, finding);
}

static struct strict_finding finding_of(const struct hart *hart, const struct event *event)
{
	return (struct strict_finding){
		.hart = hart->id, .priv = event->priv, .virt = event->virt, .pc = event->pc,
	};
}

/* Only an instruction that has a second half fetches it: strict_before() looks at that. */
static void strict_fetch(void *ctx, struct hart *hart, const struct event *event)
{
	struct strict_finding finding = finding_of(hart, event);

	finding.va = event->pc;
	finding.type = ACCESS_FETCH;
	strict_check(ctx, hart, hart->fetch_regime, &finding);
}

/* A vector load or store, whose elements are looked at a page at a time. */
struct strict_vector {
	struct strict *strict;
	struct hart *hart;
	struct strict_finding finding; /* its va is the last element's that was looked at */
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
 * Returns the regime of the access, in *own if it is not the hart's; NULL if there is no access, or
 * the tables are always walked for it (mem.c).
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

static bool strict_ends(const struct strict_wait *wait, const struct hart *hart,
			const struct insn *insn)
{
	u64 va = hart->x[insn->rs1];

	return wait->hart == hart->id &&
	       (!insn->rs1 || isa_ops[insn->op].ext == EXT_h ||
		align_down(va, SUPERPAGE) == align_down(wait->page, SUPERPAGE));
}

/* After a fence, nothing waits for it any more. */
static void strict_after(void *ctx, struct hart *hart, const struct event *event)
{
	struct strict *strict = ctx;
	unsigned kept = 0;

	if (event->trapped || isa_ops[event->insn.op].format != FORMAT_SFENCE)
		return;
	for (unsigned n = 0; n < strict->wait_count; n++)
		if (!strict_ends(&strict->waits[n], hart, &event->insn))
			strict->waits[kept++] = strict->waits[n];
	strict->wait_count = kept;
}

void strict_attach(struct strict *strict, struct watch *watch)
{
	const struct observer observer = {
		.fetch = strict_fetch, .before = strict_before, .after = strict_after,
		.ctx = strict,
	};

	watch_add(watch, &observer);
}
