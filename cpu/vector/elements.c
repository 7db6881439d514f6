/* SPDX-License-Identifier: MIT */
/* Instructions that compute elements by loops (see loops.h), and the writing of results. */
#include "cpu/trap/trap.h"
#include "cpu/vector/impl.h"

#include <string.h>

bool vector_begin(struct hart *hart, const struct insn *insn, u64 *first)
{
	u64 vstart = hart->vector.vstart;

	*first = vstart;
	if (likely(!vstart))
		return true;
	if (vector_shape(insn->op)->flags & SHAPE_START_0 || vstart >= vlmax_of(hart))
		return hart_illegal(hart, insn->raw, REASON_vector_start);
	return true;
}

void mask_expand(u8 *lanes, const u8 *mask, u64 count)
{
	const u64 ones = 0x0101010101010101ull;

	for (u64 n = 0; n < count; n += 8) {
		u64 spread = mask[n / 8] * ones & 0x8040201008040201ull;
		u64 eight = (spread + 0x7f * ones) >> 7 & ones;

		memcpy(lanes + n, &eight, sizeof(eight));
	}
}

void vector_fill_tail(struct hart *hart, const struct insn *insn, unsigned size)
{
	u64 done = hart->vector.vl << size;

	if (tail_is_ones(hart))
		memset(register_of(hart, insn->rd) + done, 0xff, group_bytes(hart, size) - done);
}

void vector_put_first(struct hart *hart, const struct insn *insn, unsigned size, u64 value)
{
	u8 *d = register_of(hart, insn->rd);
	size_t bytes = 1u << size;

	memcpy(d, &value, bytes);
	if (tail_is_ones(hart))
		memset(d + bytes, 0xff, hart->vector.vlenb - bytes);
}

/* Makes elements that are masked off ones. */
static void fill_inactive(struct hart *hart, const struct insn *insn, unsigned size, u64 first)
{
	u8 *d = register_of(hart, insn->rd);

	if (!inactive_are_ones(hart))
		return;
	for (u64 n = first; n < hart->vector.vl; n++)
		if (!is_active(hart, insn, n))
			memset(d + (n << size), 0xff, 1u << size);
}

void vector_put(struct hart *hart, const struct insn *insn, unsigned size, u64 first,
		const u8 *result)
{
	u8 *d = register_of(hart, insn->rd), lanes[ELEMENTS_MAX];
	u64 vl = hart->vector.vl;

	if (first >= vl)
		return;
	if (vector_is_masked(insn->raw)) {
		mask_expand(lanes, register_of(hart, 0), vl);
		hart->vector.loops->select[size](d + (first << size), result + (first << size),
						 lanes + first, vl - first, NULL);
		fill_inactive(hart, insn, size, first);
	} else {
		memmove(d + (first << size), result + (first << size), (vl - first) << size);
	}
	vector_fill_tail(hart, insn, size);
}

void vector_put_mask(struct hart *hart, const struct insn *insn, u64 first, const u8 *lanes)
{
	u8 mask[VLENB_MAX], *d = register_of(hart, insn->rd);
	bool ones = inactive_are_ones(hart);
	u64 vl = hart->vector.vl;

	if (first >= vl)
		return;
	/* vd may be v0. */
	memcpy(mask, register_of(hart, 0), hart->vector.vlenb);
	for (u64 n = first; n < vl; n++)
		if (!vector_is_masked(insn->raw) || mask_bit(mask, n))
			set_mask_bit(d, n, lanes[n]);
		else if (ones)
			set_mask_bit(d, n, true);
	for (u64 n = vl; hart->vector.config.tail_ones && n < hart->vector.vlenb * 8ull; n++)
		set_mask_bit(d, n, true);
}

/* The operands of an instruction, as its loops read them, and the elements' sizes in bytes. */
struct operands {
	vector_loop *loop;
	u8 *d;
	const u8 *a, *b;
	unsigned d_size, a_size, b_size; /* b_size 0: a scalar */
	u64 scalar;
	struct vector_env env;
	const u8 *carry;
};

static unsigned bytes_of(const struct hart *hart, const struct insn *insn, u8 eew)
{
	unsigned width = vector_eew(insn, eew, hart->vector.vtype);

	return width ? 1u << (width - 3) : 1;
}

/* Scalars are truncated to SEW by the loop, which reads a narrower element there. */
static u64 scalar_of(const struct hart *hart, const struct insn *insn)
{
	switch (isa_format(insn->op)->rs1.kind) {
	case OPERAND_X:
		return hart->x[insn->rs1];
	case OPERAND_F:
		return vector_scalar(hart, insn);
	default:
		return (u64)(s64)insn->imm;
	}
}

static void find_operands(struct hart *hart, const struct insn *insn, vector_loop *const *loops,
			  struct operands *op)
{
	const struct vector_shape *shape = vector_shape(insn->op);

	op->loop = loops[sew_of(hart)];
	op->d = register_of(hart, insn->rd);
	op->d_size = bytes_of(hart, insn, shape->d);
	/* Moves have no vs2: what their loops do not use is at least aligned as it is elsewhere. */
	op->a = register_of(hart, shape->a == EEW_NONE ? insn->rd : insn->rs2);
	op->a_size = bytes_of(hart, insn, shape->a == EEW_NONE ? shape->d : shape->a);
	op->env = (struct vector_env){
		.vxrm = hart->vector.vxrm, .rm = hart->frm, .fflags = hart->fflags,
	};
	op->carry = NULL;
	if (isa_format(insn->op)->rs1.kind == OPERAND_V) {
		op->b = register_of(hart, insn->rs1);
		op->b_size = bytes_of(hart, insn, shape->b);
		return;
	}
	op->scalar = scalar_of(hart, insn);
	op->b = (const u8 *)&op->scalar;
	op->b_size = 0;
	/* Loops without a second operand have a form as if there were one, and do not use it. */
	if (isa_ops[insn->op].format == FORMAT_V1) {
		op->b = op->a;
		op->b_size = op->a_size;
	}
}

/* Computes elements [first, first + count). */
static void run(struct operands *op, u64 first, u64 count)
{
	op->env.carry = op->carry ? op->carry + first : NULL;
	op->loop(op->d + first * op->d_size, op->a + first * op->a_size, op->b + first * op->b_size,
		 count, &op->env);
}

/* Computes the active elements alone, those that are neighbours together. */
static void run_active(struct hart *hart, const struct insn *insn, struct operands *op, u64 first)
{
	u64 vl = hart->vector.vl, n = first;

	while (n < vl) {
		u64 end = n;

		while (end < vl && is_active(hart, insn, end))
			end++;
		if (end > n)
			run(op, n, end - n);
		n = end + 1;
	}
}

/* Returns whether elements raised what was not raised before. */
static bool raises(const struct hart *hart, const struct vector_env *env)
{
	return env->vxsat || env->fflags != hart->fflags;
}

/* Takes over what elements raised. */
static void settle(struct hart *hart, const struct vector_env *env)
{
	hart->vector.vxsat |= env->vxsat;
	hart->fflags = env->fflags;
}

/* How a body is run where some elements are masked off. */
enum how {
	ALL, /* all are computed, and the active ones taken: nothing else can be seen of a body */
	ACTIVE, /* so, unless flags are raised, which only active ones may */
	CARRY, /* v0 is an operand */
};

static bool compute(struct hart *hart, const struct insn *insn, vector_loop *const *loops,
		    enum how how)
{
	u8 result[GROUP_MAX] ELEMENT_ALIGNED, carry[ELEMENTS_MAX];
	struct operands op, all;
	unsigned size;
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (first >= hart->vector.vl)
		return vector_end(hart);
	find_operands(hart, insn, loops, &op);
	size = (unsigned)__builtin_ctz(op.d_size);
	if (how == CARRY) {
		mask_expand(carry, register_of(hart, 0), hart->vector.vl);
		op.carry = carry;
	}
	if (how == CARRY || !vector_is_masked(insn->raw)) {
		run(&op, first, hart->vector.vl - first);
		vector_fill_tail(hart, insn, size);
	} else {
		all = op;
		all.d = memcpy(result, op.d, hart->vector.vl << size);
		run(&all, first, hart->vector.vl - first);
		if (how == ACTIVE && raises(hart, &all.env)) {
			run_active(hart, insn, &op, first);
			fill_inactive(hart, insn, size, first);
			vector_fill_tail(hart, insn, size);
		} else {
			vector_put(hart, insn, size, first, result);
		}
	}
	settle(hart, &op.env);
	return vector_end(hart);
}

bool vector_elements(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return compute(hart, insn, loops, ALL);
}

bool vector_fixed(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return compute(hart, insn, loops, ACTIVE);
}

/* FS is Dirty whether flags were raised or not, as it is behind scalars. */
static bool end_floats(struct hart *hart)
{
	hart->fp_dirty = true;
	return true;
}

bool vector_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return vector_rounds(hart, insn) && compute(hart, insn, loops, ACTIVE) && end_floats(hart);
}

bool vector_with_carry(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return compute(hart, insn, loops, CARRY);
}

static bool compare(struct hart *hart, const struct insn *insn, vector_loop *const *loops,
		    enum how how)
{
	u8 lanes[ELEMENTS_MAX], carry[ELEMENTS_MAX];
	struct insn unmasked = *insn;
	struct operands op, all;
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (first >= hart->vector.vl)
		return vector_end(hart);
	find_operands(hart, insn, loops, &op);
	op.d = lanes;
	if (how == CARRY) {
		mask_expand(carry, register_of(hart, 0), hart->vector.vl);
		op.carry = carry;
		unmasked.raw |= BIT(25);
	}
	all = op;
	run(&all, first, hart->vector.vl - first);
	if (how == ACTIVE && vector_is_masked(insn->raw) && raises(hart, &all.env))
		run_active(hart, insn, &op, first);
	else
		op.env = all.env;
	vector_put_mask(hart, &unmasked, first, lanes);
	settle(hart, &op.env);
	return vector_end(hart);
}

bool vector_compare(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return compare(hart, insn, loops, ALL);
}

bool vector_compare_with_carry(struct hart *hart, const struct insn *insn,
			       vector_loop *const *loops)
{
	return compare(hart, insn, loops, CARRY);
}

bool vector_compare_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return vector_rounds(hart, insn) && compare(hart, insn, loops, ACTIVE) && end_floats(hart);
}

bool vector_reduce(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	struct operands op;
	u64 first, sum = 0;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (!hart->vector.vl)
		return vector_end(hart);
	find_operands(hart, insn, loops, &op);
	memcpy(&sum, op.b, op.b_size);
	op.d = (u8 *)&sum;
	op.d_size = 0;
	run_active(hart, insn, &op, 0);
	vector_put_first(hart, insn, (unsigned)__builtin_ctz(op.b_size), sum);
	settle(hart, &op.env);
	return vector_end(hart);
}

bool vector_reduce_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return vector_rounds(hart, insn) && vector_reduce(hart, insn, loops) && end_floats(hart);
}
