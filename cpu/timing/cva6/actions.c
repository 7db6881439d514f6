/* SPDX-License-Identifier: MIT */
/* Performs a CVA6's actions; see actions.h. Those of address translation are in actions_mmu.c. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/mmu/regime.h"
#include "cpu/timing/cva6/core.h"
#include "cpu/timing/cva6/dcache/arrays.h"
#include "cpu/timing/cva6/dcache/miss_unit.h"
#include "cpu/timing/memo/replay_along.h"
#include "cpu/timing/units/tags_find.h"

static u64 target_of(const struct cva6_predictors *predictors, u64 pc)
{
	u64 target;
	bool known = btb_guess(&predictors->btb, pc, &target);

	return target | known;
}

static u64 change_ras(struct ras *ras, unsigned kind, u64 address)
{
	if (kind == CVA6_ACTION_RAS_PUSH)
		ras_push(ras, address);
	else if (kind == CVA6_ACTION_RAS_POP)
		ras_pop(ras);
	else
		ras_swap(ras, address);
	return 0;
}

/* Clears all sets at once. The core clears one in each cycle, but reads none of them meanwhile. */
static void clear_icache(struct cva6_icache *icache)
{
	for (unsigned set = 0; set < icache->tags.shape.sets; set++)
		tags_clear_set(&icache->tags, set);
	cva6_icache_changed(icache);
}

static u8 write_satp(struct cva6_core *core, u64 satp)
{
	core->pipe.context.satp = satp;
	return (u8)regime_levels(satp);
}

static u64 of_commit(struct actions *actions, const struct memo_action *action)
{
	struct cva6_core *core = actions->core;

	switch (action->kind) {
	case CVA6_ACTION_FLUSH:
		clear_icache(&core->icache);
		return 0;
	case CVA6_ACTION_PMP:
		cva6_icache_protect(&core->icache, (u32)action->b,
				    actions_resolve(actions, action->a));
		return 0;
	case CVA6_ACTION_SATP:
		return write_satp(core, actions_resolve(actions, action->a));
	case CVA6_ACTION_FENCE:
		cva6_tlbs_fence(&core->tlbs, actions_resolve(actions, action->a),
				actions_resolve(actions, action->b));
		return 0;
	default:
		return cva6_backoff_take(&core->dcache.miss.backoff, action->a);
	}
}

static bool jumps(unsigned op, u64 a, u64 b)
{
	switch (op) {
	case OP_beq:
		return a == b;
	case OP_bne:
		return a != b;
	case OP_blt:
		return (s64)a < (s64)b;
	case OP_bge:
		return (s64)a >= (s64)b;
	case OP_bltu:
		return a < b;
	default:
		return a >= b;
	}
}

/* In `a`, the operands that are replaced (see cva6_action_branch) are above the operation. */
#define REPLACED_SHIFT 16
static u64 jumps_early(const struct memo_action *action, u64 a, u64 b)
{
	u64 replaced = action->a >> REPLACED_SHIFT;

	return jumps((u16)action->a, replaced & 1 ? action->b : a, replaced & 2 ? action->b : b);
}

static u64 of_branch(const struct actions *actions, const struct memo_action *action)
{
	const u64 *operands = actions_operands(actions, action->which);

	return jumps_early(action, operands[0], operands[1]);
}

/* Performs the less frequent actions of the front end. */
static u64 cva6_actions_front_end(struct actions *actions, const struct memo_action *action)
{
	struct cva6_core *core = actions->core;
	struct cva6_predictors *predictors = &core->predictors;

	switch (action->kind) {
	case CVA6_ACTION_WORD:
		return cva6_icache_word(&core->icache, action->a, (u8)action->b);
	case CVA6_ACTION_WAY:
		cva6_icache_choose(&core->icache, action->a);
		return 0;
	case CVA6_ACTION_LINE:
		actions_reach(actions, action->which);
		return cva6_icache_fill(&core->icache, &core->host, action->a, action->b);
	case CVA6_ACTION_BRANCH:
		return of_branch(actions, action);
	case CVA6_ACTION_BTB_LEARN:
		btb_learn(&predictors->btb, action->a, action->b);
		return 0;
	default:
		return change_ras(&predictors->ras, action->kind, action->a);
	}
}

static u64 of_data(struct actions *actions, const struct memo_action *action)
{
	struct cva6_core *core = actions->core;
	u64 address = actions_resolve(actions, action->a);

	if (action->kind == CVA6_ACTION_CACHED)
		return cva6_is_cached(&core->params, address);
	cva6_dcache_arrays(&core->dcache, action->kind, action->which, address);
	return 0;
}

static u64 perform_rare(struct actions *actions, const struct memo_action *action)
{
	if (action->kind >= CVA6_ACTION_CACHED)
		return of_data(actions, action);
	if (action->kind >= CVA6_ACTION_ITLB)
		return cva6_perform_translation(actions, action);
	if (action->kind >= CVA6_ACTION_FLUSH)
		return of_commit(actions, action);
	return cva6_actions_front_end(actions, action);
}

static u8 *state_of(struct cva6_core *core, unsigned arbiter)
{
	switch (arbiter) {
	case CVA6_ARBITER_READS:
		return &core->dcache.rr_read;
	case CVA6_ARBITER_LOOKUPS:
		return &core->dcache.writes.rr_check;
	default:
		return &core->pipe.axi.rr;
	}
}

/* Sets the states of the arbiters in the mask `turned`; that of the n-th is byte n of `states`. */
static ALWAYS_INLINE void set_arbiters(struct cva6_core *core, u64 turned, u64 states)
{
	for (u64 left = turned; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctzll(left);

		*state_of(core, n) = (u8)(states >> 8 * n);
	}
}

static ALWAYS_INLINE u64 cva6_actions_perform(void *ctx, const struct memo_action *action)
{
	struct actions *actions = ctx;
	struct cva6_core *core = actions->core;
	struct cva6_predictors *predictors = &core->predictors;

	switch (action->kind) {
	case ACTION_SAME:
	case ACTION_SAME_ABOVE:
	case ACTION_BITS:
		return actions_answer(actions, action);
	case CVA6_ACTION_BHT:
		return bht_guess(&predictors->bht, action->a);
	case CVA6_ACTION_BHT_LEARN:
		bht_learn(&predictors->bht, action->a, action->b);
		return 0;
	case CVA6_ACTION_BTB:
		return target_of(predictors, action->a);
	case CVA6_ACTION_RAS:
		return ras_top(&predictors->ras);
	case CVA6_ACTION_HOLDS:
		return tags_hold(&core->dcache.tags, actions_resolve(actions, action->a));
	case CVA6_ACTION_ARBITER:
		return *state_of(core, action->which);
	case CVA6_ACTION_ARBITERS:
		set_arbiters(core, action->which, action->a);
		return 0;
	case CVA6_ACTION_ITLB ... CVA6_ACTION_DTLB_PLACE:
		return cva6_perform_translation(actions, action);
	default:
		return perform_rare(actions, action);
	}
}

u64 cva6_perform(void *actions, const struct memo_action *action)
{
	return cva6_actions_perform(actions, action);
}

struct memo_outcome *cva6_follow(struct replay *replay, const struct memo_trace *trace)
{
	return actions_follow(&replay->actions, trace, cva6_actions_perform, replay->version);
}

void cva6_replay_runs(struct replay *replay, const struct timing_run *run,
		      const struct timing_run *end)
{
	replay_along(replay, run, end, cva6_actions_perform);
}

/*
 * The actions that change the instruction cache's words, and those that change which lines the data
 * cache has.
 */
#define WORDS_CHANGE (BIT(CVA6_ACTION_LINE) | BIT(CVA6_ACTION_FLUSH) | BIT(CVA6_ACTION_PMP))
#define LINES_CHANGE (BIT(CVA6_ACTION_REFILL) | BIT(CVA6_ACTION_CLEAR))

/*
 * Performs an action that has no effect, unless its result is known: a fetch that waits, or a word
 * that is written again, repeats the same action.
 */
static u64 do_once(struct actions *actions, const struct memo_action *action, u64 changes)
{
	const struct memo_step *before = memo_log_before(&actions->log, action, changes);

	return before ? before->result : actions_do(actions, action);
}

u64 cva6_action_word(struct cva6_icache *icache, u64 paddr, u8 mode)
{
	const struct memo_action action = {
		.kind = CVA6_ACTION_WORD, .how = MEMO_LASTS,
		.group = cva6_icache_group(icache, paddr), .a = paddr, .b = mode,
	};

	return icache->actions ? do_once(icache->actions, &action, WORDS_CHANGE) :
				 cva6_icache_word(icache, paddr, mode);
}

void cva6_action_way(struct cva6_icache *icache)
{
	if (icache->actions)
		cva6_do(icache->actions, CVA6_ACTION_WAY, icache->paddr, 0);
	else
		cva6_icache_choose(icache, icache->paddr);
}

u32 cva6_action_line(struct cva6_icache *icache, const struct timing_host *host)
{
	struct actions *actions = icache->actions;
	const struct memo_action action = {
		.kind = CVA6_ACTION_LINE,
		.which = (u8)(actions ? actions->consumed : 0),
		.how = MEMO_CHANGES,
		.group = cva6_icache_group(icache, icache->paddr),
		.a = icache->paddr,
		.b = icache->cached,
	};

	return actions ? (u32)actions_do(actions, &action) :
			 cva6_icache_fill(icache, host, icache->paddr, icache->cached);
}

enum bht_guess cva6_action_bht(struct cva6_predictors *predictors, u64 pc)
{
	return predictors->actions ?
		       (enum bht_guess)cva6_do(predictors->actions, CVA6_ACTION_BHT, pc, 0) :
		       bht_guess(&predictors->bht, pc);
}

void cva6_action_bht_learn(struct cva6_predictors *predictors, u64 pc, bool taken)
{
	if (predictors->actions)
		cva6_do(predictors->actions, CVA6_ACTION_BHT_LEARN, pc, taken);
	else
		bht_learn(&predictors->bht, pc, taken);
}

u64 cva6_action_btb(struct cva6_predictors *predictors, u64 pc)
{
	return predictors->actions ? cva6_do(predictors->actions, CVA6_ACTION_BTB, pc, 0) :
				     target_of(predictors, pc);
}

void cva6_action_btb_learn(struct cva6_predictors *predictors, u64 pc, u64 target)
{
	if (predictors->actions)
		cva6_do(predictors->actions, CVA6_ACTION_BTB_LEARN, pc, target);
	else
		btb_learn(&predictors->btb, pc, target);
}

u64 cva6_action_ras(struct cva6_predictors *predictors)
{
	return predictors->actions ? cva6_do(predictors->actions, CVA6_ACTION_RAS, 0, 0) :
				     ras_top(&predictors->ras);
}

void cva6_action_ras_change(struct cva6_predictors *predictors, bool push, bool pop, u64 address)
{
	enum cva6_action_kind kind = push && pop ? CVA6_ACTION_RAS_SWAP :
				     push        ? CVA6_ACTION_RAS_PUSH :
						   CVA6_ACTION_RAS_POP;

	if (!push && !pop)
		return;
	if (predictors->actions)
		cva6_do(predictors->actions, kind, address, 0);
	else
		change_ras(&predictors->ras, kind, address);
}

bool cva6_action_branch(struct cva6_core *core, unsigned replaced, s16 early)
{
	const struct timing_record *record = cva6_record(&core->records, core->records.issue);
	u64 following = core->records.end - 1 - core->records.issue;
	struct actions *actions = core->actions;
	struct memo_action action = {
		.kind = CVA6_ACTION_BRANCH, .a = record->op | replaced << REPLACED_SHIFT,
		.b = (u64)(s64)early,
	};

	/*
	 * While a trace is recorded, only the operands of its own records can be used in a replay.
	 */
	if (actions && following >= actions->consumed)
		actions_refuse(actions);
	if (!actions || following >= actions->consumed)
		return jumps_early(&action, record->a, record->b);
	action.which = (u8)(actions->consumed - following);
	return actions_do(actions, &action);
}

u8 cva6_action_satp(struct cva6_core *core, u64 satp)
{
	cva6_tlbs_changed(&core->tlbs);
	return core->actions ? (u8)cva6_do(core->actions, CVA6_ACTION_SATP, satp, 0) :
			       write_satp(core, satp);
}

void cva6_action_pmp(struct cva6_icache *icache, u32 csr, u64 value)
{
	const struct memo_action action = {
		.kind = CVA6_ACTION_PMP, .how = MEMO_CHANGES, .a = value, .b = csr,
	};

	if (icache->actions)
		actions_do(icache->actions, &action);
	else
		cva6_icache_protect(icache, csr, value);
}

void cva6_action_fence(struct cva6_core *core, u64 va, u64 asid)
{
	cva6_tlbs_changed(&core->tlbs);
	if (core->actions)
		cva6_do(core->actions, CVA6_ACTION_FENCE, va, asid);
	else
		cva6_tlbs_fence(&core->tlbs, va, asid);
}

void cva6_action_flush(struct cva6_icache *icache)
{
	const struct memo_action action = { .kind = CVA6_ACTION_FLUSH, .how = MEMO_CHANGES };

	if (icache->actions)
		actions_do(icache->actions, &action);
	else
		clear_icache(icache);
}

u16 cva6_action_backoff(struct cva6_dcache *dcache, bool failed)
{
	return dcache->actions ? (u16)cva6_do(dcache->actions, CVA6_ACTION_BACKOFF, failed, 0) :
				 cva6_backoff_take(&dcache->miss.backoff, failed);
}

void cva6_action_arbitrate(struct cva6_dcache *dcache, enum cva6_arbiter which, u8 *state,
			   u32 requests)
{
	const struct memo_action action = { .kind = CVA6_ACTION_ARBITER, .which = (u8)which };

	if (!dcache->actions || !requests)
		return;
	if (requests & (requests - 1) && !(dcache->turned >> which & 1))
		*state = (u8)actions_do(dcache->actions, &action);
	dcache->turned |= (u8)BIT(which);
}

void cva6_action_arbiters(struct cva6_core *core)
{
	struct memo_action action = {
		.kind = CVA6_ACTION_ARBITERS, .which = core->dcache.turned,
	};

	for (u32 left = core->dcache.turned; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		action.a |= (u64)*state_of(core, n) << 8 * n;
	}
	if (action.which)
		actions_do(core->actions, &action);
	core->dcache.turned = 0;
}

bool cva6_action_holds(struct cva6_dcache *dcache, u64 address)
{
	const struct memo_action action = { .kind = CVA6_ACTION_HOLDS, .a = address };

	return dcache->actions ? do_once(dcache->actions, &action, LINES_CHANGE) :
				 tags_find(&dcache->tags, address) >= 0;
}

bool cva6_action_cached(struct cva6_dcache *dcache, const struct cva6_params *params, u64 address)
{
	return dcache->actions ? cva6_do(dcache->actions, CVA6_ACTION_CACHED, address, 0) :
				 cva6_is_cached(params, address);
}

void cva6_action_arrays(struct cva6_dcache *dcache, enum cva6_action_kind kind, unsigned port,
			u64 address)
{
	const struct memo_action action = {
		.kind = (u8)kind, .which = (u8)port, .a = address,
	};

	if (dcache->actions)
		actions_do(dcache->actions, &action);
	else
		cva6_dcache_arrays(dcache, kind, port, address);
}
