/* SPDX-License-Identifier: MIT */
/*
 * Emitters of floating-point vector instructions, for unmasked ones with vl = VLMAX and vstart = 0.
 * All other cases are left to the body.
 */
#include "cpu/jit/emit/vector/row.h"

/*
 * Writes a check that goes to the body unless all elements are computed: vstart is 0, and vl is
 * VLMAX.
 */
static void begin_all(struct gen *gen, const struct lanes *lanes)
{
	gen_require_start_0(gen);
	gen_require_all(gen, lanes->vlmax);
}

/* One comparison checks two results: it is unordered if one of them is a NaN. */
void gen_refuse_nans(struct gen *gen, const struct lanes *lanes, const struct x86_arg *result,
		     unsigned count)
{
	const struct x86_arg unordered = x86_imm(3);
	struct x86_arg sum, next;
	struct x86 *x = &gen->x;

	sum = lanes->wide ? x86_reg(8, K1) : x86_reg(lanes->width, XMM0);
	next = lanes->wide ? x86_reg(8, K2) : x86_reg(lanes->width, XMM1);
	for (unsigned n = 0; n < count; n += 2) {
		OP(gen, lanes, JIT_V_FUNORDERED, n ? next : sum, result[n],
		   result[n + 1 < count ? n + 1 : n], unordered);
		if (n && lanes->wide)
			X86(x, KORW, sum, sum, next);
		else if (n)
			X86(x, VPOR, sum, sum, next);
	}
	if (lanes->wide)
		X86(x, KORTESTW, sum, sum);
	else
		X86(x, VPTEST, sum, sum);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Writes a check, as gen_refuse_nans does, that goes to the body if one of the first `count`
 * scratch vectors has a NaN.
 */
static void refuse_nans(struct gen *gen, const struct lanes *lanes, unsigned count)
{
	struct x86_arg result[LANES_MOST];

	for (unsigned n = 0; n < count; n++)
		result[n] = scratch(lanes, n);
	gen_refuse_nans(gen, lanes, result, count);
}

/*
 * Begins a row of floating point, and writes the checks that go to the body. Returns whether the
 * row is emitted.
 */
static bool begin_floats(struct gen *gen, const struct insn *insn, const struct emitter *how,
			 struct lanes *lanes)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;

	if (!gen_lanes(gen, insn, -1, lanes) || !gen_host_op(lanes, op) ||
	    !gen->jit->host.has_fma || gen->block->key & BLOCK_KEY_RM)
		return false;
	begin_all(gen, lanes);
	if (kind_of_b(insn) == OPERAND_F)
		gen_require_boxed(gen, insn->rs1, 1u << lanes->size);
	gen_note_fp_dirty(gen);
	return true;
}

static void store_all(struct gen *gen, const struct insn *insn, const struct lanes *lanes)
{
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg result = scratch(lanes, at / lanes->width);

		move(gen, lanes, part(gen, lanes, insn->rd, at), result);
		hold(gen, lanes, insn->rd, at, result);
	}
	gen->held.kept = true;
}

/* Emits an operation; `flag`: the scalar is the first operand. */
bool jit_v_float(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	const unsigned scalar = LANES_MOST; /* the scratch vector after those of results */
	unsigned n = 0;
	struct lanes lanes;

	if (!begin_floats(gen, insn, how, &lanes))
		return false;
	gen_spread(gen, insn, &lanes, scalar);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width, n++) {
		struct x86_arg b = second(gen, insn, &lanes, scalar, at), r = scratch(&lanes, n);

		if (how->flag)
			OP(gen, &lanes, op, r, b, from(gen, &lanes, insn->rs2, at));
		else
			OP(gen, &lanes, op, r, load_part(gen, &lanes, n, insn->rs2, at), b);
	}
	refuse_nans(gen, &lanes, n);
	store_all(gen, insn, &lanes);
	return true;
}

/* Emits fused multiply-add. */
bool jit_v_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	bool each = kind_of_b(insn) == OPERAND_V;
	const unsigned scalar = LANES_MOST; /* the scratch vector after those of results */
	unsigned n = 0;
	struct lanes lanes;

	if (!begin_floats(gen, insn, how, &lanes))
		return false;
	gen_spread(gen, insn, &lanes, scalar);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width, n++) {
		struct x86_arg b = scratch(&lanes, scalar), r = scratch(&lanes, n);

		if (each)
			b = load_part(gen, &lanes, scalar, insn->rs1, at);
		move(gen, &lanes, r, from(gen, &lanes, insn->rd, at));
		OP(gen, &lanes, op, r, b, from(gen, &lanes, insn->rs2, at));
	}
	refuse_nans(gen, &lanes, n);
	store_all(gen, insn, &lanes);
	return true;
}
