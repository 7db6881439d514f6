/* SPDX-License-Identifier: MIT */
/*
 * Tests sequences of floating-point rows, which native code computes together if no result is a NaN
 * and all scalars are NaN-boxed (cpu/jit/emit/vector/batch.c). In the first, a middle or the last
 * row an element is a NaN, an infinity or another value that makes a NaN or raises a flag, or a
 * scalar is not NaN-boxed; rows overwrite each other's operands, and results that no row uses.
 * Native code does what the interpreter does, and accrues the same flags, with AVX-512 and without.
 */
#include "tests/cmocka.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/blocks.h"
#include "tests/cpu/vector/rules.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"

#include <string.h>

#define PROGRAMS 3500
#define ROWS_MOST 30

/* Rows by their funct6; the last ones exist with a scalar only. */
static const u8 rows[] = {
	0x00, 0x02, 0x24, 0x20, /* vfadd, vfsub, vfmul, vfdiv */
	0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, /* vfmadd to vfnmsac */
	0x27, 0x21, /* vfrsub, vfrdiv */
};

/* Returns a row whose operands are among four groups of eight registers. */
static u32 random_row(struct block_maker *maker)
{
	unsigned n = (unsigned)block_pick(maker, ARRAY_SIZE(rows));
	bool scalar = n >= ARRAY_SIZE(rows) - 2 || block_pick(maker, 2);
	u32 a = 8 * (u32)block_pick(maker, 4), b = 8 * (u32)block_pick(maker, 4);
	u32 f = (u32)block_pick(maker, block_pick(maker, 2) ? 4 : 32);
	u32 to = 8 * (u32)block_pick(maker, 4), unmasked = block_pick(maker, 40) != 0;

	/* Quotients of quotients are soon too small or too large. */
	if (rows[n] == 0x20 && block_pick(maker, 3))
		n = 0;
	return (u32)rows[n] << 26 | unmasked << 25 | a << 20 | (scalar ? f : b) << 15 |
	       (scalar ? 5u : 1u) << 12 | to << 7 | 0x57;
}

/* Returns an instruction that ends a sequence, or changes a scalar or the rounding mode. */
static u32 random_other(struct block_maker *maker)
{
	u32 f = (u32)block_pick(maker, 32), v = 8 * (u32)block_pick(maker, 4);

	switch (block_pick(maker, 8)) {
	case 0:
		return 0x00100073 | f << 7 | 1 << 12; /* fsflags, to x */
	case 1:
		return 0x00205073 | (u32)block_pick(maker, 8) << 15; /* csrwi frm */
	case 2:
		return 0x02007053 | f << 20 | f << 15 | f << 7; /* fadd.d */
	case 3:
		return 0x42001057 | v << 20 | f << 7; /* vfmv.f.s */
	case 4:
		return 0x5e005057 | f << 15 | v << 7; /* vfmv.v.f */
	case 5:
		return 0xc0007057 | (u32)maker->vtype << 20 | (u32)block_pick(maker, 32) << 15;
	default:
		return 0x5e000057 | v << 15 | 8 * (u32)block_pick(maker, 4) << 7; /* vmv.v.v */
	}
}

/* Makes a program that is a loop, whose numbers change in the last rounds. */
static void make_code(struct block_maker *maker, struct unit_code *code)
{
	unsigned count = 2 + (unsigned)block_pick(maker, ROWS_MOST), n = 0;
	bool others = block_pick(maker, 2);

	memset(code, 0, sizeof(*code));
	while (n < count)
		code->insn[n++] = others && !block_pick(maker, 8) ? random_other(maker) :
								    random_row(maker);
	code->insn[n++] = 0xfff00013 | BLOCK_COUNT << 15 | BLOCK_COUNT << 7;
	code->insn[n] = block_branch(maker, -(int)n);
	code->insn[n + 1] = UNIT_STAY;
	code->steps = block_pick(maker, 3) ? 4 * n : 1 + (unsigned)block_pick(maker, 4 * n);
}

static u64 special(struct block_maker *maker, bool wide)
{
	static const u32 singles[] = {
		0x7fc00000, 0x7fa00001, 0xffc12345, 0x7f800000, 0xff800000, 0x00000000,
		0x80000000, 0x00000001, 0x807fffff, 0x7f7fffff, 0x00800000, 0xff800001,
	};
	u32 single = singles[block_pick(maker, ARRAY_SIZE(singles))];
	u64 exponent = single >> 23 & 255;

	if (!wide)
		return single;
	exponent = exponent == 255 ? 2047 : exponent == 254 ? 2046 : exponent;
	return (u64)(single >> 31) << 63 | exponent << 52 | (u64)(single & 0x7fffff) << 29 |
	       (single & 1);
}

static u64 number(struct block_maker *maker, bool wide)
{
	u64 random = random_u64(&maker->seed);

	if (wide)
		return (random & 0x800fffffffffffff) | 0x3fe0000000000000;
	return (random & 0x807fffff) | 0x3f000000;
}

/*
 * Makes an image of ordinary numbers; in most images one of them is special, or a scalar is
 * not NaN-boxed.
 */
static void make_image(struct block_maker *maker, struct vector_image *in, unsigned vlenb)
{
	bool wide = maker->vtype >> 3 & 1;
	unsigned size = wide ? 8 : 4;
	u64 value;

	for (size_t n = 0; n < 32 * vlenb; n += size) {
		value = number(maker, wide);
		memcpy(in->v + n, &value, size);
	}
	for (unsigned n = 0; n < 32; n++)
		in->f[n] = number(maker, wide) | (wide ? 0 : 0xffffffff00000000);
	in->fcsr = block_pick(maker, 4) ? 0 : block_pick(maker, 256);
	in->vstart = block_pick(maker, 30) ? 0 : block_pick(maker, 4);
	in->x[BLOCK_COUNT] = 1 + block_pick(maker, 3);
	value = special(maker, wide);
	switch (block_pick(maker, 6)) {
	case 0:
	case 1:
		memcpy(in->v + size * block_pick(maker, 32 * vlenb / size), &value, size);
		break;
	case 2:
		in->f[block_pick(maker, 4)] = value | (wide ? 0 : 0xffffffff00000000);
		break;
	case 3:
		in->f[block_pick(maker, block_pick(maker, 2) ? 4 : 32)] &= 0xfffffffeffffffff;
		break;
	default:
		break;
	}
}

static void check(struct unit *unit, struct block_maker *maker, const struct unit_code *code,
		  const struct vector_image *in)
{
	static struct vector_image should, is;
	u64 at, to;

	should = *in;
	at = unit_run_code(unit, UNIT_INTERP, code, &should);
	for (unsigned tier = UNIT_NATIVE; tier < UNIT_TIERS; tier++) {
		is = *in;
		to = unit_run_code(unit, (enum unit_tier)tier, code, &is);
		if (at == to && memcmp(&is, &should, sizeof(is)) == 0)
			continue;
		block_print(maker, code->insn, ARRAY_SIZE(code->insn));
		fail_msg("tier %u, vtype %llx, vl %llu, %u steps: at %llx, not %llx", tier,
			 in->vtype, in->vl, code->steps, to, at);
	}
}

static void test_rows(void **unused)
{
	static struct vector_image in;

	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });
		struct block_maker maker;
		struct unit_code code;

		block_maker_init(&maker, unit_isa(unit), vlen + 9);
		for (unsigned n = 0; n < part_of(PROGRAMS); n++) {
			memset(&in, 0, sizeof(in));
			in.vl = block_make_vtype(&maker, 32, vlen / 8);
			/* In most images vl is VLMAX, or half of it. */
			if (block_pick(&maker, 3))
				in.vl = rules_vlmax(maker.vtype, vlen / 8) >> block_pick(&maker, 2);
			in.vtype = maker.vtype;
			make_code(&maker, &code);
			make_image(&maker, &in, vlen / 8);
			check(unit, &maker, &code, &in);
		}
		unit_free(unit);
	}
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_rows), { 0 } };
