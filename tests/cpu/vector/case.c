/* SPDX-License-Identifier: MIT */
/* Makes random cases (see case.h). */
#include "tests/cpu/vector/case.h"

#include "cpu/isa/disasm.h"

#include <stdio.h>
#include <string.h>

/* Returns a random number below `count`. */
static u64 pick(struct case_maker *maker, u64 count)
{
	return (random_u64(&maker->seed) >> 20) % count;
}

static bool one_of(struct case_maker *maker, u64 count)
{
	return pick(maker, count) == 0;
}

/* Values near the limits of numbers of `width` bits, or of half as many. */
#define ENDS(width)                                                                                \
	{                                                                                          \
		0, 1, 2, UINT64_MAX, UINT64_MAX - 1, BIT((width) - 1), BIT((width) - 1) - 1,       \
			BIT((width) - 1) + 1, BIT((width) / 2), BIT((width) / 2) - 1,              \
			BIT((width) / 2 - 1), 0 - BIT((width) / 2 - 1), width, (width) - 1,        \
	}

/*
 * Floating-point numbers whose fraction has `fraction` bits, and whose encodings of infinity and
 * one are given: zero, subnormal, one, the largest, infinity and NaNs; or numbers near these.
 */
#define FLOATS(fraction, infinite, one)                                                            \
	{                                                                                          \
		0, 1, BIT((fraction) - 1), BIT(fraction) - 1, BIT(fraction), one, (one) + 1,       \
			(one) - 1, (infinite) - 1, infinite, (infinite) | BIT((fraction) - 1),     \
			(infinite) | 1, (infinite) | BIT((fraction) - 1) | 1,                      \
			(one) + BIT(fraction), (one) + (4ull << (fraction)) + BIT((fraction) - 1), \
			(one) + ((fraction) + 1ull) * BIT(fraction),                               \
	}

/* Returns a number of 8 << size bits near one of the limits. */
static u64 extreme(struct case_maker *maker, unsigned size)
{
	static const u64 ends[][14] = { ENDS(8), ENDS(16), ENDS(32), ENDS(64) };

	return ends[size][pick(maker, ARRAY_SIZE(ends[0]))];
}

static u64 float_extreme(struct case_maker *maker, unsigned size)
{
	static const u64 floats[][16] = {
		FLOATS(3, 0x78ull, 0x38ull),
		FLOATS(10, 0x7c00ull, 0x3c00ull),
		FLOATS(23, 0x7f800000ull, 0x3f800000ull),
		FLOATS(52, 0x7ff0000000000000ull, 0x3ff0000000000000ull),
	};
	u64 value = floats[size][pick(maker, ARRAY_SIZE(floats[0]))];

	return value | pick(maker, 2) << ((8u << size) - 1);
}

static u64 element_value(struct case_maker *maker, unsigned size, bool fp)
{
	switch (pick(maker, 4)) {
	case 0:
		return fp ? float_extreme(maker, size) : extreme(maker, size);
	case 1:
		return fp ? float_extreme(maker, size) + pick(maker, 3) - 1 : pick(maker, 130);
	default:
		return random_u64(&maker->seed);
	}
}

/* Stores the low 8 << size bits. */
static void put_element(u8 *bytes, unsigned size, u64 value)
{
	switch (size) {
	case 0:
		*bytes = (u8)value;
		break;
	case 1:
		memcpy(bytes, &value, 2);
		break;
	case 2:
		memcpy(bytes, &value, 4);
		break;
	default:
		memcpy(bytes, &value, 8);
	}
}

void case_fill(struct case_maker *maker, u8 *bytes, size_t count, unsigned size, bool fp)
{
	if (one_of(maker, 3)) {
		for (size_t at = 0; at < count; at += 8)
			put_element(bytes + at, 3, random_u64(&maker->seed));
		return;
	}
	for (size_t at = 0; at < count; at += 1u << size)
		put_element(bytes + at, size, element_value(maker, size, fp));
}

/* Returns the logarithm of SEW in bytes, or sometimes a random size. */
static unsigned element_size(struct case_maker *maker, const struct vector_image *image)
{
	unsigned sew = (unsigned)(image->vtype >> 3 & 3);

	return one_of(maker, 4) ? (unsigned)pick(maker, 4) : sew;
}

static u64 vlmax_of(const struct case_maker *maker, u64 vtype)
{
	int shift = vtype_lmul(vtype) - (int)(vtype_sew(vtype) - 3);

	return shift < 0 ? maker->vlenb >> -shift : (u64)maker->vlenb << shift;
}

static void make_vtype(struct case_maker *maker, struct vector_image *image)
{
	u64 vlmax;

	do
		image->vtype = pick(maker, 256);
	while (vtype_legal(maker->isa, image->vtype) & VTYPE_VILL);
	vlmax = vlmax_of(maker, image->vtype);
	switch (pick(maker, 6)) {
	case 0:
		image->vl = pick(maker, 2);
		break;
	case 1:
	case 2:
		image->vl = vlmax;
		break;
	default:
		image->vl = pick(maker, vlmax + 1);
	}
	image->vstart = 0;
	if (one_of(maker, 8))
		image->vstart = pick(maker, one_of(maker, 4) ? maker->vlenb * 8ull : vlmax);
	if (one_of(maker, 64)) {
		image->vtype = VTYPE_VILL;
		image->vl = image->vstart = 0;
	}
}

/*
 * Returns an encoding of the row with random bits in its fields; x registers are those of an image.
 */
static u32 random_raw(struct case_maker *maker, unsigned op)
{
	const struct isa *isa = maker->isa;
	const struct format *format = isa_format(op);
	const struct format_operand *operands[] = { &format->rd, &format->rs1, &format->rs2 };
	u32 raw = (u32)random_u64(&maker->seed);
	int lmul = (int)pick(maker, 4);
	bool vset = isa_ops[op].class == CLASS_VSET;

	for (unsigned n = 0; n < ARRAY_SIZE(operands); n++) {
		u32 number = (u32)pick(maker, 32), from = operands[n]->from;

		if (operands[n]->kind == OPERAND_X)
			number = IMAGE_X_FIRST + number % (IMAGE_X_LAST - IMAGE_X_FIRST + 1);
		else if (operands[n]->kind == OPERAND_V)
			number = number >> lmul << lmul;
		else
			continue;
		if (operands[n]->kind == OPERAND_X && one_of(maker, vset ? 4 : 16))
			number = 0;
		raw = (raw & ~(31u << from)) | number << from;
	}
	if (format->memory == MEMORY_VECTOR && !one_of(maker, 3))
		raw &= 0x1fffffff; /* no segments */
	if (vset && !one_of(maker, 4))
		raw &= 0x0fffffff; /* no reserved bits of vtype */
	return (raw & ~isa->mask[op]) | isa->match[op];
}

static bool is_legal(const struct case_maker *maker, const struct vector_image *image)
{
	struct insn insn;

	isa_decode(maker->isa, image->raw, &insn);
	return insn.op != OP_illegal && vector_legal(maker->isa, &insn, image->vtype);
}

/* Puts indices into vs2 that are mostly within the window. */
static void make_indices(struct case_maker *maker, struct vector_image *image)
{
	unsigned size = vector_encoded_eew(image->raw) - 3, from = image->raw >> 20 & 31;
	size_t at = (size_t)from * maker->vlenb, end = 32ul * maker->vlenb;
	u64 range = one_of(maker, 4) ? IMAGE_BYTES + 64 : IMAGE_BYTES / 2;

	for (; at < end; at += 1u << size) {
		u64 value = pick(maker, range) & (one_of(maker, 8) ? ~0ull : ~7ull);

		put_element(image->v + at, size, value);
	}
}

static void make_address(struct case_maker *maker, struct vector_image *image, unsigned op)
{
	static const s64 strides[] = { 0, 1, 2, 3, 4, 8, 16, 40, -1, -2, -4, -8, -24, 256, -1024 };
	unsigned base = image->raw >> 15 & 31, stride = image->raw >> 20 & 31;
	u64 offset = pick(maker, IMAGE_BYTES) & (one_of(maker, 4) ? ~0ull : ~7ull);

	/* Most accesses begin where a whole group fits before the window's end. */
	if (isa_ops[op].format == FORMAT_VINDEXED)
		offset %= IMAGE_BYTES / 2;
	else if (!one_of(maker, 3))
		offset %= IMAGE_BYTES - 8u * maker->vlenb;
	image->x[base] = IMAGE_WINDOW + offset;
	if (isa_ops[op].format == FORMAT_VSTRIDED && stride != base && stride)
		image->x[stride] = (u64)strides[pick(maker, ARRAY_SIZE(strides))];
	if (isa_ops[op].format == FORMAT_VINDEXED)
		make_indices(maker, image);
	image->x[0] = 0;
}

/* Makes scalars: often shift amounts, indices and offsets that are in range, or vtypes and AVLs. */
static void make_scalars(struct case_maker *maker, struct vector_image *image, unsigned op)
{
	u64 vlmax = image->vtype & VTYPE_VILL ? 16 : vlmax_of(maker, image->vtype);

	for (unsigned n = IMAGE_X_FIRST; n <= IMAGE_X_LAST; n++)
		image->x[n] = one_of(maker, 3) ? pick(maker, 2 * vlmax + 2) :
						 element_value(maker, 3, false);
	if (op == OP_vsetvl)
		image->x[image->raw >> 20 & 31] = one_of(maker, 8) ? random_u64(&maker->seed) :
								     pick(maker, 256);
	image->x[0] = 0;
	for (unsigned n = 0; n < 32; n++) {
		unsigned size = 1 + (unsigned)pick(maker, 3);
		u64 boxed = one_of(maker, 16) ? 0 : ~0ull << (4u << size) << (4u << size);

		if (size == 3)
			boxed = 0;
		image->f[n] = element_value(maker, size, true);
		if (size < 3)
			image->f[n] = (image->f[n] & (BIT(8u << size) - 1)) | boxed;
	}
}

static void make_registers(struct case_maker *maker, struct vector_image *image, unsigned op)
{
	u32 vlenb = maker->vlenb;
	bool fp = class_needs_fp(isa_ops[op].class);
	u8 density;

	for (unsigned n = 0; n < 32; n++)
		case_fill(maker, image->v + n * vlenb, vlenb, element_size(maker, image), fp);
	density = (u8)pick(maker, 4);
	for (unsigned n = 0; n < vlenb && density; n++)
		image->v[n] = density == 1                       ? 0xff :
			      density == 2 && !one_of(maker, 16) ? 0 :
								   (u8)random_u64(&maker->seed);
	/* An index of an element is a small number. */
	if (isa_ops[op].class == CLASS_VPERM && one_of(maker, 2)) {
		u64 vlmax = image->vtype & VTYPE_VILL ? 1 : vlmax_of(maker, image->vtype);
		unsigned size = op == OP_vrgatherei16_vv ? 1 : (unsigned)(image->vtype >> 3 & 3);

		for (size_t at = vlenb; at < 32ul * vlenb; at += 1u << size)
			put_element(image->v + at, size, pick(maker, vlmax + vlmax / 4 + 1));
	}
}

void case_fill_memory(struct case_maker *maker, struct vector_image *image)
{
	case_fill(maker, image->memory, IMAGE_BYTES, element_size(maker, image), false);
}

/* Fills in what the instruction does not decide. */
static void make_state(struct case_maker *maker, unsigned op, struct vector_image *image)
{
	image->vcsr = pick(maker, 8);
	image->fcsr = pick(maker, 5) << 5 | (one_of(maker, 2) ? 0 : pick(maker, 32));
	make_scalars(maker, image, op);
	make_registers(maker, image, op);
	if (isa_format(op)->memory == MEMORY_VECTOR) {
		case_fill_memory(maker, image);
		make_address(maker, image, op);
	}
}

void case_make(struct case_maker *maker, unsigned op, unsigned reserved, struct vector_image *image)
{
	bool any = reserved && one_of(maker, reserved);

	memset(image, 0, sizeof(*image));
	make_vtype(maker, image);
	image->raw = random_raw(maker, op);
	for (unsigned tries = 0; !any && tries < 400 && !is_legal(maker, image); tries++) {
		make_vtype(maker, image);
		image->raw = random_raw(maker, op);
	}
	make_state(maker, op, image);
}

bool case_make_in(struct case_maker *maker, unsigned op, const struct case_state *state,
		  struct vector_image *image)
{
	u32 vm = state->masked ? 0 : BIT(25);

	memset(image, 0, sizeof(*image));
	image->vtype = state->vtype;
	image->vl = state->vl;
	image->vstart = state->vstart;
	for (unsigned tries = 0; tries < 200; tries++) {
		image->raw = (random_raw(maker, op) & ~(u32)BIT(25)) | vm;
		if ((image->raw & maker->isa->mask[op]) != maker->isa->match[op])
			return false;
		if (is_legal(maker, image)) {
			make_state(maker, op, image);
			return true;
		}
	}
	return false;
}

void case_make_plain(struct case_maker *maker, struct vector_image *in)
{
	/*
	 * By SEW: the bits that stay random, those of the exponent of 0.5, and 1.5 in an f
	 * register.
	 */
	static const struct {
		u64 random, exponent, boxed;
	} plain[] = {
		{ UINT64_MAX, 0, 0xffffffffffff3e00 }, /* bytes are no numbers */
		[1] = { 0x83ff83ff83ff83ff, 0x3800380038003800, 0xffffffffffff3e00 },
		[2] = { 0x807fffff807fffff, 0x3f0000003f000000, 0xffffffff3fc00001 },
		[3] = { 0x800fffffffffffff, 0x3fe0000000000000, 0x3ff8000000000001 },
	};
	unsigned sew = in->vtype >> 3 & 3;

	for (size_t n = 0; n < sizeof(in->v); n += 8) {
		u64 word = (random_u64(&maker->seed) & plain[sew].random) | plain[sew].exponent;

		memcpy(in->v + n, &word, sizeof(word));
	}
	for (unsigned n = 0; n < 32; n++)
		in->f[n] = plain[sew].boxed;
}

void case_print(const struct case_maker *maker, const struct vector_image *image, char *text,
		size_t size)
{
	static const char lmuls[][4] = { "m1", "m2", "m4", "m8", "?", "mf8", "mf4", "mf2" };
	char line[DISASM_MAX];

	disasm(maker->isa, 0, image->raw, line, sizeof(line));
	snprintf(text, size,
		 "%s (%08x), VLEN %u, e%u,%s vtype %llx vl %llu vstart %llu vcsr %llx fcsr %llx",
		 line, image->raw, maker->vlenb * 8, 8u << (image->vtype >> 3 & 7),
		 lmuls[image->vtype & 7], image->vtype, image->vl, image->vstart, image->vcsr,
		 image->fcsr);
}
