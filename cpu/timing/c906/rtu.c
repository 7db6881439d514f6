/* SPDX-License-Identifier: MIT */
/*
 * C906's retire unit (aq_rtu_retire.v, aq_rtu_ctrl.v): an instruction that completed in EX1 retires
 * a cycle later, and restarts the pipeline if it has to: the front end first, the rest when it has
 * drained.
 */
#include "cpu/timing/c906/core.h"

void c906_redirect(struct c906_core *core, struct c906_wires *wires, u64 pc, u64 number)
{
	struct c906_resolved *resolved = &wires->ifu.resolved;

	core->refills_behind = CPI_MISPREDICT;
	resolved->redirect = true;
	resolved->target = pc;
	core->records.issue = number;
}

void c906_rtu_begin(struct c906_core *core, struct c906_wires *wires)
{
	struct c906_resolved *resolved = &wires->ifu.resolved;
	const struct c906_rtu *rtu = &core->pipe.rtu;

	wires->flush_fe = rtu->flush == C906_FLUSH_FE;
	wires->flush_be = rtu->flush == C906_FLUSH_BE;
	wires->restarts = rtu->retires && rtu->restarts;
	resolved->flush = wires->flush_fe;
	if (wires->restarts && !rtu->traps) {
		resolved->restart = true;
		resolved->restart_target = rtu->next;
	}
	if (rtu->trap_pending && wires->flush_fe) {
		resolved->restart = true;
		resolved->restart_target = rtu->handler;
	}
	if (resolved->restart)
		c906_mmu_use(&core->pipe.mmu, &core->env, &rtu->context);
}

static u8 next_flush(const struct c906_core *core, const struct c906_wires *wires)
{
	switch (core->pipe.rtu.flush) {
	case C906_FLUSH_IDLE:
		return wires->restarts || wires->late ? C906_FLUSH_FE : C906_FLUSH_IDLE;
	case C906_FLUSH_BE:
		return C906_FLUSH_IDLE;
	default:
		return core->drained ? C906_FLUSH_BE : C906_FLUSH_WAIT;
	}
}

void c906_rtu_step(struct c906_core *core, const struct c906_wires *wires)
{
	struct c906_rtu *rtu = &core->pipe.rtu;
	u8 flush = next_flush(core, wires);

	if (wires->flush_be)
		rtu->trap_pending = false;
	if (wires->restarts && rtu->traps) {
		rtu->trap_pending = true;
		rtu->handler = rtu->next;
	}
	if (wires->restart) {
		rtu->resumes = true;
		rtu->resume = wires->number + 1;
	}
	/* Until the front end is flushed, it delivers instructions of a wrong path. */
	if (rtu->resumes)
		core->records.issue = rtu->resume;
	if (wires->flush_fe)
		rtu->resumes = false;
	rtu->flush = flush;
	rtu->retires = wires->completes;
	rtu->restarts = wires->restart;
	rtu->traps = wires->trap;
	rtu->next = wires->next;
}
