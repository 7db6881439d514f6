/* SPDX-License-Identifier: MIT */
/*
 * Stall attribution of C906. When nothing retires, the cause is that of the oldest instruction in
 * AG or EX1. If there is none, it is what kept dispatch from giving one to EX1 in the last cycle:
 * an operand, the front end, or what flushed it.
 */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/core.h"

/* Returns what a load in DC that has not passed waits for. */
static enum timing_cause of_load(const struct c906_core *core)
{
	const struct c906_lsu *lsu = &core->pipe.lsu;
	const struct c906_access *load = &lsu->dc;
	u64 stores[C906_STORES_MAX];
	bool fills = false;

	if (load->walks)
		return CPI_TLB;
	if (c906_action_same(&core->env, C906_SAME_WORD, load->pa, stores,
			     c906_lsu_stores(lsu, stores)))
		return CPI_STORES;
	if (lsu->merge.state && c906_is_same(&core->env, C906_SAME_BLOCK, lsu->merge.pa, load->pa))
		return CPI_STORES;
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		fills |= lsu->fill[n].state != C906_FILL_IDLE;
	return fills ? CPI_L1D : CPI_LOAD_USE;
}

/* Returns what an access in AG waits for: its page, the access in DC, or the port of the cache. */
static enum timing_cause of_access(const struct c906_core *core, const struct c906_wires *wires)
{
	const struct c906_lsu *lsu = &core->pipe.lsu;

	if (core->pipe.mmu.dutlb.state != C906_UTLB_IDLE || wires->lsu.walk_port)
		return CPI_TLB;
	if (lsu->dc_state != C906_DC_IDLE)
		return c906_access_stores(&lsu->dc) ? CPI_STORES : of_load(core);
	if (wires->lsu.fill_port || wires->lsu.rdl_port)
		return CPI_L1D;
	return c906_access_stores(&lsu->ag) ? CPI_STORES : CPI_LOAD_USE;
}

static enum timing_cause of_loaded(const struct c906_core *core, u8 reg)
{
	const struct c906_lsu *lsu = &core->pipe.lsu;

	for (unsigned n = 0; n < C906_FILLS_MAX; n++) {
		const struct c906_fill *fill = &lsu->fill[n];

		if (fill->state && fill->load && !fill->ahead && !fill->walks && fill->reg == reg)
			return CPI_L1D;
	}
	return lsu->dc_state != C906_DC_IDLE && lsu->dc.reg == reg ? of_load(core) : CPI_LOAD_USE;
}

/*
 * Returns the cause of a wait for a result that an integer register is to get. In the cycle in
 * which it is written, its unit is free already, or has another instruction.
 */
static enum timing_cause of_register(const struct c906_core *core, u8 reg)
{
	switch (core->pipe.scoreboard.producer[reg]) {
	case C906_BY_LSU:
		return of_loaded(core, reg);
	case C906_BY_MUL:
	case C906_BY_DIV:
		return CPI_MULDIV;
	case C906_BY_VPU:
		return CPI_FP;
	default:
		return CPI_FENCE;
	}
}

/* Returns what the instruction waits for that is before the FP units, which accept no other. */
static enum timing_cause of_fp(const struct c906_core *core)
{
	const struct c906_vpu *vpu = &core->pipe.vpu;
	const struct c906_fp_op *op = &vpu->buffer;

	for (unsigned n = 0; n < C906_SOURCES; n++)
		if (op->f[n] && c906_vpu_waits(vpu, op->f[n]) && vpu->by_load >> op->f[n] & 1)
			return of_loaded(core, op->f[n]);
	return CPI_FP;
}

static enum timing_cause of_ex1(const struct c906_core *core, const struct c906_wires *wires)
{
	const struct c906_bju *bju = &core->pipe.bju;

	if (bju->valid && !wires->branch_resolves)
		return of_loaded(core, bju->reg[bju->ready[0] ? 1 : 0]);
	switch (core->pipe.ex1.uop.unit) {
	case C906_MUL:
	case C906_DIV:
		return CPI_MULDIV;
	case C906_CP0:
		return core->pipe.ex1.barrier ? CPI_STORES : CPI_FENCE;
	case C906_FLOAD:
	case C906_FSTORE:
	case C906_FP:
		return of_fp(core);
	default:
		return wires->branch_resolves ? CPI_LOAD_USE : CPI_ISSUE;
	}
}

enum timing_cause c906_stall_cause(const struct c906_core *core, const struct c906_wires *wires)
{
	if (wires->sleeps)
		return CPI_SLEEP;
	if (wires->completes && wires->done)
		return CPI_ISSUE;
	/*
	 * This is a part of an instruction that was split: SFENCE.VMA, or an atomic with ordering.
	 */
	if (wires->completes)
		return core->pipe.ex1.valid && core->pipe.ex1.uop.op == C906_CP0_SFENCE_VMA ?
			       CPI_FENCE :
			       CPI_STORES;
	if (core->pipe.lsu.ag_valid)
		return of_access(core, wires);
	if (!core->pipe.ex1.valid)
		return core->starves;
	if (core->pipe.ex1.on_wrong_path || !wires->commits)
		return core->refills_behind;
	return of_ex1(core, wires);
}

static enum timing_cause c906_stall_front_end(const struct c906_core *core)
{
	const struct c906_icache *icache = &core->pipe.ifu.icache;

	if (icache->invalidation)
		return CPI_FENCE;
	if (icache->refill == C906_REFILL_TRANSLATE)
		return CPI_TLB;
	if (icache->refill != C906_REFILL_IDLE || icache->ahead != C906_AHEAD_IDLE)
		return CPI_L1I;
	return core->refills_behind;
}

static enum timing_cause of_dispatch(const struct c906_core *core, const struct c906_wires *wires)
{
	if (wires->ifu.resolved.redirect || wires->flush_be ||
	    core->pipe.rtu.flush != C906_FLUSH_IDLE)
		return core->refills_behind;
	if (!wires->found)
		return c906_stall_front_end(core);
	if (wires->entry.on_wrong_path)
		return core->refills_behind;
	return wires->lacks ? of_register(core, wires->lacks) : CPI_FENCE;
}

void c906_stall_dispatch(struct c906_core *core, const struct c906_wires *wires)
{
	bool flushes = wires->restart || core->pipe.rtu.flush != C906_FLUSH_IDLE;

	if (wires->restart || wires->restarts)
		core->refills_behind = CPI_FENCE;
	else if (wires->dispatches && !wires->entry.on_wrong_path && !flushes &&
		 !wires->ifu.resolved.redirect)
		core->refills_behind = CPI_FETCH;
	if (!core->pipe.ex1.valid)
		core->starves = (u8)of_dispatch(core, wires);
}
