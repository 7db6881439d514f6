/* SPDX-License-Identifier: MIT */
/* CVA6's floating-point unit. See fpu.h. */
#include "cpu/timing/cva6/fpu.h"

#include "cpu/timing/units/arbiter.h"

#include <string.h>

/* Operation groups in the order of fpnew_top's arbiter. */
enum { GROUP_ADDMUL, GROUP_DIVSQRT, GROUP_NONCOMP, GROUP_CONV, GROUPS };
/*
 * The number of formats that fpnew knows. Each is an input of a group's arbiter, but only the first
 * two are used.
 */
#define FORMATS 5

static unsigned registers_of(const struct cva6_params *params, unsigned block)
{
	switch (block) {
	case CVA6_ADDMUL32:
		return (unsigned)params->fpu_addmul32;
	case CVA6_ADDMUL64:
		return (unsigned)params->fpu_addmul64;
	case CVA6_CONV:
		return (unsigned)params->fpu_conv;
	default:
		return (unsigned)params->fpu_noncomp;
	}
}

static const struct cva6_fpu_op *output_of(const struct cva6_fpu *fpu,
					   const struct cva6_params *params, unsigned block)
{
	return block == CVA6_DIVSQRT ? &fpu->divsqrt.output :
				       &fpu->pipe[block][registers_of(params, block)];
}

/* Returns the format of a group that is chosen, or 0 if none has a result. */
static u8 cva6_fpu_choose(u32 requests, unsigned state)
{
	return requests ? (u8)arbiter_choice(requests, FORMATS, state) : 0;
}

void cva6_fpu_result(const struct cva6_fpu *fpu, const struct cva6_params *params,
		     struct cva6_fpu_result *result)
{
	u8 block[GROUPS] = { [GROUP_DIVSQRT] = CVA6_DIVSQRT, [GROUP_CONV] = CVA6_CONV };

	memset(result, 0, sizeof(*result));
	if (!fpu->under_way)
		return;
	for (unsigned n = 0; n < 2; n++) {
		result->addmul |= (u32)output_of(fpu, params, CVA6_ADDMUL32 + n)->valid << n;
		result->noncomp |= (u32)output_of(fpu, params, CVA6_NONCOMP32 + n)->valid << n;
	}
	result->groups = (u32)(result->addmul != 0) << GROUP_ADDMUL |
			 (u32)fpu->divsqrt.output.valid << GROUP_DIVSQRT |
			 (u32)(result->noncomp != 0) << GROUP_NONCOMP |
			 (u32)output_of(fpu, params, CVA6_CONV)->valid << GROUP_CONV;
	if (!result->groups)
		return;
	block[GROUP_ADDMUL] = CVA6_ADDMUL32 + cva6_fpu_choose(result->addmul, fpu->rr_addmul);
	block[GROUP_NONCOMP] = CVA6_NONCOMP32 + cva6_fpu_choose(result->noncomp, fpu->rr_noncomp);
	result->valid = true;
	result->block = block[arbiter_choice(result->groups, GROUPS, fpu->rr_top)];
	result->slot = output_of(fpu, params, result->block)->slot;
}

/*
 * Moves the operations in a pipeline on by a register, if its last one is taken or as far as there
 * are gaps. Returns whether the first register is free then.
 */
static bool cva6_fpu_advance(struct cva6_fpu_op *pipe, unsigned registers, bool taken)
{
	bool ready = taken;

	for (unsigned n = registers; n > 0; n--) {
		ready = ready || !pipe[n].valid;
		if (!ready)
			continue;
		if (n > 1)
			pipe[n] = pipe[n - 1];
		else
			pipe[n].valid = false;
	}
	return ready;
}

/* Begins the operation in the input register, if the unit can. */
static void cva6_fpu_start(struct cva6_divsqrt *unit, const struct cva6_params *params,
			   bool *in_ready)
{
	u64 cycles = unit->input.is_double ? params->fpu_divsqrt64 : params->fpu_divsqrt32;

	unit->state = CVA6_DIVSQRT_IDLE;
	if (!unit->input.valid || unit->left)
		return;
	*in_ready = true;
	unit->state = CVA6_DIVSQRT_BUSY;
	unit->slot = unit->input.slot;
	unit->left = (u8)(unit->input.special ? 1 : cycles + 1);
}

/* Steps the unit. Returns whether its input register is free afterwards. */
static bool divsqrt_step(struct cva6_divsqrt *unit, const struct cva6_params *params, bool taken)
{
	bool out_ready = taken || !unit->output.valid;
	bool in_ready = unit->state == CVA6_DIVSQRT_IDLE;
	bool out_valid = unit->state == CVA6_DIVSQRT_HOLD ||
			 (unit->state == CVA6_DIVSQRT_BUSY && unit->done);

	if (taken)
		unit->output.valid = false;
	if (out_valid && out_ready)
		unit->output = (struct cva6_fpu_op){ .valid = true, .slot = unit->slot };
	if (unit->state == CVA6_DIVSQRT_IDLE || (out_valid && out_ready))
		cva6_fpu_start(unit, params, &in_ready);
	else if (out_valid)
		unit->state = CVA6_DIVSQRT_HOLD;
	if (unit->left)
		unit->left--;
	unit->done = unit->state == CVA6_DIVSQRT_BUSY && unit->left == 0;
	if (in_ready)
		unit->input.valid = false;
	return in_ready || !unit->input.valid;
}

static void advance_arbiters(struct cva6_fpu *fpu, const struct cva6_fpu_result *result)
{
	unsigned block = result->block;

	if (!result->valid)
		return;
	fpu->rr_top = (u8)arbiter_next(result->groups, fpu->rr_top);
	if (block == CVA6_ADDMUL32 || block == CVA6_ADDMUL64)
		fpu->rr_addmul = (u8)arbiter_next(result->addmul, fpu->rr_addmul);
	if (block == CVA6_NONCOMP32 || block == CVA6_NONCOMP64)
		fpu->rr_noncomp = (u8)arbiter_next(result->noncomp, fpu->rr_noncomp);
}

bool cva6_fpu_step(struct cva6_fpu *fpu, const struct cva6_params *params,
		   const struct cva6_fpu_result *result, const struct cva6_fpu_op *op)
{
	struct cva6_fpu_op entering = fpu->held.valid ? fpu->held : *op;
	bool ready[CVA6_FPU_BLOCKS];

	fpu->under_way += (u8)(op->valid - result->valid);
	if (!fpu->under_way && !result->valid)
		return true;
	for (unsigned block = 0; block < CVA6_DIVSQRT; block++)
		ready[block] = cva6_fpu_advance(fpu->pipe[block], registers_of(params, block),
						result->valid && result->block == block);
	ready[CVA6_DIVSQRT] =
		divsqrt_step(&fpu->divsqrt, params, result->valid && result->block == CVA6_DIVSQRT);
	advance_arbiters(fpu, result);
	fpu->held.valid = false;
	if (!entering.valid)
		return true;
	if (!ready[entering.block]) {
		fpu->held = entering;
		return false;
	}
	if (entering.block == CVA6_DIVSQRT)
		fpu->divsqrt.input = entering;
	else
		fpu->pipe[entering.block][1] = entering;
	return true;
}

void cva6_fpu_flush(struct cva6_fpu *fpu)
{
	memset(fpu, 0, sizeof(*fpu));
}

/*
 * Zero, infinity, NaN and the square root of a negative number need no iterations
 * (div_sqrt_top_mvp).
 */
bool cva6_fpu_is_special(const struct cva6_uop *uop, u64 a, u64 b)
{
	unsigned width = uop->is_double ? 64 : 32;
	unsigned fraction = uop->is_double ? 52 : 23, exponent_bits = width - 1 - fraction;
	u64 exponent_max = BIT(exponent_bits) - 1;
	bool a_ends = bits(a, fraction, exponent_bits) == exponent_max || !bits(a, 0, width - 1);
	bool b_ends = bits(b, fraction, exponent_bits) == exponent_max || !bits(b, 0, width - 1);

	if (uop->op == CVA6_SQRT)
		return a_ends || a >> (width - 1) & 1;
	return a_ends || b_ends;
}
