/* SPDX-License-Identifier: MIT */
/*
 * RDL of C906 (aq_lsu_rdl.v), which examines the line that a fill replaces: first whether it is
 * dirty, then its tag. Then it reads its data for the victim buffer. All of this uses the cache's
 * port. See lsu.h.
 */
#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

/*
 * Returns whether a line of a load moves. Until it has, no other fill is considered
 * (vb_rdl_ld_alias_hit).
 */
static bool moves_load(const struct c906_lsu *lsu, const struct c906_lsu_cycle *cycle)
{
	return !cycle->victim_free && lsu->victim.moves && lsu->fill[lsu->victim.fill].reads;
}

static void c906_rdl_start(struct c906_lsu *lsu, const struct c906_env *env,
			   struct c906_lsu_cycle *cycle)
{
	unsigned next = lsu->fill_victim % (unsigned)env->params.fill_buffers;

	if (lsu->fill[next].state != C906_FILL_WAIT_VICTIM || moves_load(lsu, cycle))
		return;
	lsu->rdl.state = C906_RDL_DIRTY;
	lsu->rdl.fill = (u8)next;
	cycle->rdl_granted = true;
}

/*
 * Finds out whether the line is dirty. A clean line is not examined further, except for a prefetch,
 * for which the tag of the new line is looked up.
 */
static void check_dirty(struct c906_lsu *lsu, const struct c906_env *env)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	const struct c906_fill *fill = &lsu->fill[rdl->fill];

	rdl->dirty = c906_action_victim_dirty(env, fill->va, &rdl->pa);
	rdl->valid = rdl->present = false;
	rdl->state = rdl->dirty || fill->ahead ? C906_RDL_TAG : C906_RDL_DECIDE;
}

static void check_tag(struct c906_lsu *lsu, const struct c906_env *env)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	struct c906_fill *fill = &lsu->fill[rdl->fill];
	u64 found = c906_action_victim_tag(env, fill->va, fill->ahead ? fill->pa : 0);

	fill->alias = fill->alias || found & C906_VICTIM_ALIAS;
	rdl->valid = found & C906_VICTIM_VALID;
	rdl->present = found & C906_VICTIM_PRESENT;
	rdl->state = C906_RDL_DECIDE;
}

static void c906_rdl_done(struct c906_lsu *lsu, struct c906_lsu_cycle *cycle)
{
	lsu->rdl.state = C906_RDL_IDLE;
	cycle->rdl_done = true;
	cycle->wakes |= lsu->fill[lsu->rdl.fill].ahead && lsu->rdl.present;
}

static void to_victim_buffer(struct c906_lsu *lsu, const struct c906_env *env,
			     const struct c906_lsu_cycle *cycle)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	const struct c906_fill *fill = &lsu->fill[rdl->fill];

	if (!cycle->victim_free)
		return;
	rdl->state = C906_RDL_DATA;
	lsu->victim.state = C906_VICTIM_TAKE;
	lsu->victim.pa = rdl->pa;
	lsu->victim.moves = rdl->moves;
	lsu->victim.fill = rdl->fill;
	lsu->victim.dirty = rdl->moves &&
			    c906_action_alias(env, fill->va, fill->pa) & C906_ALIAS_DIRTY;
}

/*
 * Reads a part of the line. After the last part, a line that moves is not in its old place any
 * more.
 */
static void c906_rdl_read_part(struct c906_lsu *lsu, const struct c906_env *env, bool port)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	const struct c906_fill *fill = &lsu->fill[rdl->fill];

	lsu->victim.piece = port;
	rdl->state += port;
	if (!port || rdl->state != C906_RDL_AGAIN)
		return;
	if (rdl->moves)
		c906_action_moves(env, fill->va, fill->pa);
	if (rdl->moves || !fill->alias)
		rdl->state = C906_RDL_DONE;
}

static void c906_rdl_decide(struct c906_lsu *lsu, struct c906_lsu_cycle *cycle)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	bool reads = rdl->valid && rdl->dirty && !rdl->present;

	rdl->moves = !reads && !rdl->present && lsu->fill[rdl->fill].alias;
	if (reads || rdl->moves)
		rdl->state = C906_RDL_WAIT;
	else
		c906_rdl_done(lsu, cycle);
}

/*
 * Returns whether RDL waits: before a line moves, loads that are on the bus or request it have to
 * be done (lfb_rdl_no_ld).
 */
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

void c906_rdl_step(struct c906_lsu *lsu, const struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	struct c906_victim_read *rdl = &lsu->rdl;
	bool port = !cycle->fill_port;

	lsu->victim.piece = false;
	switch (rdl->state) {
	case C906_RDL_IDLE:
		c906_rdl_start(lsu, env, cycle);
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
		c906_rdl_decide(lsu, cycle);
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
			c906_rdl_done(lsu, cycle);
		break;
	default:
		c906_rdl_read_part(lsu, env, port);
		break;
	}
}
