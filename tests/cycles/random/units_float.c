/* SPDX-License-Identifier: MIT */
/* Units of floating point; the order of draws is that of units.c (see units.h). */
#include "tests/cycles/random/units.h"

#define RM_DYNAMIC (7u << 12)
#define RM_TO_ZERO (1u << 12)

/* The registers rd, rs1 and rs2 have one size. */
static void same_size(struct program *program, u32 raw, bool is_double)
{
	unsigned (*const f)(struct program * program) = is_double ? d : s;
	unsigned rd = f(program), rs1 = f(program), rs2 = f(program);

	emit_r(&program->emit, raw, rd, rs1, rs2);
}

static void fused(struct program *program, bool is_double)
{
	u32 raw = is_double ? ONE_OF(program, OP_fmadd_d, OP_fmsub_d, OP_fnmadd_d, OP_fnmsub_d) :
			      ONE_OF(program, OP_fmadd_s, OP_fmsub_s, OP_fnmadd_s, OP_fnmsub_s);

	raw |= (is_double ? d(program) : s(program)) << 27;
	same_size(program, RM_DYNAMIC | raw, is_double);
}

static void to_integer(struct program *program, u32 raw, unsigned rs1, unsigned rs2)
{
	emit_r(&program->emit, raw, any(program), rs1, rs2);
}

static void one_float(struct program *program)
{
	bool is_double = program_below(program, 2);
	unsigned rs1, rs2;

	switch (program_below(program, 9)) {
	case 0:
	case 1:
		same_size(program,
			  RM_DYNAMIC |
				  (is_double ? ONE_OF(program, OP_fadd_d, OP_fsub_d, OP_fmul_d) :
					       ONE_OF(program, OP_fadd_s, OP_fsub_s, OP_fmul_s)),
			  is_double);
		break;
	case 2:
		fused(program, is_double);
		break;
	case 3:
		same_size(program,
			  ONE_OF(program, OP_fsgnj_d, OP_fsgnjn_d, OP_fsgnjx_d, OP_fmin_d,
				 OP_fmax_d),
			  true);
		break;
	case 4:
		same_size(program, ONE_OF(program, OP_fsgnj_s, OP_fmin_s, OP_fmax_s), false);
		break;
	case 5:
		rs2 = d(program);
		rs1 = d(program);
		to_integer(program, ONE_OF(program, OP_feq_d, OP_flt_d), rs1, rs2);
		break;
	case 6:
		rs2 = s(program);
		rs1 = s(program);
		to_integer(program, ONE_OF(program, OP_fle_s, OP_feq_s), rs1, rs2);
		break;
	case 7:
		rs1 = d(program);
		to_integer(program, ONE_OF(program, OP_fclass_d, OP_fmv_x_d), rs1, 0);
		rs1 = s(program);
		to_integer(program, ONE_OF(program, OP_fclass_s, OP_fmv_x_w), rs1, 0);
		break;
	default:
		rs1 = any(program);
		emit_r(&program->emit, op(program, is_double ? OP_fmv_d_x : OP_fmv_w_x),
		       is_double ? d(program) : s(program), rs1, 0);
	}
}

void unit_floats(struct program *program)
{
	for (u64 n = 1 + program_below(program, 5); n; n--)
		one_float(program);
}

void unit_float_converts(struct program *program)
{
	struct emit *out = &program->emit;
	unsigned rd, rs1;

	switch (program_below(program, 4)) {
	case 0:
		rs1 = d(program);
		to_integer(program,
			   RM_TO_ZERO | ONE_OF(program, OP_fcvt_l_d, OP_fcvt_w_d, OP_fcvt_lu_d),
			   rs1, 0);
		break;
	case 1:
		rs1 = s(program);
		to_integer(program, RM_TO_ZERO | ONE_OF(program, OP_fcvt_l_s, OP_fcvt_wu_s), rs1,
			   0);
		break;
	case 2:
		rs1 = any(program);
		rd = d(program);
		emit_r(out, RM_DYNAMIC | ONE_OF(program, OP_fcvt_d_l, OP_fcvt_d_lu), rd, rs1, 0);
		break;
	default:
		rs1 = any(program);
		rd = s(program);
		emit_r(out, RM_DYNAMIC | ONE_OF(program, OP_fcvt_s_w, OP_fcvt_s_l), rd, rs1, 0);
	}
}

void unit_float_resizes(struct program *program)
{
	bool narrows = program_below(program, 2);
	unsigned rs1 = narrows ? d(program) : s(program);

	if (narrows)
		emit_r(&program->emit, RM_DYNAMIC | op(program, OP_fcvt_s_d), s(program), rs1, 0);
	else
		emit_r(&program->emit, op(program, OP_fcvt_d_s), d(program), rs1, 0);
}

void unit_float_divides(struct program *program)
{
	bool is_double = program_below(program, 2);

	same_size(program, RM_DYNAMIC | op(program, is_double ? OP_fdiv_d : OP_fdiv_s), is_double);
	if (program_below(program, 2))
		one_float(program);
}

void unit_float_roots(struct program *program)
{
	bool is_double = program_below(program, 2);
	unsigned rs1 = is_double ? d(program) : s(program);

	emit_r(&program->emit, RM_DYNAMIC | op(program, is_double ? OP_fsqrt_d : OP_fsqrt_s),
	       is_double ? d(program) : s(program), rs1, 0);
}
