/* SPDX-License-Identifier: MIT */
/*
 * C906's stores on their way to the bus (the second half of aq_lsu_stb.v, and aq_lsu_vb.v): two
 * halves of sixteen bytes are merged, and consecutive blocks up to a line make a burst. It also has
 * the writes of the victim buffer.
 */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

#define BLOCK 16 /* bytes: a beat of the bus */

static bool sends_block(const struct c906_merge *merge)
{
	return merge->state == C906_MERGE_FULL || merge->state == C906_MERGE_SINGLE;
}

/* The data that leave the merge buffer in this cycle, if the bus takes them. */
struct sending {
	bool valid, starts, continues, accepted;
	u64 pa;
};

static bool is_open(const struct c906_burst *burst)
{
	return burst->state >= C906_BURST_WAIT && burst->state < C906_BURST_DATA;
}

static void c906_wmb_look(const struct c906_lsu *lsu, const struct c906_env *env,
			  struct sending *sending)
{
	const struct c906_merge *merge = &lsu->merge;
	const struct c906_burst *burst = &lsu->burst;
	bool full = merge->state == C906_MERGE_FULL;
	unsigned beat = burst->state - C906_BURST_WAIT + 1;

	sending->valid = sends_block(merge);
	sending->pa = merge->pa;
	sending->starts = full && !c906_action_bits(env, merge->pa, C906_LINE - BLOCK / 2);
	sending->continues = full && is_open(burst) &&
			     c906_is_same(env, C906_SAME_BURST, merge->pa, burst->pa) &&
			     c906_action_bits(env, merge->pa, C906_LINE - BLOCK) == beat * BLOCK;
	if (!sending->valid)
		return;
	if (burst->state == C906_BURST_IDLE)
		sending->accepted = lsu->victim.state != C906_VICTIM_REQUEST &&
				    !c906_biu_write_waits(env, sending->pa, sending->starts);
	else
		sending->accepted = sending->continues;
}

/*
 * Returns whether the data of stores have to wait. Data are sent in the order in which writes were
 * granted (aq_biu_req_arbiter.v, wsel_vb), so a victim that was granted before comes first.
 */
static bool c906_wmb_is_blocked(const struct c906_lsu *lsu)
{
	return lsu->victim.state == C906_VICTIM_WRITE && !lsu->victim.behind;
}

static void c906_wmb_send(struct c906_merge *merge, struct c906_env *env,
			  const struct c906_burst *burst)
{
	merge->state = C906_MERGE_IDLE;
	if (burst->state == C906_BURST_IDLE)
		c906_biu_write_ends(env, merge->write);
}

static void step_merge(struct c906_lsu *lsu, struct c906_env *env,
		       const struct c906_lsu_cycle *cycle, const struct sending *sending, bool all)
{
	struct c906_merge *merge = &lsu->merge;
	const struct c906_store *store = &lsu->store[MAX(cycle->sends, 0)];

	switch (merge->state) {
	case C906_MERGE_IDLE:
		if (cycle->sends < 0)
			break;
		merge->full = store->bytes == 0xff;
		merge->pa = align_down(store->pa, BLOCK / 2);
		merge->state = merge->full ? C906_MERGE_HALF : C906_MERGE_SINGLE;
		break;
	case C906_MERGE_HALF:
		if (cycle->sent)
			merge->state = C906_MERGE_FULL;
		else if (cycle->sends >= 0 || all)
			merge->state = C906_MERGE_SINGLE;
		break;
	case C906_MERGE_SENT:
		if (!c906_wmb_is_blocked(lsu))
			c906_wmb_send(merge, env, &lsu->burst);
		break;
	default:
		if (sending->accepted)
			merge->state = C906_MERGE_SENT;
		break;
	}
}

static void start_write(struct c906_lsu *lsu, struct c906_env *env, const struct sending *sending)
{
	struct c906_burst *burst = &lsu->burst;

	lsu->merge.write = (u8)c906_biu_write(env, sending->pa, sending->starts);
	if (!sending->starts)
		return;
	burst->state = C906_BURST_DATA;
	burst->pa = sending->pa;
	burst->write = lsu->merge.write;
}

/* Steps a burst. If it is broken off, the rest of its beats are sent empty. */
static void step_burst(struct c906_lsu *lsu, struct c906_env *env, const struct sending *sending,
		       bool victim_requests)
{
	struct c906_burst *burst = &lsu->burst;

	if (burst->state == C906_BURST_IDLE) {
		if (sending->accepted)
			start_write(lsu, env, sending);
	} else if (c906_wmb_is_blocked(lsu)) {
		return;
	} else if (is_open(burst)) {
		burst->idle++;
		if (sending->continues)
			burst->state += C906_BURST_DATA - C906_BURST_WAIT + 1;
		else if (sending->valid || victim_requests ||
			 burst->idle >= env->params.store_burst_idle)
			burst->state += C906_BURST_CLOSE - C906_BURST_WAIT;
	} else if (burst->state < C906_BURST_DATA + C906_BEATS - 1) {
		burst->state -= C906_BURST_DATA - C906_BURST_WAIT;
		burst->idle = 0;
	} else if (burst->state == C906_BURST_DATA + C906_BEATS - 1 ||
		   burst->state == C906_BURST_CLOSE + C906_BEATS - 2) {
		burst->state = C906_BURST_IDLE;
		c906_biu_write_ends(env, burst->write);
	} else {
		burst->state++;
	}
}

/*
 * Gives a line that moves to its fill. Beats from the bus have priority: in the cycle before each
 * of them, no part of the line is taken (aq_lsu_lfb.v, lfb_vb_rready).
 */
static void c906_wmb_give(struct c906_lsu *lsu, const struct c906_env *env,
			  struct c906_lsu_cycle *cycle)
{
	struct c906_fill *moves = &lsu->fill[lsu->victim.fill];

	for (unsigned n = 0; n < C906_FILLS_MAX; n++) {
		const struct c906_fill *fill = &lsu->fill[n];

		if (fill->state == C906_FILL_REFILL && !fill->alias && fill->beat <= env->now + 1 &&
		    env->now + 1 < fill->beat + C906_BEATS) {
			moves->beat++;
			return;
		}
	}
	if (env->now < moves->beat + C906_BEATS - 2)
		return;
	lsu->victim.state = C906_VICTIM_IDLE;
	cycle->wakes = true;
}

static void step_victim(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle,
			bool bus_free)
{
	struct c906_victim *victim = &lsu->victim;

	switch (victim->state) {
	case C906_VICTIM_IDLE:
		break;
	case C906_VICTIM_REQUEST:
		if (c906_biu_write_waits(env, victim->pa, true))
			break;
		victim->state = C906_VICTIM_WRITE;
		victim->behind = lsu->burst.state || lsu->merge.state == C906_MERGE_SENT;
		victim->beats = 0;
		victim->write = (u8)c906_biu_write(env, victim->pa, true);
		break;
	case C906_VICTIM_WRITE:
		victim->behind = victim->behind && !bus_free;
		if (victim->behind || ++victim->beats < C906_BEATS)
			break;
		victim->state = C906_VICTIM_IDLE;
		c906_biu_write_ends(env, victim->write);
		cycle->wakes = true;
		break;
	case C906_VICTIM_OFFER:
		break;
	case C906_VICTIM_GIVE:
		c906_wmb_give(lsu, env, cycle);
		break;
	default:
		victim->state += victim->piece;
		if (victim->state == C906_VICTIM_REQUEST && victim->moves)
			victim->state = C906_VICTIM_OFFER;
		break;
	}
}

void c906_writes_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	bool atomic = cycle->compares && !cycle->replays && c906_is_atomic(cycle->dc.kind);
	bool bus_free = lsu->burst.state == C906_BURST_IDLE && lsu->merge.state != C906_MERGE_SENT;
	bool victim_requests = lsu->victim.state == C906_VICTIM_REQUEST;
	struct sending sending = { 0 };

	if (!lsu->merge.state && !lsu->burst.state && !lsu->victim.state && cycle->sends < 0)
		return;
	cycle->wakes |= lsu->merge.state == C906_MERGE_SENT && !c906_wmb_is_blocked(lsu);
	c906_wmb_look(lsu, env, &sending);
	step_merge(lsu, env, cycle, &sending, cycle->clears || cycle->fence || atomic);
	step_burst(lsu, env, &sending, victim_requests);
	step_victim(lsu, env, cycle, bus_free);
}
