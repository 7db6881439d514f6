/* SPDX-License-Identifier: MIT */
/* A cycle of C906's front end, and pcgen (aq_ifu_pcgen.v, aq_ifu_ctrl.v). See ifu.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/ifu.h"

#define BTB_BITS 0xffff /* bits of a target that are known; the rest are those of the pc */
#define RAS_BITS 0xffffff

bool c906_ifu_look(struct c906_ifu *ifu, const struct c906_env *env, struct c906_ifu_cycle *cycle,
		   struct c906_fetched *fetched)
{
	const struct c906_scan *scan = &cycle->scan;

	c906_ipack_scan(ifu, env, &cycle->scan);
	if (ifu->ibuf.pop_valid) {
		*fetched = ifu->ibuf.pop;
		return true;
	}
	*fetched = scan->inst[0];
	return scan->any && !scan->stalls && scan->valid[0];
}

static u64 c906_ifu_splice(u64 pc, u64 low, u64 mask)
{
	return (pc & ~mask) | (low & mask);
}

/* Decides where fetch continues. The source with priority comes first: retire, execute, ipack. */
static void c906_ifu_redirect(const struct c906_ifu *ifu, const struct c906_env *env,
			      struct c906_ifu_cycle *cycle)
{
	const struct c906_resolved *resolved = &cycle->resolved;
	const struct c906_scan *scan = &cycle->scan;
	const struct c906_btb_hit *btb = &ifu->btb;
	bool taken = scan->taken[0] || scan->taken[1];
	bool decides;

	cycle->mispredicted = btb->followed && scan->valid[0] &&
			      (!taken || scan->target != btb->target);
	cycle->ret = scan->ret[0] || scan->ret[1];
	decides = btb->followed ? cycle->mispredicted && !scan->delays : taken;
	cycle->follow = (cycle->ret || ifu->delayed) && !ifu->changed;
	cycle->decided = decides && !cycle->ret && !ifu->delayed;
	if (cycle->ret)
		cycle->ras_pc = c906_ifu_splice(ifu->ipack.id_pc, c906_action_ras(env), RAS_BITS);
	cycle->follow_pc = cycle->ret ? cycle->ras_pc : ifu->delayed_pc;
	cycle->set = resolved->restart || resolved->redirect || cycle->decided;
	cycle->set_pc = resolved->restart  ? resolved->restart_target :
			resolved->redirect ? resolved->target :
			taken              ? scan->target :
					     scan->next;
	cycle->cancel = resolved->flush || cycle->set || cycle->ret || ifu->delayed || ifu->changed;
	cycle->use_btb = btb->hit && !ifu->changed;
	cycle->btb_pc = c906_ifu_splice(ifu->pc, btb->low, BTB_BITS);
	cycle->fetch_pc = cycle->follow  ? cycle->follow_pc :
			  cycle->use_btb ? cycle->btb_pc :
					   ifu->pc;
}

/* Predicts the second of two branches in a word, a cycle after the first one. */
static void c906_ifu_delay(struct c906_ifu *ifu, const struct c906_env *env,
			   const struct c906_ifu_cycle *cycle)
{
	const struct c906_scan *scan = &cycle->scan;
	bool delays = scan->delays && !scan->full;

	if (delays)
		ifu->delayed_pc = c906_action_bht_second(env) ? scan->target : scan->next;
	if (cycle->resolved.restart || cycle->resolved.redirect)
		ifu->delayed = false;
	else if (delays)
		ifu->delayed = true;
	else if (!scan->full)
		ifu->delayed = false;
}

static void step_pcgen(struct c906_ifu *ifu, const struct c906_ifu_cycle *cycle)
{
	bool again = cycle->scan.full && cycle->icache.valid && !cycle->cancel &&
		     !cycle->scan.delays;

	if (cycle->granted)
		ifu->fetched_pc = cycle->fetch_pc;
	if (cycle->set)
		ifu->pc = cycle->set_pc;
	else if (cycle->follow && !cycle->granted)
		ifu->pc = cycle->fetch_pc;
	else if (again)
		ifu->pc = ifu->icache.read_va;
	else if (cycle->use_btb && !cycle->granted)
		ifu->pc = cycle->fetch_pc;
	else if (cycle->granted)
		ifu->pc = align_down(cycle->fetch_pc, 4) + 4;
	ifu->changed = cycle->set;
}

void c906_ifu_step(struct c906_ifu *ifu, struct c906_env *env, struct c906_mmu *mmu,
		   struct c906_ifu_cycle *cycle)
{
	const struct c906_resolved *resolved = &cycle->resolved;
	const struct c906_scan *scan = &cycle->scan;
	bool predicts = (scan->branch[0] || scan->branch[1]) && !scan->full;
	bool flush = resolved->flush || resolved->restart || resolved->redirect;
	u64 fetched_pc = ifu->fetched_pc;

	c906_ifu_redirect(ifu, env, cycle);
	cycle->fetches = !scan->full;
	cycle->icache.fetches = cycle->fetches;
	cycle->icache.cancel = cycle->cancel;
	cycle->icache.lsu_requests = cycle->lsu_requests;
	c906_icache_compare(&ifu->icache, env, mmu, &cycle->icache);
	cycle->granted = cycle->icache.ready && cycle->fetches;
	cycle->held = scan->waits || scan->full || scan->delays || !cycle->icache.translated;

	c906_btb_step(ifu, env, cycle);
	c906_ras_step(&ifu->returns, env, cycle);
	c906_ifu_delay(ifu, env, cycle);
	c906_bht_step(ifu, env, predicts, resolved);
	c906_ibuf_step(&ifu->ibuf, scan, cycle->id_stalls, flush);
	c906_ipack_step(&ifu->ipack, fetched_pc, cycle);
	step_pcgen(ifu, cycle);
	c906_icache_step(&ifu->icache, env, cycle->fetch_pc, &cycle->icache);
}
