/* SPDX-License-Identifier: MIT */
/*
 * Tests blocks of vector instructions with loads, stores, branches and calls of bodies between
 * them: accesses cross pages, and some fault. The vector registers that host registers hold
 * (cpu/jit/held_vectors.h) are never out of date: native code does what the interpreter does, with
 * AVX-512 and without. Threaded and native code also do so in the programs that are compared with
 * QEMU (programs.h).
 */
#include "tests/cmocka.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/programs.h"
#include "tests/part.h"

#include <string.h>

#define BLOCKS 4000
#define PROGRAMS 300
#define INSNS_MOST 54

static u32 random_insn(struct block_maker *maker, unsigned n)
{
	u64 kind = block_pick(maker, 90);

	if (kind < 64)
		return block_vector(maker, true);
	if (kind < 65)
		return block_vector(maker, false);
	if (kind < 84)
		return block_scalar(maker);
	if (kind < 88)
		return block_branch(maker, 1 + (int)block_pick(maker, 6));
	return block_branch(maker, -(int)block_pick(maker, n + 1));
}

/* Makes a program whose end is padded for the longest branch over instructions. */
static void make_code(struct block_maker *maker, struct unit_code *code)
{
	unsigned count = 4 + (unsigned)block_pick(maker, INSNS_MOST - 4), n = 0;

	memset(code, 0, sizeof(*code));
	while (n < count) {
		if (block_pick(maker, 10) == 0)
			n += block_indexed(maker, code->insn + n);
		else
			code->insn[n] = random_insn(maker, n), n++;
	}
	code->insn[n] = block_branch(maker, -(int)n);
	for (unsigned last = n + 6; n < last;)
		code->insn[++n] = BLOCK_NOP;
	code->insn[n] = UNIT_STAY;
	code->steps = 1 + (unsigned)block_pick(maker, block_pick(maker, 3) ? 3 * count : 500);
}

static void make_image(struct block_maker *maker, struct vector_image *in)
{
	bool numbers = block_pick(maker, 2), wide = maker->vtype >> 3 & 1;

	program_make_x(maker, in->x);
	for (size_t n = 0; n < sizeof(in->v); n++)
		in->v[n] = (u8)random_u64(&maker->seed);
	for (size_t n = 0; n < sizeof(in->memory); n++)
		in->memory[n] = (u8)random_u64(&maker->seed);
	/* Half of the time the elements are floating-point numbers. */
	for (size_t n = 3; n < sizeof(in->v) && numbers; n += 4)
		in->v[n] = 0x3e | (in->v[n] & 1);
	for (unsigned n = 0; n < 32; n++)
		in->f[n] = wide ? 0x3ff8000000000001 : 0xffffffff3fc00001;
}

/* Compares the tiers from `from` on with the interpreter. */
static void check_code(struct unit *unit, const struct block_maker *maker, enum unit_tier from,
		       const struct unit_code *code, const struct vector_image *in)
{
	static struct vector_image should, is;
	u64 at;

	should = *in;
	at = unit_run_code(unit, UNIT_INTERP, code, &should);
	for (unsigned tier = from; tier < UNIT_TIERS; tier++) {
		u64 to;

		is = *in;
		to = unit_run_code(unit, (enum unit_tier)tier, code, &is);
		if (at == to && memcmp(&is, &should, sizeof(is)) == 0)
			continue;
		block_print(maker, code->insn, ARRAY_SIZE(code->insn));
		fail_msg("%s, VLEN %u, vtype %llx, vl %llu, %u steps: at %llx, not %llx",
			 unit_tier_names[tier], unit_hart(unit)->vector.vlenb * 8, in->vtype,
			 in->vl, code->steps, to, at);
	}
}

static void check_block(struct unit *unit, struct block_maker *maker)
{
	static struct vector_image in;
	struct unit_code code;

	memset(&in, 0, sizeof(in));
	in.vl = block_make_vtype(maker, 8, unit_hart(unit)->vector.vlenb);
	in.vtype = maker->vtype;
	make_code(maker, &code);
	make_image(maker, &in);
	check_code(unit, maker, UNIT_NATIVE, &code, &in);
}

static void test_blocks(void **unused)
{
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });
		struct block_maker maker;

		block_maker_init(&maker, unit_isa(unit), vlen + 7);
		for (unsigned n = 0; n < part_of(BLOCKS); n++)
			check_block(unit, &maker);
		unit_free(unit);
	}
}

static void test_programs(void **unused)
{
	static struct program program;

	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });
		struct case_maker maker = { .isa = unit_isa(unit),
					    .vlenb = vlen / 8,
					    .seed = vlen };

		block_maker_init(&program.loops.maker, maker.isa, vlen + 11);
		for (unsigned n = 0; n < part_of(PROGRAMS); n++) {
			program_make(&program, &maker, unit);
			program.code.steps = PROGRAM_STEPS;
			check_code(unit, &program.loops.maker, UNIT_THREADED, &program.code,
				   &program.in);
		}
		unit_free(unit);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_blocks),
	cmocka_unit_test(test_programs),
	{ 0 },
};
