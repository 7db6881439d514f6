/* SPDX-License-Identifier: MIT */
/*
 * AG, the first stage of C906's LSU (aq_lsu_ag.v): it translates, splits misaligned accesses in
 * two, and requests the cache's port for loads. See lsu.h.
 */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

#define WORD 8 /* bytes of the data path */

static u64 next_word(const struct c906_env *env, u64 address)
{
	return c906_place(env, align_down(actions_resolve(env->actions, address), WORD) + WORD);
}

/* Returns the part of an access after the boundary. The first part keeps the bytes before it. */
static struct c906_access second_half(const struct c906_env *env, const struct c906_access *whole,
				      unsigned offset)
{
	struct c906_access second = *whole;

	second.half = C906_SECOND;
	second.va = next_word(env, whole->va);
	second.pa = next_word(env, whole->pa);
	second.bytes = (u8)(BIT(offset + whole->size - WORD) - 1);
	return second;
}

static void c906_ag_leave(struct c906_lsu_cycle *cycle, const struct c906_access *access)
{
	cycle->completes = true;
	cycle->number = access->number;
	cycle->last = access->last;
}

static void c906_ag_move(struct c906_lsu *lsu, const struct c906_env *env,
			 struct c906_lsu_cycle *cycle, const struct c906_access *access,
			 bool crosses)
{
	struct c906_access dc = *access;

	cycle->ag_moves = true;
	if (access->half == C906_WHOLE && crosses) {
		unsigned offset = actions_resolve(env->actions, access->va) % WORD;

		actions_refuse(env->actions);
		lsu->ag = second_half(env, access, offset);
		lsu->ag_valid = true;
		dc.half = C906_FIRST;
		dc.bytes = (u8)(0xff << offset);
	} else {
		lsu->ag_valid = false;
		c906_ag_leave(cycle, access);
	}
	/* The data of a store, an SC or an AMO may come as it leaves AG (ag_st_fwd_vld). */
	if (dc.waits && !dc.is_float && lsu->da.valid && lsu->da.reg == dc.data_reg)
		dc.waits = false;
	lsu->dc = dc;
}

/*
 * Returns whether the access can move on in this cycle. To shorten its critical path, the core
 * assumes that a page is cacheable if the last one was; if that is wrong, the access is a cycle
 * later (aq_lsu_ag.v, target_ca_ff).
 */
static bool c906_ag_guesses(struct c906_lsu *lsu, bool cacheable)
{
	bool right = lsu->cacheable || !cacheable;

	lsu->cacheable = cacheable;
	return right;
}

/*
 * Returns whether the micro-TLB responds, even if only with a fault. The page of a fault is not
 * cacheable.
 */
static bool is_answered(const struct c906_mmu *mmu, u64 page)
{
	return page & (C906_PAGE_THERE | C906_PAGE_ILLEGAL) || mmu->dutlb.failed;
}

static void translate_and_move(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
			       struct c906_lsu_cycle *cycle)
{
	struct c906_access access = lsu->ag_valid ? lsu->ag : *cycle->entering;
	bool stores = c906_access_stores(&access) && !access.bytes;
	enum c906_mode mode = c906_data_mode(mmu, env);
	u64 page = c906_action_page(env, access.va, mode, access.size, stores);
	bool known = is_answered(mmu, page);
	bool ready = known && c906_ag_guesses(lsu, page & C906_PAGE_THERE);
	bool port = !cycle->fill_port && !cycle->rdl_port && !cycle->replay_port;
	bool busy = lsu->dc_state && !(cycle->compares && !cycle->replays);
	bool moves = ready && port && !cycle->walk_port && !busy;

	if (stores)
		access.bytes = c906_access_bytes(&access, page >> C906_PAGE_OFFSET_SHIFT & 7);
	if (!known)
		c906_mmu_miss(mmu, env, access.va, false);
	/*
	 * An access that traps needs the port, too; otherwise its fault is lost (ag_stall,
	 * ag_pipe_cmplt_req).
	 */
	if (moves && access.traps) {
		c906_ag_leave(cycle, &access);
		cycle->traps = true;
		lsu->ag_valid = false;
	} else if (moves) {
		c906_ag_move(lsu, env, cycle, &access, page & C906_PAGE_CROSSES);
	} else if (!lsu->ag_valid) {
		lsu->ag = access;
		lsu->ag_valid = true;
	}
}

void c906_ag_look_up(struct c906_lsu *lsu, struct c906_mmu *mmu, const struct c906_env *env, u64 va)
{
	u64 page = c906_action_page(env, va, c906_data_mode(mmu, env), 1, false);

	if (is_answered(mmu, page))
		lsu->cacheable = page & C906_PAGE_THERE;
	else
		c906_mmu_miss(mmu, env, va, false);
}

void c906_ag_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		  struct c906_lsu_cycle *cycle)
{
	struct c906_access *ag = &lsu->ag;
	bool busy = lsu->dc_state && !(cycle->compares && !cycle->replays);

	cycle->walk_moves = cycle->walk_port && !busy && !cycle->fill_port && !cycle->rdl_port &&
			    !cycle->replay_port;
	if (!busy && cycle->walk_port)
		lsu->reads = true;
	if (!lsu->ag_valid && !cycle->entering)
		return;
	if (!busy && !cycle->walk_port)
		lsu->reads = c906_access_loads(lsu->ag_valid ? ag : cycle->entering);
	translate_and_move(lsu, env, mmu, cycle);
	if (lsu->ag_valid && ag->waits && !ag->is_float && lsu->da.valid &&
	    lsu->da.reg == ag->data_reg)
		ag->waits = false;
}
