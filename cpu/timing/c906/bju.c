/* SPDX-License-Identifier: MIT */
/* C906's branch unit (aq_iu_bju.v). See core.h. */
#include "cpu/timing/c906/core.h"

/* Resolves a branch. If it was mispredicted, fetch is redirected. */
static void c906_bju_resolve_branch(struct c906_core *core, struct c906_wires *wires, u64 number,
				    const struct c906_guess *guess)
{
	const struct timing_record *record = c906_record(&core->records, number);
	struct c906_resolved *resolved = &wires->ifu.resolved;

	resolved->branch = true;
	resolved->taken = record->flags & TIMING_TAKEN;
	resolved->counter = guess->counter;
	if (resolved->taken == guess->taken)
		return;
	resolved->mispredict = true;
	c906_redirect(core, wires, record->next, number + 1);
}

/*
 * Resolves what waited: a branch that has its operands now, or a return that was mispredicted in
 * the last cycle.
 */
void c906_bju_resolve(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_bju *bju = &core->pipe.bju;

	wires->branch_resolves = bju->valid && bju->ready[0] && bju->ready[1];
	if (wires->branch_resolves) {
		c906_bju_resolve_branch(core, wires, bju->number, &bju->guess);
		wires->late = wires->ifu.resolved.mispredict;
	}
	if (bju->wrong_return) {
		wires->late = wires->late_return = true;
		c906_redirect(core, wires, c906_record(&core->records, bju->return_number)->next,
			      bju->return_number + 1);
	}
}

static bool comes_late(const struct c906_core *core, unsigned n)
{
	return !core->pipe.ex1.ready[n] && !c906_da_has(&core->pipe.lsu, core->pipe.ex1.uop.x[n]);
}

static void c906_bju_branch(struct c906_core *core, struct c906_wires *wires)
{
	bool late[2] = { comes_late(core, 0), comes_late(core, 1) };
	struct c906_bju *bju = &core->pipe.bju;

	if (!late[0] && !late[1]) {
		c906_bju_resolve_branch(core, wires, core->pipe.ex1.number, &core->pipe.ex1.guess);
		return;
	}
	wires->branch_waits = true;
	bju->number = core->pipe.ex1.number;
	bju->guess = core->pipe.ex1.guess;
	for (unsigned n = 0; n < 2; n++) {
		bju->reg[n] = core->pipe.ex1.uop.x[n];
		bju->ready[n] = !late[n];
	}
}

/*
 * Executes an indirect jump. Only returns are predicted; a misprediction is handled a cycle later.
 * If another hart has just written a return over the code that was fetched, there is no prediction
 * to compare with.
 */
static void c906_bju_jump(struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	u64 next = c906_record(&core->records, ex1->number)->next;
	struct c906_resolved *resolved = &wires->ifu.resolved;

	resolved->call = ex1->uop.rd == 1;
	if (ex1->uop.x[0] != 1) {
		resolved->jump = true;
		c906_redirect(core, wires, next, ex1->number + 1);
		return;
	}
	resolved->ret = ex1->uop.rd != 1;
	wires->wrong_return = !resolved->ret || !core->pipe.ifu.returns.waits ||
			      bits(next ^ core->pipe.ifu.returns.predicted, 0, 40);
	core->pipe.bju.return_number = ex1->number;
}

void c906_bju_execute(struct c906_core *core, struct c906_wires *wires)
{
	wires->completes = true;
	if (core->pipe.ex1.uop.unit == C906_BRANCH)
		c906_bju_branch(core, wires);
	else
		wires->result = core->pipe.ex1.uop.rd;
	if (core->pipe.ex1.uop.unit == C906_JALR)
		c906_bju_jump(core, wires);
	else if (core->pipe.ex1.uop.unit == C906_JAL)
		wires->ifu.resolved.call = core->pipe.ex1.uop.rd == 1;
}

void c906_bju_step(struct c906_core *core, const struct c906_wires *wires)
{
	struct c906_bju *bju = &core->pipe.bju;

	if (wires->branch_resolves)
		bju->valid = false;
	if (wires->branch_waits)
		bju->valid = true;
	for (unsigned n = 0; n < 2; n++)
		if (bju->valid && wires->lsu.data && wires->lsu.data == bju->reg[n])
			bju->ready[n] = true;
	bju->wrong_return = wires->wrong_return;
}
