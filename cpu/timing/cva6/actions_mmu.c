/* SPDX-License-Identifier: MIT */
/* What a CVA6 asks of its TLBs, and of tables in memory; see actions.h. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"
#include "cpu/timing/cva6/core.h"

#define TLB_HIT BIT(63)
#define TLB_USER BIT(62)

/* Of CVA6_ASK_DTLB_PLACE: above how it is looked up, the place. */
#define PLACE_SHIFT 8

/* Of CVA6_ASK_ENTRY: places, and above them the level. */
#define ENTRY_PLACE 16 /* bits of one */
#define ENTRY_LEVEL 48

/* Of CVA6_ASK_FILL_ITLB and CVA6_ASK_FILL_DTLB. */
#define FILL_GLOBAL BIT(3) /* beside a level */

/* Of an address translated: where it is, with TLB_HIT and TLB_USER. */
static u64 look_up(struct plru_tlb *tlb, u64 va, u64 satp, u64 how)
{
	u16 asid = (u16)field_get(satp, SATP_ASID);
	const struct plru_tlb_entry *entry;

	if (how & CVA6_LOOKS_BARE)
		return plru_tlb_match(tlb, va, how & CVA6_LOOKS_USED) ? TLB_HIT : 0;
	entry = plru_tlb_look_up(tlb, va, asid);
	if (!entry)
		return 0;
	if (how & CVA6_LOOKS_USED)
		plru_tlb_touch(tlb, entry);
	return TLB_HIT | (entry->leaf & PTE_U ? TLB_USER : 0) | plru_tlb_translate(entry, va);
}

static u64 find_data(struct asker *asker, const struct memo_question *question)
{
	struct cva6_core *core = asker->core;
	u64 va = asker_resolve(asker, question->a);
	u64 found = look_up(&core->tlbs.dtlb, va, core->pipe.context.satp, question->b);

	if (question->kind == CVA6_ASK_DTLB_PLACE)
		asker->place[question->b >> PLACE_SHIFT] = found & ~(TLB_HIT | TLB_USER);
	return found & TLB_HIT;
}

static u64 find_root(struct asker *asker, const struct memo_question *question)
{
	const struct cva6_core *core = asker->core;
	u64 va = asker_resolve(asker, question->a);

	asker->place[question->b] = va;
	asker->place[question->b + 1] = cva6_walk_root(core->pipe.context.satp, va);
	return 0;
}

static u64 read_entry(struct asker *asker, const struct memo_question *question)
{
	const struct cva6_core *core = asker->core;
	unsigned va = (unsigned)bits(question->b, 0, ENTRY_PLACE);
	unsigned entry = (unsigned)bits(question->b, ENTRY_PLACE, ENTRY_PLACE);
	struct cva6_walker walker = {
		.pointer = asker_resolve(asker, question->a),
		.va = asker->place[va],
		.level = (u8)(question->b >> ENTRY_LEVEL),
	};

	asker_reach(asker, question->which);
	cva6_walk_read(&walker, &core->host);
	asker->place[entry] = walker.entry;
	asker->place[entry + 1] = walker.onward;
	return walker.says;
}

static u64 fill_tlb(struct asker *asker, const struct memo_question *question)
{
	struct cva6_core *core = asker->core;
	const struct cva6_walker walker = {
		.va = asker_resolve(asker, question->a), .entry = asker_resolve(asker, question->b),
		.level = question->which & (FILL_GLOBAL - 1),
		.global = question->which & FILL_GLOBAL,
	};

	cva6_tlb_fill(question->kind == CVA6_ASK_FILL_ITLB ? &core->tlbs.itlb : &core->tlbs.dtlb,
		      &walker, core->pipe.context.satp);
	return 0;
}

u64 cva6_answer_translation(struct asker *asker, const struct memo_question *question)
{
	struct cva6_core *core = asker->core;

	switch (question->kind) {
	case CVA6_ASK_ITLB:
		return look_up(&core->tlbs.itlb, question->a, core->pipe.context.satp,
			       question->b);
	case CVA6_ASK_ROOT:
		return find_root(asker, question);
	case CVA6_ASK_ENTRY:
		return read_entry(asker, question);
	case CVA6_ASK_FILL_ITLB:
	case CVA6_ASK_FILL_DTLB:
		return fill_tlb(asker, question);
	default:
		return find_data(asker, question);
	}
}

/* Places for what will be found out: the first of `count`; false: there are none left. */
static bool add_places(struct asker *asker, unsigned count, unsigned *first)
{
	*first = asker->places;
	if (ASKER_PLACES - asker->places < count) {
		asker_refuse(asker);
		return false;
	}
	asker->places += count;
	return true;
}

/* An entry that was used already is the latest one still; what missed, misses. */
static bool is_known(const struct cva6_looked *looked, u64 va, u8 how)
{
	bool same = looked->valid && looked->va == va &&
		    !((looked->how ^ how) & CVA6_LOOKS_BARE);

	return same && (looked->how & CVA6_LOOKS_USED || !(how & CVA6_LOOKS_USED) ||
			!looked->found);
}

static u64 look_at(struct asker *asker, struct cva6_looked *looked, unsigned kind, u64 va, u8 how)
{
	if (!is_known(looked, va, how))
		*looked = (struct cva6_looked){
			.valid = true, .how = how, .va = va,
			.found = cva6_ask(asker, kind, va, how),
		};
	return looked->found;
}

static u8 how_looked(bool used, bool translated)
{
	return (used ? CVA6_LOOKS_USED : 0) | (translated ? 0 : CVA6_LOOKS_BARE);
}

void cva6_ask_itlb(struct cva6_mmu_cycle *cycle)
{
	bool translated = cva6_fetch_translated(cycle->context);
	u8 how = how_looked(cycle->fetch_request, translated);
	u64 page = align_down(cycle->fetch_va, PAGE_SIZE);
	u64 found = cycle->asker ? look_at(cycle->asker, &cycle->tlbs->fetch, CVA6_ASK_ITLB, page,
					   how) :
				   look_up(&cycle->tlbs->itlb, page, cycle->context->satp, how);

	cycle->itlb_hit = found & TLB_HIT;
	cycle->fetch_user = found & TLB_USER;
	if (found && translated)
		cycle->fetch_pa = (found & ~(TLB_HIT | TLB_USER)) + (cycle->fetch_va - page);
}

void cva6_ask_dtlb(struct cva6_mmu_cycle *cycle)
{
	bool translated = cycle->context->data_translated;
	u8 how = how_looked(cycle->data_request, translated);
	struct asker *asker = cycle->asker;
	unsigned place;
	u64 found;

	if (asker && (!cycle->data_unknown || !translated)) {
		cycle->dtlb_hit = look_at(asker, &cycle->tlbs->data, CVA6_ASK_DTLB, cycle->data_va,
					  how);
		if (translated)
			cycle->data_pa = 0;
		return;
	}
	cycle->tlbs->data.valid = false;
	if (asker && add_places(asker, 1, &place)) {
		cycle->dtlb_hit = cva6_ask(asker, CVA6_ASK_DTLB_PLACE, cycle->data_va,
					   how | (u64)place << PLACE_SHIFT);
		cycle->data_pa = asker_token(place);
		return;
	}
	found = look_up(&cycle->tlbs->dtlb, asker_resolve(asker, cycle->data_va),
			cycle->context->satp, how);
	cycle->dtlb_hit = found & TLB_HIT;
	if (found && translated)
		cycle->data_pa = found & ~(TLB_HIT | TLB_USER);
}

void cva6_ask_root(struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle)
{
	unsigned place;

	if (!cycle->asker || !add_places(cycle->asker, 2, &place)) {
		walker->va = asker_resolve(cycle->asker, walker->va);
		walker->pointer = cva6_walk_root(cycle->context->satp, walker->va);
		return;
	}
	cva6_ask(cycle->asker, CVA6_ASK_ROOT, walker->va, place);
	walker->va = asker_token(place);
	walker->pointer = asker_token(place + 1);
}

void cva6_ask_entry(struct cva6_walker *walker, const struct timing_host *host,
		    const struct cva6_mmu_cycle *cycle)
{
	struct asker *asker = cycle->asker;
	unsigned place;

	if (!asker || !add_places(asker, 2, &place)) {
		walker->va = asker_resolve(asker, walker->va);
		walker->pointer = asker_resolve(asker, walker->pointer);
		cva6_walk_read(walker, host);
		return;
	}
	walker->says = (u16)asker_ask(asker, &(struct memo_question){
		.kind = CVA6_ASK_ENTRY, .which = (u8)asker->taken, .a = walker->pointer,
		.b = asker_token_place(walker->va) | (u64)place << ENTRY_PLACE |
		     (u64)walker->level << ENTRY_LEVEL,
	});
	walker->entry = asker_token(place);
	walker->onward = asker_token(place + 1);
}

void cva6_ask_fill(const struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle,
		   bool instruction)
{
	struct cva6_tlbs *tlbs = cycle->tlbs;

	if (!cycle->asker) {
		cva6_tlb_fill(instruction ? &tlbs->itlb : &tlbs->dtlb, walker,
			      cycle->context->satp);
		return;
	}
	cva6_tlbs_changed(tlbs);
	asker_ask(cycle->asker, &(struct memo_question){
		.kind = instruction ? CVA6_ASK_FILL_ITLB : CVA6_ASK_FILL_DTLB,
		.which = (u8)(walker->level | (walker->global ? FILL_GLOBAL : 0)),
		.a = walker->va, .b = walker->entry,
	});
}
