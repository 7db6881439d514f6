/* SPDX-License-Identifier: MIT */
/*
 * C906's look at the line that a fill replaces (aq_lsu_rdl.v): is it dirty, what is its tag, and
 * then its data to the victim buffer, all by way of the cache's port. See lsu.h.
 */
#include "cpu/timing/c906/lsu.h"

static const struct c906_dcache_line *victim_of(const struct c906_lsu *lsu,
						const struct c906_env *env)
{
	return &env->tables->dcache[lsu->rdl.set][lsu->rdl.way];
}

static void start(struct c906_lsu *lsu, const struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	unsigned next = lsu->fill_victim % (unsigned)env->params.fill_buffers;

	if (lsu->fill[next].state != C906_FILL_WAIT_VICTIM)
		return;
	lsu->rdl.state = C906_RDL_DIRTY;
	lsu->rdl.fill = (u8)next;
	lsu->rdl.set = c906_dcache_set(env, lsu->fill[next].va);
	cycle->rdl_granted = true;
}

/* A clean line need not be looked at further, unless for a prefetch: the new line's tag is. */
static void check_dirty(struct c906_lsu *lsu, const struct c906_env *env)
{
	struct c906_victim_read *rdl = &lsu->rdl;

	rdl->way = env->tables->dcache_next[rdl->set];
	rdl->dirty = victim_of(lsu, env)->dirty;
	rdl->valid = rdl->present = false;
	rdl->state = rdl->dirty || lsu->fill[rdl->fill].ahead ? C906_RDL_TAG : C906_RDL_DECIDE;
}

static void check_tag(struct c906_lsu *lsu, const struct c906_env *env)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	const struct c906_fill *fill = &lsu->fill[rdl->fill];

	rdl->valid = victim_of(lsu, env)->valid;
	rdl->frame = victim_of(lsu, env)->frame;
	rdl->present = fill->ahead && c906_dcache_find(env, rdl->set, fill->pa) >= 0;
	rdl->state = C906_RDL_DECIDE;
}

static void done(struct c906_lsu *lsu, struct c906_lsu_cycle *cycle)
{
	lsu->rdl.state = C906_RDL_IDLE;
	cycle->rdl_done = true;
	cycle->wakes |= lsu->fill[lsu->rdl.fill].ahead && lsu->rdl.present;
}

static void to_victim_buffer(struct c906_lsu *lsu, const struct c906_lsu_cycle *cycle)
{
	if (!cycle->victim_free)
		return;
	lsu->rdl.state = C906_RDL_DATA;
	lsu->victim.state = C906_VICTIM_TAKE;
	lsu->victim.pa = lsu->rdl.frame | (u64)lsu->rdl.set * C906_LINE % PAGE_SIZE;
}

void c906_rdl_step(struct c906_lsu *lsu, const struct c906_env *env,
		   struct c906_lsu_cycle *cycle)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	bool port = !cycle->fill_port;

	lsu->victim.piece = false;
	switch (rdl->state) {
	case C906_RDL_IDLE:
		start(lsu, env, cycle);
		break;
	case C906_RDL_DIRTY:
	case C906_RDL_TAG:
		rdl->state += port;
		break;
	case C906_RDL_DIRTY_CHECK:
		check_dirty(lsu, env);
		break;
	case C906_RDL_TAG_CHECK:
		check_tag(lsu, env);
		break;
	case C906_RDL_DECIDE:
		if (rdl->valid && rdl->dirty && !rdl->present)
			rdl->state = C906_RDL_WAIT;
		else
			done(lsu, cycle);
		break;
	case C906_RDL_WAIT:
		to_victim_buffer(lsu, cycle);
		break;
	case C906_RDL_DONE:
		done(lsu, cycle);
		break;
	default:
		rdl->state += port;
		lsu->victim.piece = port;
		break;
	}
}
