/* SPDX-License-Identifier: MIT */
/* A CVA6's actions on its TLBs, and on page tables in memory; see actions.h. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"
#include "cpu/timing/cva6/core.h"

#define TLB_HIT BIT(63)
#define TLB_USER BIT(62)

/* In `b` of CVA6_ACTION_DTLB_PLACE the place is above enum cva6_lookup_flags. */
#define PLACE_SHIFT 8

/* `b` of CVA6_ACTION_ENTRY has the place of va, the first place of the results, and the level. */
#define ENTRY_PLACE 16 /* the number of bits of a place */
#define ENTRY_LEVEL 48

/* In `which` of CVA6_ACTION_FILL_ITLB and CVA6_ACTION_FILL_DTLB: */
#define FILL_GLOBAL BIT(3) /* above the level */

/*
 * Looks an address up. Returns TLB_HIT, or 0 for a miss. If the address is translated, the result
 * also has the physical address, and TLB_USER for a user page.
 */
static u64 cva6_actions_mmu_look_up(struct plru_tlb *tlb, u64 va, u64 satp, u64 how)
{
	u16 asid = (u16)field_get(satp, SATP_ASID);
	const struct plru_tlb_entry *entry;
	u64 pa;

	if (how & CVA6_LOOKUP_BARE)
		return plru_tlb_match(tlb, va, how & CVA6_LOOKUP_USED) ? TLB_HIT : 0;
	entry = plru_tlb_look_up(tlb, va, asid, &pa);
	if (!entry)
		return 0;
	if (how & CVA6_LOOKUP_USED)
		plru_tlb_touch(tlb, entry);
	return TLB_HIT | (entry->leaf & PTE_U ? TLB_USER : 0) | pa;
}

static u64 find_data(struct actions *actions, const struct memo_action *action)
{
	struct cva6_core *core = actions->core;
	u64 va = actions_resolve(actions, action->a);
	u64 found =
		cva6_actions_mmu_look_up(&core->tlbs.dtlb, va, core->pipe.context.satp, action->b);

	if (action->kind == CVA6_ACTION_DTLB_PLACE)
		actions->place[action->b >> PLACE_SHIFT] = found & ~(TLB_HIT | TLB_USER);
	return found & TLB_HIT;
}

static u64 find_root(struct actions *actions, const struct memo_action *action)
{
	const struct cva6_core *core = actions->core;
	u64 va = actions_resolve(actions, action->a);

	actions->place[action->b] = va;
	actions->place[action->b + 1] = cva6_walk_root(core->pipe.context.satp, va);
	return 0;
}

static u64 read_entry(struct actions *actions, const struct memo_action *action)
{
	const struct cva6_core *core = actions->core;
	unsigned va = (unsigned)bits(action->b, 0, ENTRY_PLACE);
	unsigned entry = (unsigned)bits(action->b, ENTRY_PLACE, ENTRY_PLACE);
	struct cva6_walker walker = {
		.pointer = actions_resolve(actions, action->a),
		.va = actions->place[va],
		.level = (u8)(action->b >> ENTRY_LEVEL),
	};

	actions_reach(actions, action->which);
	cva6_walk_read(&walker, &core->host);
	actions->place[entry] = walker.entry;
	actions->place[entry + 1] = walker.onward;
	return walker.says;
}

static u64 fill_tlb(struct actions *actions, const struct memo_action *action)
{
	struct cva6_core *core = actions->core;
	const struct cva6_walker walker = {
		.va = actions_resolve(actions, action->a),
		.entry = actions_resolve(actions, action->b),
		.level = action->which & (FILL_GLOBAL - 1),
		.global = action->which & FILL_GLOBAL,
	};

	cva6_tlb_fill(action->kind == CVA6_ACTION_FILL_ITLB ? &core->tlbs.itlb : &core->tlbs.dtlb,
		      &walker, core->pipe.context.satp);
	return 0;
}

u64 cva6_perform_translation(struct actions *actions, const struct memo_action *action)
{
	struct cva6_core *core = actions->core;

	switch (action->kind) {
	case CVA6_ACTION_ITLB:
		return cva6_actions_mmu_look_up(&core->tlbs.itlb, action->a,
						core->pipe.context.satp, action->b);
	case CVA6_ACTION_ROOT:
		return find_root(actions, action);
	case CVA6_ACTION_ENTRY:
		return read_entry(actions, action);
	case CVA6_ACTION_FILL_ITLB:
	case CVA6_ACTION_FILL_DTLB:
		return fill_tlb(actions, action);
	default:
		return find_data(actions, action);
	}
}

/*
 * Reserves `count` places for results that are addresses, from *first on. Returns false if fewer
 * are left.
 */
static bool add_places(struct actions *actions, unsigned count, unsigned *first)
{
	*first = actions->places;
	if (ACTIONS_PLACES - actions->places < count) {
		actions_refuse(actions);
		return false;
	}
	actions->places += count;
	return true;
}

/*
 * Returns whether the result is that of the latest lookup: an entry that this used is still the
 * most recently used one, and an address that missed misses again.
 */
static bool is_known(const struct cva6_found *looked, u64 va, u8 how)
{
	bool same = looked->valid && looked->va == va && !((looked->how ^ how) & CVA6_LOOKUP_BARE);

	return same &&
	       (looked->how & CVA6_LOOKUP_USED || !(how & CVA6_LOOKUP_USED) || !looked->found);
}

static u64 look_at(struct actions *actions, struct cva6_found *looked, unsigned kind, u64 va,
		   u8 how)
{
	if (!is_known(looked, va, how))
		*looked = (struct cva6_found){
			.valid = true, .how = how, .va = va,
			.found = cva6_do(actions, kind, va, how),
		};
	return looked->found;
}

static u8 how_found(bool used, bool translated)
{
	return (used ? CVA6_LOOKUP_USED : 0) | (translated ? 0 : CVA6_LOOKUP_BARE);
}

void cva6_action_itlb(struct cva6_mmu_cycle *cycle)
{
	bool translated = cva6_fetch_translated(cycle->context);
	u8 how = how_found(cycle->fetch_request, translated);
	u64 page = align_down(cycle->fetch_va, PAGE_SIZE);
	u64 found = cycle->actions ? look_at(cycle->actions, &cycle->tlbs->fetch, CVA6_ACTION_ITLB,
					     page, how) :
				     cva6_actions_mmu_look_up(&cycle->tlbs->itlb, page,
							      cycle->context->satp, how);

	cycle->itlb_hit = found & TLB_HIT;
	cycle->fetch_user = found & TLB_USER;
	if (found && translated)
		cycle->fetch_pa = (found & ~(TLB_HIT | TLB_USER)) + (cycle->fetch_va - page);
}

void cva6_action_dtlb(struct cva6_mmu_cycle *cycle)
{
	bool translated = cycle->context->data_translated;
	u8 how = how_found(cycle->data_request, translated);
	struct actions *actions = cycle->actions;
	unsigned place;
	u64 found;

	if (actions && (!cycle->data_unknown || !translated)) {
		cycle->dtlb_hit =
			look_at(actions, &cycle->tlbs->data, CVA6_ACTION_DTLB, cycle->data_va, how);
		if (translated)
			cycle->data_pa = 0;
		return;
	}
	cycle->tlbs->data.valid = false;
	if (actions && add_places(actions, 1, &place)) {
		cycle->dtlb_hit = cva6_do(actions, CVA6_ACTION_DTLB_PLACE, cycle->data_va,
					  how | (u64)place << PLACE_SHIFT);
		cycle->data_pa = actions_token(place);
		return;
	}
	found = cva6_actions_mmu_look_up(&cycle->tlbs->dtlb,
					 actions_resolve(actions, cycle->data_va),
					 cycle->context->satp, how);
	cycle->dtlb_hit = found & TLB_HIT;
	if (found && translated)
		cycle->data_pa = found & ~(TLB_HIT | TLB_USER);
}

void cva6_action_root(struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle)
{
	unsigned place;

	if (!cycle->actions || !add_places(cycle->actions, 2, &place)) {
		walker->va = actions_resolve(cycle->actions, walker->va);
		walker->pointer = cva6_walk_root(cycle->context->satp, walker->va);
		return;
	}
	cva6_do(cycle->actions, CVA6_ACTION_ROOT, walker->va, place);
	walker->va = actions_token(place);
	walker->pointer = actions_token(place + 1);
}

void cva6_action_entry(struct cva6_walker *walker, const struct timing_host *host,
		       const struct cva6_mmu_cycle *cycle)
{
	struct actions *actions = cycle->actions;
	unsigned place;

	if (!actions || !add_places(actions, 2, &place)) {
		walker->va = actions_resolve(actions, walker->va);
		walker->pointer = actions_resolve(actions, walker->pointer);
		cva6_walk_read(walker, host);
		return;
	}
	walker->says = (u16)actions_do(actions, &(struct memo_action){
							.kind = CVA6_ACTION_ENTRY,
							.which = (u8)actions->consumed,
							.a = walker->pointer,
							.b = actions_token_place(walker->va) |
							     (u64)place << ENTRY_PLACE |
							     (u64)walker->level << ENTRY_LEVEL,
						});
	walker->entry = actions_token(place);
	walker->onward = actions_token(place + 1);
}

void cva6_action_fill(const struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle,
		      bool instruction)
{
	struct cva6_tlbs *tlbs = cycle->tlbs;

	if (!cycle->actions) {
		cva6_tlb_fill(instruction ? &tlbs->itlb : &tlbs->dtlb, walker,
			      cycle->context->satp);
		return;
	}
	cva6_tlbs_changed(tlbs);
	actions_do(cycle->actions,
		   &(struct memo_action){
			   .kind = instruction ? CVA6_ACTION_FILL_ITLB : CVA6_ACTION_FILL_DTLB,
			   .which = (u8)(walker->level | (walker->global ? FILL_GLOBAL : 0)),
			   .a = walker->va,
			   .b = walker->entry,
		   });
}
