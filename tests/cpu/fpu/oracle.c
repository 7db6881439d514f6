/* SPDX-License-Identifier: MIT */
/*
 * The reference for cpu/fpu/fpu.h, which uses MPFR. Sums, products and fused operations are
 * computed at a precision at which they are exact; quotients and roots are cut off far below the
 * place of rounding, and get one more bit if they were inexact. All roundings and flags follow from
 * that value. Nothing here shares a method with cpu/fpu/fpu.c: no alignment, no guard bits, no
 * flags of the host.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mpfr.h>

#include "cpu/fpu/fpu.h"
#include "oracle.h"

/*
 * The bits from 2^-2148, the lowest bit of a product of f64, to 2^2049, the carry of the largest
 * sum.
 */
#define EXACT_BITS 4224
#define CUT_BITS 256

/* precision counts the leading one; quantum is the exponent of the smallest subnormal number. */
struct float_type {
	int precision, quantum, emax;
	u64 infinity, sign, nan;
};

static const struct float_type floats[] = {
	[TYPE_F16] = {11, -24, 16, 0x7c00, F16_SIGN, F16_CANONICAL_NAN},
	[TYPE_BF16] = {8, -133, 128, 0x7f80, 0x8000, BF16_CANONICAL_NAN},
	[TYPE_F32] = {24, -149, 128, 0x7f800000, F32_SIGN, F32_CANONICAL_NAN},
	[TYPE_F64] = {53, -1074, 1024, 0x7ff0000000000000, F64_SIGN, F64_CANONICAL_NAN},
};

/* Rounding to odd, which no value of rm selects. */
#define RM_ODD 5

struct integer_type {
	int (*fits)(mpfr_srcptr, mpfr_rnd_t);
	bool is_signed;
	u64 lowest, highest;
};

static int fits_s8(mpfr_srcptr value, mpfr_rnd_t rnd)
{
	return mpfr_cmp_si(value, -128) >= 0 && mpfr_cmp_si(value, 127) <= 0;
}

static int fits_u8(mpfr_srcptr value, mpfr_rnd_t rnd)
{
	return mpfr_cmp_si(value, 0) >= 0 && mpfr_cmp_si(value, 255) <= 0;
}

static const struct integer_type integers[] = {
	[TYPE_S8] = {fits_s8, true, 0xffffffffffffff80, 0x7f},
	[TYPE_U8] = {fits_u8, false, 0, 0xffffffffffffffff},
	[TYPE_S16] = {mpfr_fits_sshort_p, true, 0xffffffffffff8000, 0x7fff},
	[TYPE_U16] = {mpfr_fits_ushort_p, false, 0, 0xffffffffffffffff},
	[TYPE_S32] = {mpfr_fits_sint_p, true, 0xffffffff80000000, 0x7fffffff},
	[TYPE_U32] = {mpfr_fits_uint_p, false, 0, 0xffffffffffffffff},
	[TYPE_S64] = {mpfr_fits_slong_p, true, 0x8000000000000000, 0x7fffffffffffffff},
	[TYPE_U64] = {mpfr_fits_ulong_p, false, 0, 0xffffffffffffffff},
};

/* A magnitude in units of 2^quantum: how many, and how the rest compares with 0 and with 1/2. */
struct split {
	u64 whole;
	bool rest;
	int half;
};

struct oracle {
	const struct fpu_op *op;
	u64 in[3];
	mpfr_t operand[3], exact, scratch, whole;
	bool any_nan, signaling, divided_by_zero;
	/* The sign of a zero; zero_sign[1] is the one when rounding down. */
	bool zero_sign[2];
	/*
	 * The magnitude at 2^quantum, and at the quantum that it would have if subnormals had full
	 * precision.
	 */
	int quantum;
	struct split bounded, unbounded;
};

struct oracle *oracle_new(void)
{
	struct oracle *o = calloc(1, sizeof(*o));

	assert(o);
	for (unsigned i = 0; i < ARRAY_SIZE(o->operand); i++)
		mpfr_init2(o->operand[i], 64);
	mpfr_init2(o->exact, EXACT_BITS);
	mpfr_init2(o->scratch, EXACT_BITS);
	mpfr_init2(o->whole, 64);
	return o;
}

void oracle_free(struct oracle *o)
{
	for (unsigned i = 0; i < ARRAY_SIZE(o->operand); i++)
		mpfr_clear(o->operand[i]);
	mpfr_clear(o->exact);
	mpfr_clear(o->scratch);
	mpfr_clear(o->whole);
	mpfr_free_cache();
	free(o);
}

static float float_value(u64 word)
{
	u32 low = (u32)word;
	float value;

	memcpy(&value, &low, sizeof(value));
	return value;
}

static double double_value(u64 word)
{
	double value;

	memcpy(&value, &word, sizeof(value));
	return value;
}

/*
 * Reads a format for which C has no type: the fraction in units of 2^quantum, which is doubled for
 * each step of the exponent.
 */
static void set_short(mpfr_ptr to, const struct float_type *type, u64 word)
{
	u64 magnitude = word & ~type->sign, hidden = BIT(type->precision - 1);
	int exp = (int)(magnitude / hidden);

	if (magnitude > type->infinity)
		mpfr_set_nan(to);
	else if (magnitude == type->infinity)
		mpfr_set_inf(to, 1);
	else if (exp == 0)
		mpfr_set_ui_2exp(to, magnitude, type->quantum, MPFR_RNDN);
	else
		mpfr_set_ui_2exp(to, magnitude % hidden + hidden, type->quantum + exp - 1,
				 MPFR_RNDN);
	mpfr_setsign(to, to, (word & type->sign) != 0, MPFR_RNDN);
}

static void load_operand(struct oracle *o, unsigned i)
{
	u64 word = o->in[i];

	switch (o->op->from) {
	case TYPE_F16:
	case TYPE_BF16:
		set_short(o->operand[i], &floats[o->op->from], word);
		break;
	case TYPE_F32:
		mpfr_set_flt(o->operand[i], float_value(word), MPFR_RNDN);
		break;
	case TYPE_F64:
		mpfr_set_d(o->operand[i], double_value(word), MPFR_RNDN);
		break;
	case TYPE_S8:
		mpfr_set_si(o->operand[i], (s8)word, MPFR_RNDN);
		break;
	case TYPE_S16:
		mpfr_set_si(o->operand[i], (s16)word, MPFR_RNDN);
		break;
	case TYPE_S32:
		mpfr_set_si(o->operand[i], (s32)word, MPFR_RNDN);
		break;
	case TYPE_S64:
		mpfr_set_si(o->operand[i], (s64)word, MPFR_RNDN);
		break;
	case TYPE_U32:
		mpfr_set_ui(o->operand[i], (u32)word, MPFR_RNDN);
		break;
	default:
		mpfr_set_ui(o->operand[i], word, MPFR_RNDN);
		break;
	}
	if (mpfr_nan_p(o->operand[i])) {
		o->any_nan = true;
		/* IEEE 754 6.2.1: the leading bit of the fraction is clear in a signaling NaN. */
		o->signaling |= !(word >> (floats[o->op->from].precision - 2) & 1);
	}
}

/* Performs the operation itself; returns MPFR's ternary value. */
static int apply(struct oracle *o, mpfr_ptr to, mpfr_rnd_t rnd)
{
	mpfr_ptr a = o->operand[0], b = o->operand[1], c = o->operand[2];

	/* IEEE 754-2019 9.6: minimum and maximum, unlike MPFR's, give a NaN for any NaN. */
	if (o->any_nan && (o->op->operation == OP_MINM || o->op->operation == OP_MAXM)) {
		mpfr_set_nan(to);
		return 0;
	}
	switch (o->op->operation) {
	case OP_ADD:
		return mpfr_add(to, a, b, rnd);
	case OP_SUB:
		return mpfr_sub(to, a, b, rnd);
	case OP_MUL:
		return mpfr_mul(to, a, b, rnd);
	case OP_DIV:
		return mpfr_div(to, a, b, rnd);
	case OP_SQRT:
		return mpfr_sqrt(to, a, rnd);
	case OP_FMA:
		return mpfr_fma(to, a, b, c, rnd);
	case OP_MIN:
	case OP_MINM:
		return mpfr_min(to, a, b, rnd);
	case OP_MAX:
	case OP_MAXM:
		return mpfr_max(to, a, b, rnd);
	default:
		return mpfr_set(to, a, rnd);
	}
}

static struct split split(struct oracle *o, int quantum)
{
	struct split s;

	mpfr_mul_2si(o->scratch, o->exact, -quantum, MPFR_RNDN);
	mpfr_abs(o->scratch, o->scratch, MPFR_RNDN);
	s.whole = mpfr_get_ui(o->scratch, MPFR_RNDZ);
	mpfr_sub_ui(o->scratch, o->scratch, s.whole, MPFR_RNDN);
	s.rest = !mpfr_zero_p(o->scratch);
	s.half = mpfr_cmp_d(o->scratch, 0.5);
	return s;
}

static void compute_exact(struct oracle *o)
{
	bool cut = o->op->operation == OP_DIV || o->op->operation == OP_SQRT;
	int precision = floats[o->op->to].precision;
	int ternary;

	mpfr_set_prec(o->exact, cut ? CUT_BITS : EXACT_BITS);
	mpfr_set_prec(o->scratch, cut ? 2 * CUT_BITS : EXACT_BITS);
	mpfr_clear_flags();
	ternary = apply(o, o->exact, MPFR_RNDZ);
	o->divided_by_zero = mpfr_divby0_p();
	if (mpfr_zero_p(o->exact)) {
		o->zero_sign[0] = mpfr_signbit(o->exact);
		apply(o, o->exact, MPFR_RNDD);
		o->zero_sign[1] = mpfr_signbit(o->exact);
	}
	if (ternary) {
		/*
		 * The value is truncated towards zero; one bit below stands for everything that was
		 * cut off.
		 */
		assert(cut && mpfr_regular_p(o->exact));
		mpfr_prec_round(o->exact, CUT_BITS + 4, MPFR_RNDZ);
		if (mpfr_signbit(o->exact))
			mpfr_nextbelow(o->exact);
		else
			mpfr_nextabove(o->exact);
	}
	if (!mpfr_regular_p(o->exact))
		return;
	o->quantum = MAX((int)mpfr_get_exp(o->exact) - precision, floats[o->op->to].quantum);
	o->bounded = split(o, o->quantum);
	if (mpfr_get_exp(o->exact) - precision < o->quantum)
		o->unbounded = split(o, (int)mpfr_get_exp(o->exact) - precision);
}

static bool is_estimate(const struct fpu_op *op)
{
	return op->operation == OP_RSQRT7 || op->operation == OP_REC7;
}

void oracle_compute(struct oracle *o, const struct fpu_op *op, const u64 *in)
{
	o->op = op;
	o->any_nan = false;
	o->signaling = false;
	for (unsigned i = 0; i < op->operands; i++) {
		o->in[i] = in[i];
		load_operand(o, i);
	}
	if (is_float(op->to) && op->operation != OP_ROUND && op->operation != OP_ROUNDNX &&
	    !is_estimate(op))
		compute_exact(o);
	else
		mpfr_set_prec(o->scratch, 64);
}

/*
 * Returns the neighbour to which a value is rounded; the neighbours are s.whole and, away from
 * zero, s.whole + 1.
 */
static u64 round_split(struct split s, bool negative, unsigned rm)
{
	bool away = false;

	if (rm == RM_RNE)
		away = s.half > 0 || (s.half == 0 && s.whole % 2);
	else if (rm == RM_RMM)
		away = s.half >= 0;
	else if (rm == RM_RDN)
		away = negative && s.rest;
	else if (rm == RM_RUP)
		away = !negative && s.rest;
	else if (rm == RM_ODD)
		away = s.rest && s.whole % 2 == 0;
	return s.whole + away;
}

static struct answer finite_answer(struct oracle *o, unsigned rm)
{
	const struct float_type *type = &floats[o->op->to];
	bool negative = mpfr_signbit(o->exact);
	bool away = rm == RM_RNE || rm == RM_RMM || rm == (negative ? RM_RDN : RM_RUP);
	u64 whole = round_split(o->bounded, negative, rm);
	int exp = (int)mpfr_get_exp(o->exact);
	bool tiny = exp - type->precision < o->quantum;
	struct answer r = { 0, o->bounded.rest ? FFLAG_NX : 0 };

	/*
	 * Every value below the smallest normal number is tiny, except those that are rounded up to
	 * it.
	 */
	if (tiny && exp - type->precision == o->quantum - 1)
		tiny = round_split(o->unbounded, negative, rm) < BIT(type->precision);
	if (tiny && o->bounded.rest)
		r.flags |= FFLAG_UF;
	r.value = ((u64)(o->quantum - type->quantum) << (type->precision - 1)) + whole;
	if (exp > type->emax || r.value >= type->infinity) {
		r.value = away ? type->infinity : type->infinity - 1;
		r.flags = FFLAG_OF | FFLAG_NX;
	}
	r.value |= negative ? type->sign : 0;
	return r;
}

static struct answer float_answer(struct oracle *o, unsigned rm)
{
	const struct float_type *type = &floats[o->op->to];
	struct answer r = { 0, 0 };
	bool infinite_product;

	if (mpfr_regular_p(o->exact))
		return finite_answer(o, rm);
	if (mpfr_zero_p(o->exact)) {
		r.value = o->zero_sign[rm == RM_RDN] ? type->sign : 0;
	} else if (mpfr_inf_p(o->exact)) {
		r.value = type->infinity | (mpfr_signbit(o->exact) ? type->sign : 0);
		r.flags = o->divided_by_zero ? FFLAG_DZ : 0;
	} else {
		r.value = type->nan;
		mpfr_mul(o->scratch, o->operand[0], o->operand[1], MPFR_RNDN);
		infinite_product = o->op->operation == OP_FMA && mpfr_nan_p(o->scratch) &&
				   !mpfr_nan_p(o->operand[0]) && !mpfr_nan_p(o->operand[1]);
		if (!o->any_nan || infinite_product)
			r.flags = FFLAG_NV;
	}
	return r;
}

static int (*const rounding[])(mpfr_ptr, mpfr_srcptr) = {
	mpfr_roundeven, mpfr_trunc, mpfr_floor, mpfr_ceil, mpfr_round,
};

/* Returns the bits of a value that the format can represent exactly. */
static u64 oracle_bits_of(struct oracle *o, const struct float_type *type, mpfr_srcptr value)
{
	u64 sign = mpfr_signbit(value) ? type->sign : 0;
	int quantum;

	if (mpfr_nan_p(value))
		return type->nan;
	if (mpfr_zero_p(value) || mpfr_inf_p(value))
		return sign | (mpfr_inf_p(value) ? type->infinity : 0);
	quantum = MAX((int)mpfr_get_exp(value) - type->precision, type->quantum);
	mpfr_mul_2si(o->whole, value, -quantum, MPFR_RNDN);
	mpfr_abs(o->whole, o->whole, MPFR_RNDN);
	assert(mpfr_integer_p(o->whole));
	return sign | (((u64)(quantum - type->quantum) << (type->precision - 1)) +
		       mpfr_get_ui(o->whole, MPFR_RNDN));
}

/* Computes the answer of Zfa, "Round-to-Integer Instructions". */
static struct answer integral_answer(struct oracle *o, unsigned rm)
{
	mpfr_ptr a = o->operand[0];
	struct answer r = { 0, 0 };

	rounding[rm](o->scratch, a);
	r.value = oracle_bits_of(o, &floats[o->op->to], o->scratch);
	if (o->op->operation == OP_ROUNDNX && !mpfr_nan_p(a) && !mpfr_equal_p(o->scratch, a))
		r.flags = FFLAG_NX;
	return r;
}

static struct answer integer_answer(struct oracle *o, unsigned rm)
{
	const struct integer_type *type = &integers[o->op->to];
	mpfr_ptr a = o->operand[0];
	struct answer r;

	rounding[rm](o->scratch, a);
	if (!mpfr_number_p(a) || !type->fits(o->scratch, MPFR_RNDN)) {
		r.value = mpfr_nan_p(a) || !mpfr_signbit(a) ? type->highest : type->lowest;
		r.flags = FFLAG_NV;
		return r;
	}
	r.flags = mpfr_equal_p(o->scratch, a) ? 0 : FFLAG_NX;
	r.value = type->is_signed ? (u64)mpfr_get_si(o->scratch, MPFR_RNDN) :
				    mpfr_get_ui(o->scratch, MPFR_RNDN);
	if (o->op->to == TYPE_U32)
		r.value = (u64)(s32)r.value;
	if (o->op->to == TYPE_U16)
		r.value = (u64)(s16)r.value;
	if (o->op->to == TYPE_U8)
		r.value = (u64)(s8)r.value;
	return r;
}

/*
 * Computes the answer of Zfa, "Modular Convert-to-Integer Instruction": the flags are those of a
 * conversion that saturates.
 */
static struct answer modular_answer(struct oracle *o)
{
	struct answer r = integer_answer(o, RM_RTZ);
	mpfr_ptr a = o->operand[0];
	mpfr_t modulus;

	r.value = 0;
	if (!mpfr_number_p(a))
		return r;
	mpfr_init2(modulus, 64);
	mpfr_set_ui_2exp(modulus, 1, 32, MPFR_RNDN);
	mpfr_trunc(o->scratch, a);
	mpfr_fmod(o->scratch, o->scratch, modulus, MPFR_RNDN);
	r.value = (u64)(s32)mpfr_get_si(o->scratch, MPFR_RNDN);
	mpfr_clear(modulus);
	return r;
}

/*
 * Returns the estimate for a positive number, computed in the way in which the manual's tables
 * were: it is the reciprocal, or that of the root, of the middle of all numbers with the same
 * leading bits, to eight bits.
 */
static long double estimate(struct oracle *o)
{
	bool root = o->op->operation == OP_RSQRT7;
	int exp = (int)mpfr_get_exp(o->operand[0]) - 1, bits = root ? 6 : 7;
	long double middle, result;

	mpfr_abs(o->scratch, o->operand[0], MPFR_RNDN);
	mpfr_mul_2si(o->scratch, o->scratch, bits - exp, MPFR_RNDN);
	middle = ldexpl((long double)mpfr_get_ui(o->scratch, MPFR_RNDZ) + 0.5L, -bits);
	if (!root)
		return ldexpl(roundl(256 / middle), -8 - exp);
	result = 256 / sqrtl(exp & 1 ? 2 * middle : middle);
	return ldexpl(roundl(result), -8 - (exp - (exp & 1)) / 2);
}

/* The tables of vfrsqrt7 and vfrec7 in the vector chapter. */
static struct answer estimate_answer(struct oracle *o, unsigned rm)
{
	const struct float_type *type = &floats[o->op->to];
	mpfr_ptr a = o->operand[0];
	bool negative = mpfr_signbit(a);
	bool away = rm == RM_RNE || rm == RM_RMM || rm == (negative ? RM_RDN : RM_RUP);
	u64 sign = negative ? type->sign : 0;

	if (mpfr_nan_p(a))
		return (struct answer){ type->nan, 0 };
	if (mpfr_zero_p(a))
		return (struct answer){ sign | type->infinity, FFLAG_DZ };
	if (negative && o->op->operation == OP_RSQRT7)
		return (struct answer){ type->nan, FFLAG_NV };
	if (mpfr_inf_p(a))
		return (struct answer){ sign, 0 };
	mpfr_set_ld(o->scratch, estimate(o), MPFR_RNDN);
	if (mpfr_get_exp(o->scratch) > type->emax)
		return (struct answer){ sign | (type->infinity - !away), FFLAG_OF | FFLAG_NX };
	return (struct answer){ sign | oracle_bits_of(o, type, o->scratch), 0 };
}

static u64 class_bit(struct oracle *o)
{
	const struct float_type *type = &floats[o->op->from];
	mpfr_ptr a = o->operand[0];
	bool negative = mpfr_signbit(a);

	if (mpfr_nan_p(a))
		return BIT(o->signaling ? 8 : 9);
	if (mpfr_inf_p(a))
		return BIT(negative ? 0 : 7);
	if (mpfr_zero_p(a))
		return BIT(negative ? 3 : 4);
	if (mpfr_get_exp(a) < type->quantum + type->precision)
		return BIT(negative ? 2 : 5);
	return BIT(negative ? 1 : 6);
}

static struct answer plain_answer(struct oracle *o)
{
	mpfr_ptr a = o->operand[0], b = o->operand[1];

	switch (o->op->operation) {
	case OP_EQ:
		return (struct answer){ mpfr_equal_p(a, b) != 0, 0 };
	case OP_LT:
		return (struct answer){ mpfr_less_p(a, b) != 0, o->any_nan ? FFLAG_NV : 0 };
	case OP_LE:
		return (struct answer){ mpfr_lessequal_p(a, b) != 0, o->any_nan ? FFLAG_NV : 0 };
	case OP_LTQ:
		return (struct answer){ mpfr_less_p(a, b) != 0, 0 };
	case OP_LEQ:
		return (struct answer){ mpfr_lessequal_p(a, b) != 0, 0 };
	default:
		return (struct answer){ class_bit(o), 0 };
	}
}

struct answer oracle_answer(struct oracle *o, unsigned rm)
{
	struct answer r;

	if (o->op->operation == OP_ROUND || o->op->operation == OP_ROUNDNX)
		r = integral_answer(o, rm);
	else if (o->op->operation == OP_MODULAR)
		r = modular_answer(o);
	else if (is_estimate(o->op))
		r = estimate_answer(o, rm);
	else if (is_float(o->op->to))
		r = float_answer(o, o->op->operation == OP_CONVERT_ODD ? RM_ODD : rm);
	else if (o->op->to == TYPE_NONE)
		r = plain_answer(o);
	else
		r = integer_answer(o, rm);
	if (o->signaling && o->op->operation != OP_CLASSIFY)
		r.flags |= FFLAG_NV;
	return r;
}

bool oracle_second_opinion(struct oracle *o, unsigned rm, u64 *value)
{
	static const mpfr_rnd_t modes[] = { MPFR_RNDN, MPFR_RNDZ, MPFR_RNDD, MPFR_RNDU };
	const struct float_type *type = &floats[o->op->to];
	mpfr_exp_t emin = mpfr_get_emin(), emax = mpfr_get_emax();
	int ternary;

	mpfr_set_prec(o->scratch, type->precision);
	ternary = apply(o, o->scratch, modes[rm]);
	mpfr_set_emin(type->quantum + 1);
	mpfr_set_emax(type->emax);
	ternary = mpfr_check_range(o->scratch, ternary, modes[rm]);
	mpfr_subnormalize(o->scratch, ternary, modes[rm]);
	mpfr_set_emin(emin);
	mpfr_set_emax(emax);
	*value = oracle_bits_of(o, type, o->scratch);
	return !mpfr_nan_p(o->scratch);
}
