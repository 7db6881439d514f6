/* SPDX-License-Identifier: MIT */
/* Instructions that compute elements by loops (see loops.h), and the writing of results. */
#include "cpu/vector/impl.h"

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

/*
 * Sets the elements of [first, vl) that are masked off to ones, if agnostic elements become ones.
 */
static void fill_inactive(struct hart *hart, const struct insn *insn, unsigned size, u64 first)
{
	u64 vl = hart->vector.vl, words[WORDS_MAX];
	u8 ones[GROUP_MAX];

	if (!vector_is_masked(insn->raw) || !inactive_are_ones(hart))
		return;
	mask_active(hart, insn, first, words);
	for (u64 n = first / 64; n < words_of(vl); n++)
		words[n] ^= word_range(n, first, vl);
	memset(ones, 0xff, vl << size);
	hart->vector.loops->select[size](register_of(hart, insn->rd), ones, words, vl);
}

void vector_put(struct hart *hart, const struct insn *insn, unsigned size, u64 first,
		const u8 *result)
{
	u64 vl = hart->vector.vl, active[WORDS_MAX];
	u8 *d = register_of(hart, insn->rd);

	if (first >= vl)
		return;
	if (vector_is_masked(insn->raw)) {
		mask_active(hart, insn, first, active);
		hart->vector.loops->select[size](d, result, active, vl);
		fill_inactive(hart, insn, size, first);
	} else {
		memcpy(d + (first << size), result + (first << size), (vl - first) << size);
	}
	vector_fill_tail(hart, insn, size);
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
	unsigned width;

	if (eew == EEW_SEW)
		return 1u << sew_of(hart);
	width = vector_eew(insn, eew, hart->vector.vtype);
	return width ? 1u << (width - 3) : 1;
}

/* Returns the scalar operand. The loop truncates it to SEW by reading only an element there. */
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
	/* Moves have no vs2, and their loops do not use `a`; vd is aligned as loops expect. */
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
	/*
	 * Loops of bodies with one operand have the same form, and do not use the second operand.
	 */
	if (isa_ops[insn->op].format == FORMAT_V1) {
		op->b = op->a;
		op->b_size = op->a_size;
	}
}

/* Computes elements [first, first + count). */
static void run(struct operands *op, u64 first, u64 count)
{
	op->env.carry = op->carry ? op->carry + first : NULL;
	op->env.first = first;
	op->loop(op->d + first * op->d_size, op->a + first * op->a_size, op->b + first * op->b_size,
		 count, &op->env);
}

/* Adds the flags that elements raised to those of the hart. */
static void settle(struct hart *hart, const struct vector_env *env)
{
	hart->vector.vxsat |= env->vxsat;
	hart->fflags = env->fflags;
}

/* How a body is run if some elements are masked off. */
enum how {
	ALL, /* all are computed, but only active results used: bodies have no other effect */
	ACTIVE, /* as ALL, but bodies raise flags, which only active elements may do */
	CARRY, /* v0 is an operand */
};

static unsigned log_of(unsigned size)
{
	return (unsigned)__builtin_ctz(size);
}

/*
 * Returns a copy of an operand's elements [0, vl) in which the inactive ones are replaced by the
 * first active one.
 */
static u8 *hide_inactive(struct hart *hart, u8 *copy, const u8 *from, unsigned size,
			 const u64 *active)
{
	const struct vector_loops *loops = hart->vector.loops;
	u64 n = 0, vl = hart->vector.vl;
	struct vector_env env;

	while (!active[n])
		n++;
	n = 64 * n + (unsigned)__builtin_ctzll(active[n]);
	loops->mv_x[log_of(size)](copy, from, from + n * size, vl, &env);
	loops->select[log_of(size)](copy, from, active, vl);
	return copy;
}

/* Copies of the operands of a masked instruction, and its results. */
struct copies {
	u8 a[GROUP_MAX] ELEMENT_ALIGNED, b[GROUP_MAX] ELEMENT_ALIGNED, d[GROUP_MAX] ELEMENT_ALIGNED;
};

/*
 * Gives inactive elements the operands of an active one, so that they raise no flag that it does
 * not raise. At least one element must be active.
 */
static void hide_operands(struct hart *hart, struct operands *op, const u64 *active,
			  struct copies *copies)
{
	const u8 *a = op->a;

	op->a = hide_inactive(hart, copies->a, a, op->a_size, active);
	if (op->b == a)
		op->b = op->a;
	else if (op->b_size)
		op->b = hide_inactive(hart, copies->b, op->b, op->b_size, active);
}

static bool are_any(const u64 *words, u64 count)
{
	for (u64 n = 0; n < words_of(count); n++)
		if (words[n])
			return true;
	return false;
}

static void compute_masked(struct hart *hart, const struct insn *insn, struct operands *op,
			   u64 first, enum how how)
{
	bool reads_d = vector_shape(insn->op)->flags & SHAPE_READS_D;
	u64 active[WORDS_MAX], vl = hart->vector.vl;
	struct copies copies;
	u8 *d = op->d;

	mask_active(hart, insn, first, active);
	if (!are_any(active, vl))
		return;
	if (how == ACTIVE)
		hide_operands(hart, op, active, &copies);
	if (reads_d && how == ACTIVE)
		hide_inactive(hart, copies.d, d, op->d_size, active);
	else if (reads_d)
		memcpy(copies.d, d, vl * op->d_size);
	op->d = copies.d;
	run(op, first, vl - first);
	hart->vector.loops->select[log_of(op->d_size)](d, copies.d, active, vl);
}

/* Expands v0 to a byte for each element, for bodies that have it as an operand. */
static const u8 *expand_carry(struct hart *hart, u8 *lanes)
{
	u64 words[WORDS_MAX], vl = hart->vector.vl;

	memcpy(words, register_of(hart, 0), 8 * words_of(vl));
	hart->vector.loops->expand(lanes, words, vl);
	return lanes;
}

static bool compute(struct hart *hart, const struct insn *insn, vector_loop *const *loops,
		    enum how how)
{
	u8 carry[ELEMENTS_MAX] ELEMENT_ALIGNED;
	struct operands op;
	unsigned size;
	u64 first;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (first >= hart->vector.vl)
		return vector_end(hart);
	find_operands(hart, insn, loops, &op);
	size = log_of(op.d_size);
	if (how == CARRY)
		op.carry = expand_carry(hart, carry);
	if (how == CARRY || !vector_is_masked(insn->raw)) {
		run(&op, first, hart->vector.vl - first);
	} else {
		compute_masked(hart, insn, &op, first, how);
		fill_inactive(hart, insn, size, first);
	}
	vector_fill_tail(hart, insn, size);
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

/* Makes FS Dirty whether flags were raised or not, as scalar instructions do. */
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
	u8 lanes[ELEMENTS_MAX] ELEMENT_ALIGNED, carry[ELEMENTS_MAX] ELEMENT_ALIGNED;
	u64 words[WORDS_MAX], first, vl = hart->vector.vl;
	struct insn unmasked = *insn;
	struct copies copies;
	struct operands op;
	bool some = true;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (first >= vl)
		return vector_end(hart);
	find_operands(hart, insn, loops, &op);
	op.d = lanes;
	if (how == CARRY) {
		op.carry = expand_carry(hart, carry);
		unmasked.raw |= BIT(25);
	}
	if (how == ACTIVE && vector_is_masked(insn->raw)) {
		mask_active(hart, insn, first, words);
		some = are_any(words, vl);
		if (some)
			hide_operands(hart, &op, words, &copies);
	}
	if (some)
		run(&op, first, vl - first);
	hart->vector.loops->pack(words, lanes, vl);
	vector_put_mask(hart, &unmasked, first, words);
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
	u64 first, sum = 0, active[WORDS_MAX], count = hart->vector.vl;
	u8 copy[GROUP_MAX] ELEMENT_ALIGNED;
	struct operands op;

	if (!vector_begin(hart, insn, &first))
		return false;
	if (!count)
		return vector_end(hart);
	find_operands(hart, insn, loops, &op);
	memcpy(&sum, op.b, op.b_size);
	op.d = (u8 *)&sum;
	if (vector_is_masked(insn->raw)) {
		mask_active(hart, insn, 0, active);
		count = hart->vector.loops->compress[log_of(op.a_size)](copy, op.a, active, count);
		op.a = copy;
	}
	run(&op, 0, count);
	vector_put_first(hart, insn, log_of(op.b_size), sum);
	settle(hart, &op.env);
	return vector_end(hart);
}

bool vector_reduce_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops)
{
	return vector_rounds(hart, insn) && vector_reduce(hart, insn, loops) && end_floats(hart);
}
