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

/* A line that a load waits for keeps others from being looked for (vb_rdl_ld_alias_hit). */
static bool is_moving(const struct c906_lsu *lsu)
{
	return lsu->victim.state && lsu->victim.moves && lsu->fill[lsu->victim.fill].load;
}

static void start(struct c906_lsu *lsu, const struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	unsigned next = lsu->fill_victim % (unsigned)env->params.fill_buffers;

	if (lsu->fill[next].state != C906_FILL_WAIT_VICTIM || is_moving(lsu))
		return;
	lsu->rdl.state = C906_RDL_DIRTY;
	lsu->rdl.fill = (u8)next;
	lsu->rdl.moves = false;
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
	struct c906_fill *fill = &lsu->fill[rdl->fill];
	int alias = fill->ahead ? c906_dcache_alias(env, fill->va, fill->pa) : -1;

	if (alias >= 0) {
		fill->alias = true;
		fill->alias_way = (u8)alias;
	}
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

static struct c906_dcache_line *moving_line(const struct c906_lsu *lsu, const struct c906_env *env)
{
	const struct c906_fill *fill = &lsu->fill[lsu->rdl.fill];

	return &env->tables->dcache[c906_dcache_other_set(env, fill->va)][fill->alias_way];
}

static void to_victim_buffer(struct c906_lsu *lsu, const struct c906_env *env,
			     const struct c906_lsu_cycle *cycle)
{
	struct c906_victim_read *rdl = &lsu->rdl;

	if (!cycle->victim_free)
		return;
	rdl->state = C906_RDL_DATA;
	lsu->victim.state = C906_VICTIM_TAKE;
	lsu->victim.pa = rdl->frame | (u64)rdl->set * C906_LINE % PAGE_SIZE;
	lsu->victim.moves = rdl->moves;
	lsu->victim.fill = rdl->fill;
	lsu->victim.dirty = rdl->moves && moving_line(lsu, env)->dirty;
}

/* A piece; the last of a line that moves ends it where it was. */
static void read_piece(struct c906_lsu *lsu, const struct c906_env *env, bool port)
{
	struct c906_victim_read *rdl = &lsu->rdl;

	lsu->victim.piece = port;
	rdl->state += port;
	if (!port || rdl->state != C906_RDL_AGAIN)
		return;
	if (rdl->moves)
		moving_line(lsu, env)->valid = moving_line(lsu, env)->dirty = false;
	if (rdl->moves || !lsu->fill[rdl->fill].alias)
		rdl->state = C906_RDL_DONE;
}

static void decide(struct c906_lsu *lsu, struct c906_lsu_cycle *cycle)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	bool reads = rdl->valid && rdl->dirty && !rdl->present;

	rdl->moves = !reads && !rdl->present && lsu->fill[rdl->fill].alias;
	if (reads || rdl->moves)
		rdl->state = C906_RDL_WAIT;
	else
		done(lsu, cycle);
}

/* lfb_rdl_no_ld: before a line moves, loads that are on the bus or ask for it are done. */
static bool waits_for_loads(const struct c906_lsu *lsu)
{
	if (!lsu->rdl.moves)
		return false;
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].state >= C906_FILL_WAIT_BUS && lsu->fill[n].load &&
		    !lsu->fill[n].ahead)
			return true;
	return false;
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
		decide(lsu, cycle);
		break;
	case C906_RDL_WAIT:
		to_victim_buffer(lsu, env, cycle);
		break;
	case C906_RDL_AGAIN:
		rdl->moves = true;
		rdl->state = C906_RDL_WAIT;
		break;
	case C906_RDL_DONE:
		if (!waits_for_loads(lsu))
			done(lsu, cycle);
		break;
	default:
		read_piece(lsu, env, port);
		break;
	}
}
