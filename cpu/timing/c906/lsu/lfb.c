/* SPDX-License-Identifier: MIT */
/*
 * C906's line fill buffers (aq_lsu_lfb.v): up to eight lines that are being filled into the data
 * cache, in turn. One after the other they examine the line that they replace, request the bus, and
 * refill. See lsu.h.
 */
#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

#define VICTIM_STAGES 2 /* from the request to the victim buffer until a line's first beat */

static u32 c906_fills_depth(const struct c906_env *env)
{
	return (u32)env->params.fill_buffers;
}

bool c906_fills_full(const struct c906_lsu *lsu, const struct c906_env *env)
{
	return lsu->fill_create - lsu->fill_pop == c906_fills_depth(env);
}

/* Takes a line that moves from the victim buffer, a cycle after it was requested. */
static void take_from_victim(struct c906_lsu *lsu, const struct c906_env *env,
			     const struct c906_lsu_cycle *cycle)
{
	struct c906_fill *fill = &lsu->fill[lsu->fill_bus % c906_fills_depth(env)];

	if (!cycle->victim_offers)
		return;
	lsu->victim.state = C906_VICTIM_GIVE;
	fill->state = C906_FILL_REFILL;
	fill->beat = env->now + VICTIM_STAGES;
	lsu->fill_bus++;
}

static void request_bus(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	struct c906_fill *fill;

	if (lsu->fill_bus != lsu->fill_create &&
	    !lsu->fill[lsu->fill_bus % c906_fills_depth(env)].state)
		lsu->fill_bus++;
	fill = &lsu->fill[lsu->fill_bus % c906_fills_depth(env)];
	if (lsu->fill_bus == lsu->fill_create || fill->state != C906_FILL_WAIT_BUS)
		return;
	if (fill->alias) {
		take_from_victim(lsu, env, cycle);
		return;
	}
	cycle->requests_bus = true;
	if (c906_biu_read_waits(env, fill->pa))
		return;
	fill->state = C906_FILL_REFILL;
	fill->beat = c906_biu_read(env) + 1;
	lsu->fill_bus++;
}

/*
 * Ends the examination of the replaced line, which is saved if necessary. A prefetch of a line that
 * is there already ends, too.
 */
static void leave_rdl(struct c906_lsu *lsu, const struct c906_env *env)
{
	const struct c906_victim_read *rdl = &lsu->rdl;
	struct c906_fill *fill = &lsu->fill[rdl->fill];
	bool present = fill->ahead && rdl->present;

	fill->state = present ? C906_FILL_IDLE : C906_FILL_WAIT_BUS;
	if (present && lsu->fill_bus % c906_fills_depth(env) == rdl->fill)
		lsu->fill_bus++;
	if (fill->ahead)
		c906_action_stream_checked(env, fill->stream, present);
	lsu->fill_victim++;
}

static void c906_lfb_refill(struct c906_lsu *lsu, const struct c906_env *env,
			    const struct c906_lsu_cycle *cycle)
{
	struct c906_fill *fill = &lsu->fill[cycle->refilling];

	if (cycle->beat == 0)
		c906_action_data_begin(env, fill->va);
	if (!cycle->fill_ends)
		return;
	c906_action_data_end(env, fill->va, fill->pa, fill->alias && lsu->victim.dirty);
	fill->state = C906_FILL_IDLE;
}

static void c906_lfb_create(struct c906_lsu *lsu, const struct c906_env *env,
			    const struct c906_lsu_cycle *cycle)
{
	const struct c906_access *access = &cycle->dc;
	struct c906_fill *fill = &lsu->fill[lsu->fill_create++ % c906_fills_depth(env)];

	*fill = (struct c906_fill){
		.state = C906_FILL_WAIT_VICTIM, .pa = access->pa, .va = access->va,
		.load = c906_access_loads(access), .reads = c906_access_loads(access),
		.half = access->half, .reg = access->reg,
		.amo = access->kind == C906_AMO, .walks = access->walks, .alias = cycle->alias,
		.store = (u8)(cycle->created >= 0 ? cycle->created : C906_NO_REG),
	};
	if (access->kind == C906_STORE)
		fill->half = C906_WHOLE;
}

static void c906_fills_prefetch(struct c906_lsu *lsu, const struct c906_env *env,
				struct c906_lsu_cycle *cycle)
{
	struct c906_fill fill = {
		.state = C906_FILL_WAIT_VICTIM, .ahead = true, .reg = C906_NO_REG,
		.store = C906_NO_REG, .reads = cycle->reads,
	};

	cycle->prefetched = c906_prefetch_wants(lsu, env, cycle, &fill);
	if (cycle->prefetched < 0)
		return;
	fill.stream = (u8)cycle->prefetched;
	lsu->fill[lsu->fill_create++ % c906_fills_depth(env)] = fill;
}

void c906_fills_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	cycle->prefetched = -1;
	if (!c906_fills_any(lsu) && lsu->fill_bus == lsu->fill_create && !cycle->allocates &&
	    !lsu->runs_ahead)
		return;
	if (cycle->rdl_granted)
		lsu->fill[lsu->rdl.fill].state = C906_FILL_VICTIM;
	request_bus(lsu, env, cycle);
	if (cycle->rdl_done)
		leave_rdl(lsu, env);
	if (cycle->refilling >= 0)
		c906_lfb_refill(lsu, env, cycle);
	if (cycle->allocates)
		c906_lfb_create(lsu, env, cycle);
	else if (lsu->runs_ahead && !cycle->keeps_fill && !c906_fills_full(lsu, env))
		c906_fills_prefetch(lsu, env, cycle);
	if (lsu->fill_pop != lsu->fill_create &&
	    !lsu->fill[lsu->fill_pop % c906_fills_depth(env)].state)
		lsu->fill_pop++;
}
