/* SPDX-License-Identifier: MIT */
/*
 * CVA6's integer units: ALU, branches (branch_unit.sv), multiplier, divider (serdiv.sv), the buffer
 * of CSR instructions; and the input of the floating-point unit. See core.h.
 */
#include "cpu/timing/cva6/core.h"

/*
 * Returns whether a division has its result. It is written if the multiplier leaves the port to it.
 */
static bool divider_done(const struct cva6_flu *flu)
{
	return flu->divider == CVA6_DIVIDER_FINISH ||
	       (flu->divider == CVA6_DIVIDER_DIVIDE && flu->divide_ends);
}

/* Returns whether its unit refuses an issued instruction, which then only raises an exception. */
static bool is_refused(const struct cva6_entry *entry)
{
	return entry->uop.unit == CVA6_CVXIF;
}

static void cva6_execute_resolve(const struct cva6_entry *entry, struct cva6_resolved *resolved)
{
	if (!entry->known)
		return;
	resolved->valid = true;
	resolved->pc = entry->pc;
	resolved->target = entry->next;
	resolved->flow = entry->flow;
	if (entry->uop.op == CVA6_BRANCH) {
		resolved->flow = CVA6_FLOW_BRANCH;
		resolved->taken = entry->flags & TIMING_TAKEN;
		resolved->mispredict = resolved->taken != (entry->flow == CVA6_FLOW_BRANCH);
	} else if (entry->uop.op == CVA6_JALR) {
		resolved->mispredict = entry->flow == CVA6_NO_FLOW ||
				       entry->predicted != entry->next;
		/* An instruction predicted as a return does not train the table of targets. */
		if (entry->flow != CVA6_FLOW_RETURN)
			resolved->flow = CVA6_FLOW_JALR;
	}
}

void cva6_execute(const struct cva6_core *core, struct cva6_wires *wires)
{
	const struct cva6_entry *entry = &core->pipe.sb.entry[core->pipe.execute_slot];
	struct cva6_writeback *writeback = &wires->writeback;
	u32 executed = core->pipe.executing ? 1u << core->pipe.execute_slot : 0;

	switch (core->pipe.executing ? entry->uop.unit : CVA6_NONE) {
	case CVA6_CTRL_FLOW:
		cva6_execute_resolve(entry, &wires->resolved);
		/* fall through */
	case CVA6_ALU:
	case CVA6_CSR:
	case CVA6_CVXIF:
		writeback->done |= executed;
		if (is_refused(entry))
			writeback->exception |= executed;
		break;
	default:
		break;
	}
	if (core->pipe.flu.multiplied)
		writeback->done |= 1u << core->pipe.flu.multiply_slot;
	else if (divider_done(&core->pipe.flu))
		writeback->done |= 1u << core->pipe.flu.divide_slot;
	cva6_fpu_result(&core->pipe.fpu, &core->params, &wires->fpu_result);
	if (wires->fpu_result.valid)
		writeback->done |= 1u << wires->fpu_result.slot;
}

static u64 extend(u64 value, const struct cva6_uop *uop)
{
	if (!uop->is_word)
		return value;
	return uop->is_signed ? (u64)sext(value, 32) : bits(value, 0, 32);
}

bool cva6_division_ends(const struct cva6_uop *uop, u64 dividend, u64 divisor, u8 *steps)
{
	u64 a = extend(dividend, uop), b = extend(divisor, uop);
	int zeros_a, zeros_b;

	if (uop->is_signed && a >> 63)
		a = ~a << 1 | 1;
	if (uop->is_signed && b >> 63)
		b = ~b;
	zeros_a = a ? __builtin_clzll(a) : 64;
	zeros_b = b ? __builtin_clzll(b) : 63;
	if (!b || zeros_b < zeros_a)
		return true;
	*steps = (u8)(zeros_b - zeros_a);
	return false;
}

static void step_divider(struct cva6_flu *flu, const struct cva6_entry *entering, unsigned slot)
{
	bool taken = !flu->multiplied;

	switch (flu->divider) {
	case CVA6_DIVIDER_IDLE:
		if (!entering)
			break;
		flu->divider = CVA6_DIVIDER_DIVIDE;
		flu->divide_slot = (u8)slot;
		flu->divide_ends = entering->ends;
		flu->divide_count = entering->steps;
		break;
	case CVA6_DIVIDER_DIVIDE:
		if (flu->divide_ends)
			flu->divider = taken ? CVA6_DIVIDER_IDLE : CVA6_DIVIDER_FINISH;
		else if (flu->divide_count == 0)
			flu->divider = CVA6_DIVIDER_FINISH;
		else
			flu->divide_count--;
		break;
	default:
		if (taken)
			flu->divider = CVA6_DIVIDER_IDLE;
		break;
	}
}

static void step_fpu(struct cva6_core *core, struct cva6_wires *wires,
		     const struct cva6_entry *entry)
{
	struct cva6_fpu_op op = { .valid = entry && entry->uop.unit == CVA6_FPU };

	if (op.valid) {
		op.slot = core->pipe.execute_slot;
		op.block = entry->uop.block;
		op.is_double = entry->uop.is_double;
		op.special = entry->ends;
	}
	wires->fpu_ready = cva6_fpu_step(&core->pipe.fpu, &core->params, &wires->fpu_result, &op);
	if (wires->flush)
		cva6_fpu_flush(&core->pipe.fpu);
}

void cva6_execute_step(struct cva6_core *core, struct cva6_wires *wires)
{
	struct cva6_flu *flu = &core->pipe.flu;
	unsigned slot = core->pipe.execute_slot;
	const struct cva6_entry *entry = core->pipe.executing ? &core->pipe.sb.entry[slot] : NULL;
	u8 unit = entry ? entry->uop.unit : CVA6_NONE;
	bool divides = unit == CVA6_DIV, csr = unit == CVA6_CSR;

	wires->multiplies = unit == CVA6_MULT || divides;
	wires->divider_ready = flu->divider == CVA6_DIVIDER_IDLE && !divides;
	wires->flu_ready = wires->divider_ready && (!(flu->csr || csr) || wires->csr_commits);
	step_divider(flu, divides ? entry : NULL, slot);
	flu->multiplied = unit == CVA6_MULT;
	flu->multiply_slot = (u8)slot;
	flu->csr = csr || (flu->csr && !wires->csr_commits);
	step_fpu(core, wires, entry);
	if (!wires->flush)
		return;
	flu->multiplied = flu->csr = false;
	flu->divider = CVA6_DIVIDER_IDLE;
}
