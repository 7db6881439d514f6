/* SPDX-License-Identifier: MIT */
/*
 * Generators of operands. Most work backwards from a wanted result: a border of the format, a value
 * half way between two others, zero. The host's long double serves to get near it; whether the
 * result is hit exactly does not matter, because neighbouring operands are drawn, too.
 */
#include <math.h>

#include "operands.h"

/* The widths of the fields of a floating-point type. */
struct shape {
	unsigned exp, frac;
};

static const struct shape shapes[] = {
	[TYPE_F16] = {5, 10},
	[TYPE_BF16] = {8, 7},
	[TYPE_F32] = {8, 23},
	[TYPE_F64] = {11, 52},
};

u64 rng_next(struct rng *rng)
{
	u64 z = rng->state += 0x9e3779b97f4a7c15;

	/* This step is that of splitmix64. */
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned operands_below(struct rng *rng, unsigned limit)
{
	return (unsigned)((rng_next(rng) >> 32) * limit >> 32);
}

static int between(struct rng *rng, int low, int high)
{
	return low + (int)operands_below(rng, (unsigned)(high - low + 1));
}

static u64 pack(enum type type, bool sign, u64 exp, u64 frac)
{
	struct shape s = shapes[type];

	return (u64)sign << (s.exp + s.frac) | (exp & (BIT(s.exp) - 1)) << s.frac |
	       (frac & (BIT(s.frac) - 1));
}

static long double value_of(enum type type, u64 word)
{
	struct shape s = shapes[type];
	u64 top = BIT(s.exp) - 1, exp = word >> s.frac & top, frac = word & (BIT(s.frac) - 1);
	int quantum = (int)MAX(exp, 1) - (int)(top / 2) - (int)s.frac;
	long double value;

	if (exp == top)
		value = frac ? NAN : INFINITY;
	else
		value = ldexpl((long double)(frac + (exp ? BIT(s.frac) : 0)), quantum);
	return word >> (s.exp + s.frac) & 1 ? -value : value;
}

static u64 nearest(enum type type, long double value)
{
	struct shape s = shapes[type];
	u64 top = BIT(s.exp) - 1, sign = pack(type, signbit(value) != 0, 0, 0);
	int lowest = 1 - (int)(top / 2) - (int)s.frac, exp;
	u64 magnitude;

	if (isnan(value))
		return pack(type, 0, top, BIT(s.frac - 1));
	frexpl(value, &exp);
	if (isinf(value) || exp - 1 > (int)(top / 2))
		return sign | pack(type, 0, top, 0);
	exp = MAX(exp - (int)s.frac - 1, lowest);
	/*
	 * The leading one, and a carry out of the fraction, are at the place of the exponent's
	 * lowest bit, so the addition increments the exponent.
	 */
	magnitude = (u64)rintl(ldexpl(fabsl(value), -exp));
	return sign | (((u64)(exp - lowest) << s.frac) + magnitude);
}

/* Moves a value up or down by a few units in the last place. */
static u64 nudge(struct rng *rng, enum type type, u64 word)
{
	u64 all = is_float(type) ? BIT(shapes[type].exp + shapes[type].frac) * 2 - 1 : ~0ull;

	if (operands_below(rng, 2))
		return word;
	return (word + (u64)(s64)between(rng, -3, 3)) & all;
}

unsigned operands_special(enum type type, u64 *values)
{
	static const s64 limits[] = {0, 1, 2, 3, 0x7fffff, 0x800000, 0x800001, 0xffffff, 0x1000000,
				     0x1000001, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000};
	unsigned n = 0;

	if (is_float(type)) {
		u64 top = BIT(shapes[type].exp) - 1, ones = ~0ull, bias = top / 2;
		unsigned frac = shapes[type].frac;
		const u64 magnitudes[] = {
			0, 1, 2, 3, pack(type, 0, 0, BIT(frac - 1)), pack(type, 0, 0, ones - 1),
			pack(type, 0, 0, ones), pack(type, 0, 1, 0), pack(type, 0, 1, 1),
			pack(type, 0, 1, ones), pack(type, 0, 2, 0), pack(type, 0, bias - 1, ones),
			pack(type, 0, bias, 0), pack(type, 0, bias, 1), pack(type, 0, bias + 1, 0),
			pack(type, 0, bias + frac, 1), pack(type, 0, bias + frac + 1, 0),
			pack(type, 0, top - 1, 0), pack(type, 0, top - 1, ones - 1),
			pack(type, 0, top - 1, ones), pack(type, 0, top, 0), pack(type, 0, top, 1),
			pack(type, 0, top, BIT(frac - 1)), pack(type, 0, top, ones),
		};

		for (unsigned i = 0; i < ARRAY_SIZE(magnitudes); i++) {
			values[n++] = magnitudes[i];
			values[n++] = magnitudes[i] | pack(type, 1, 0, 0);
		}
		return n;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(limits); i++) {
		values[n++] = (u64)limits[i];
		values[n++] = -(u64)limits[i];
		values[n++] = (u64)limits[i] << 31;
		values[n++] = ~((u64)limits[i] << 31);
	}
	return n;
}

/*
 * Returns the fraction of a number of `width` random bits, of which the last is one. Short ones
 * lead to ties.
 */
static u64 short_frac(struct rng *rng, unsigned frac, unsigned width)
{
	u64 value = (rng_next(rng) & (BIT(width) - 1)) | 1;

	return width ? value << (frac - width) : 0;
}

/* Returns a fraction of runs of ones and zeros. */
static u64 run_frac(struct rng *rng, unsigned frac)
{
	u64 value = ~0ull << operands_below(rng, frac) ^ ~0ull << operands_below(rng, frac + 1);

	return operands_below(rng, 2) ? value : ~value;
}

static u64 draw_frac(struct rng *rng, unsigned frac)
{
	switch (operands_below(rng, 3)) {
	case 0:
		return short_frac(rng, frac, operands_below(rng, frac + 1));
	case 1:
		return run_frac(rng, frac);
	default:
		return rng_next(rng);
	}
}

static u64 draw_float(struct rng *rng, enum type type)
{
	unsigned frac = shapes[type].frac;
	u64 top = BIT(shapes[type].exp) - 1;
	u64 special[OPERANDS_SPECIAL];
	bool sign = operands_below(rng, 2);

	switch (operands_below(rng, 8)) {
	case 0:
		return nudge(rng, type,
			     special[operands_below(rng, operands_special(type, special))]);
	case 1:
		return pack(type, sign, rng_next(rng), rng_next(rng));
	case 2:
		return pack(type, sign, 0, rng_next(rng) >> operands_below(rng, 64));
	case 3:
		return pack(type, sign,
			    operands_below(rng, 2) ? operands_below(rng, 4) :
						     top - 1 - operands_below(rng, 3),
			    draw_frac(rng, frac));
	case 4:
		return pack(type, sign, rng_next(rng), draw_frac(rng, frac));
	default:
		return pack(type, sign, top / 2 + (u64)(s64)between(rng, -40, 40),
			    draw_frac(rng, frac));
	}
}

/* Returns a number whose exponent is `distance` from that of a, if the format allows it. */
static u64 draw_near(struct rng *rng, enum type type, u64 a, int distance)
{
	unsigned frac = shapes[type].frac;
	int exp = (int)(a >> frac & (BIT(shapes[type].exp) - 1)) + distance;
	int top = (int)BIT(shapes[type].exp) - 2;

	return pack(type, operands_below(rng, 2), (u64)MAX(0, MIN(exp, top)), draw_frac(rng, frac));
}

/* Returns a result worth hitting: a border of the format, or just any number. */
static long double draw_target(struct rng *rng, enum type type)
{
	unsigned frac = shapes[type].frac;
	u64 top = BIT(shapes[type].exp) - 1;
	const u64 borders[] = {
		pack(type, 0, 1, 0), pack(type, 0, 0, ~0ull), pack(type, 0, top - 1, ~0ull),
		pack(type, 0, 2, 0), 1, pack(type, 0, 0, rng_next(rng) >> operands_below(rng, 64)),
		pack(type, 0, operands_below(rng, (unsigned)top), draw_frac(rng, frac)),
	};
	u64 word = borders[operands_below(rng, ARRAY_SIZE(borders))];
	long double value = value_of(type, word);
	long double step = value_of(type, word + 1) - value;

	/* The target is the number itself, or a point up to half way to the next one. */
	switch (operands_below(rng, 3)) {
	case 0:
		return value;
	case 1:
		return isinf(step) ? value : value + step / 2;
	default:
		return isinf(step) ? value : value + step / 2 / (1 + operands_below(rng, 100));
	}
}

static void draw_pair(struct rng *rng, const struct fpu_op *op, u64 *in)
{
	enum type type = op->from;
	int precision = (int)shapes[type].frac + 1;
	unsigned width = operands_below(rng, (unsigned)precision);
	long double target = draw_target(rng, type), a;

	in[0] = draw_float(rng, type);
	in[1] = draw_float(rng, type);
	a = value_of(type, in[0]);
	switch (operands_below(rng, 6)) {
	case 0:
		in[1] = draw_near(rng, type, in[0], between(rng, -precision - 3, precision + 3));
		break;
	case 1:
		in[1] = nudge(rng, type, in[0] ^ pack(type, operands_below(rng, 2), 0, 0));
		break;
	case 2:
		/*
		 * The product of these two mantissas is one or two bits too long, which leads to
		 * ties.
		 */
		in[0] = draw_near(rng, type, in[0], 0) & ~(BIT(precision - 1) - 1);
		in[0] |= short_frac(rng, precision - 1, width);
		in[1] = draw_near(rng, type, in[1], 0) & ~(BIT(precision - 1) - 1);
		in[1] |= short_frac(rng, precision - 1, (unsigned)precision - 1 - width);
		break;
	case 3:
	case 4:
		if (op->operation == OP_DIV) {
			in[0] = nudge(rng, type, nearest(type, target * value_of(type, in[1])));
			break;
		}
		if (op->operation == OP_ADD || op->operation == OP_SUB)
			in[1] = nearest(type, target - a);
		else
			in[1] = nearest(type, target / a);
		in[1] = nudge(rng, type, in[1]);
		break;
	default:
		break;
	}
}

static void draw_fused(struct rng *rng, const struct fpu_op *op, u64 *in)
{
	enum type type = op->from;
	int precision = (int)shapes[type].frac + 1;
	long double product;

	draw_pair(rng, op, in);
	product = value_of(type, in[0]) * value_of(type, in[1]);
	switch (operands_below(rng, 5)) {
	case 0:
		in[2] = draw_float(rng, type);
		break;
	case 1:
		/*
		 * The addend cancels all of the product except the part below the format's
		 * precision.
		 */
		in[2] = nudge(rng, type, nearest(type, -product));
		break;
	case 2:
		in[2] = nudge(rng, type, nearest(type, draw_target(rng, type) - product));
		break;
	default:
		in[2] = draw_near(rng, type, nearest(type, product),
				  between(rng, -2 * precision - 4, 2 * precision + 4));
		break;
	}
}

/* Returns a value near the square of a number or of a point half way between two. */
static u64 draw_square(struct rng *rng, enum type type)
{
	unsigned frac = shapes[type].frac;
	u64 word = draw_near(rng, type, pack(type, 0, BIT(shapes[type].exp) / 2, 0),
			     between(rng, -60, 60)) &
		   ~pack(type, 1, 0, 0);
	long double root = value_of(type, word);

	if (operands_below(rng, 3) == 0)
		root = value_of(type, pack(type, 0, word >> frac, short_frac(rng, frac, frac / 2)));
	else if (operands_below(rng, 2))
		root += (value_of(type, word + 1) - root) / 2;
	return nudge(rng, type, nearest(type, root * root));
}

/* Returns a value near a limit of the integers, or half of something small. */
static u64 draw_integral(struct rng *rng, enum type type)
{
	static const unsigned powers[] = { 7, 8, 15, 16, 31, 32, 63, 64 };
	long double value = 0;

	if (operands_below(rng, 2))
		value = ldexpl(1, (int)powers[operands_below(rng, ARRAY_SIZE(powers))]);
	else if (operands_below(rng, 2))
		value = ldexpl((long double)(rng_next(rng) >> operands_below(rng, 64)),
			       -between(rng, 0, 3));
	value += between(rng, -9, 9) / 4.0L;
	return nudge(rng, type, nearest(type, operands_below(rng, 2) ? value : -value));
}

/*
 * Returns an operand of a narrowing conversion: near a number of the narrow format or half way to
 * the next.
 */
static u64 draw_narrowable(struct rng *rng, enum type from, enum type to)
{
	long double target = draw_target(rng, to);

	return nudge(rng, from, nearest(from, operands_below(rng, 2) ? target : -target));
}

static u64 draw_integer(struct rng *rng)
{
	unsigned width = 1 + operands_below(rng, 64);
	u64 value = rng_next(rng) >> (64 - width);
	/* The lowest bits are zero except for one at most: ties and their neighbours. */
	u64 kept = ~0ull << operands_below(rng, width);

	switch (operands_below(rng, 4)) {
	case 0:
		return value;
	case 1:
		return -value;
	case 2:
		return (value & kept) + (u64)(s64)between(rng, -1, 1);
	default:
		return run_frac(rng, 63) + (u64)(s64)between(rng, -1, 1);
	}
}

static u64 draw_single(struct rng *rng, const struct fpu_op *op)
{
	if (!is_float(op->from))
		return draw_integer(rng);
	if (operands_below(rng, 3) == 0)
		return draw_float(rng, op->from);
	if (op->operation == OP_SQRT)
		return draw_square(rng, op->from);
	if (op->operation == OP_ROUND || op->operation == OP_ROUNDNX || !is_float(op->to))
		return draw_integral(rng, op->from);
	if (op->operation == OP_CONVERT || op->operation == OP_CONVERT_ODD)
		return draw_narrowable(rng, op->from, op->to);
	return draw_float(rng, op->from);
}

void operands_draw(struct rng *rng, const struct fpu_op *op, u64 *in)
{
	if (op->operands == 1)
		in[0] = draw_single(rng, op);
	else if (op->operands == 2)
		draw_pair(rng, op, in);
	else
		draw_fused(rng, op, in);
}
