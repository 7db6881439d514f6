/* SPDX-License-Identifier: MIT */
/*
 * Tests the assumptions of a vector loop in native code once it runs without checks (jit/loop):
 * that vstart is 0, that its scalars stay NaN-boxed, that a register with a step keeps its value,
 * and which vector registers of the host hold the guest's (cpu/jit/held_vectors.h). Most programs
 * violate one of these only after some rounds. Native code does what the interpreter does.
 */
#include "cpu/csr/csr.h"
#include "cpu/jit/jit.h"
#include "cpu/mmu/view.h"
#include "tests/cmocka.h"
#include "tests/cpu/vector/unit.h"

#include <string.h>

enum { A0 = 10, A1, A2, A3, A4, A5 };

#define E32_M1 0xd0
#define BOXED_ONE 0xffffffff3f800000

/* Runs a program in a hart that has accessed nothing yet. Returns the address that it reached. */
static u64 run(enum unit_tier tier, const struct unit_code *code, struct vector_image *image)
{
	struct unit *unit = unit_create(&(struct vector_config){ .vlen = 256 });
	u64 at = unit_run_code(unit, tier, code, image);

	unit_free(unit);
	return at;
}

/* Checks that all tiers do the same with the program. */
static void check(const struct unit_code *code, const struct vector_image *in)
{
	static struct vector_image should, is;
	u64 at;

	should = *in;
	at = run(UNIT_INTERP, code, &should);
	for (unsigned tier = UNIT_NATIVE; tier < UNIT_TIERS; tier++) {
		is = *in;
		assert_int_equal(run((enum unit_tier)tier, code, &is), at);
		assert_memory_equal(&is, &should, sizeof(is));
	}
}

static void make_image(struct vector_image *in)
{
	memset(in, 0, sizeof(*in));
	in->vtype = E32_M1;
	in->vl = 8;
	for (unsigned n = 0; n < IMAGE_BYTES / 4; n++)
		memcpy(in->memory + 4 * (size_t)n, &(u32){ 0x3f800000 + n }, 4);
	in->x[A0] = IMAGE_WINDOW;
	in->x[A1] = IMAGE_WINDOW + PAGE_SIZE;
	in->x[A5] = 100;
}

/*
 * The first rounds jump over the vector instructions: the first round that executes them finds
 * vstart nonzero.
 */
static void test_start(void **unused)
{
	static const struct unit_code code = {
		{
			0x00f74663, /* blt a4, a5, over the next two */
			0x02056407, /* vle32.v v8, (a0) */
			0x0205e427, /* vse32.v v8, (a1) */
			0x02050513, /* addi a0, a0, 32 */
			0x02058593, /* addi a1, a1, 32 */
			0xfff78793, /* addi a5, a5, -1 */
			0xfe0794e3, /* bnez a5, the first one */
			UNIT_STAY,
		},
		600,
	};
	static struct vector_image in;

	for (unsigned start = 0; start < 8; start++) {
		make_image(&in);
		in.vstart = start;
		in.x[A4] = 90;
		check(&code, &in);
	}
}

/* A scalar that is loaded for the next round is NaN-boxed for a while. */
static void test_boxed(void **unused)
{
	static const struct unit_code code = {
		{
			0x02056407, /* vle32.v v8, (a0) */
			0x02805457, /* vfadd.vf v8, v8, ft0 */
			0x02056427, /* vse32.v v8, (a0) */
			0x0005b007, /* fld ft0, 0(a1) */
			0x02050513, /* addi a0, a0, 32 */
			0x00858593, /* addi a1, a1, 8 */
			0xfff78793, /* addi a5, a5, -1 */
			0xfe0792e3, /* bnez a5, the first one */
			UNIT_STAY,
		},
		800,
	};
	static struct vector_image in;

	make_image(&in);
	in.f[0] = BOXED_ONE;
	for (unsigned n = 0; n < 40; n++)
		memcpy(in.memory + PAGE_SIZE + 8 * (size_t)n, &(u64){ BOXED_ONE }, 8);
	check(&code, &in);
}

/*
 * A block without vector instructions reads vlenb and vl; its code does not depend on VS. When VS
 * becomes Off, the same code traps at either read.
 */
static void test_off(void **unused)
{
	static const u32 insns[] = {
		0xc22026f3, /* csrr a3, vlenb */
		0xc2002773, /* csrr a4, vl */
		0xff9ff06f, /* j, the first one */
	};
	static struct vector_image image;

	for (unsigned more = 0; more < 2; more++) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = 256 });
		struct unit_code code = { .steps = 300 + more };
		struct hart *hart = unit_hart(unit);

		make_image(&image);
		memcpy(code.insn, insns, sizeof(insns));
		assert_int_equal(unit_run_code(unit, UNIT_NATIVE, &code, &image), 4 * more);
		assert_int_equal(image.x[A3], 32);
		assert_int_equal(image.x[A4], 8);
		csr_set_mstatus(hart, MSTATUS_FS);
		hart_regime_changed(hart);
		hart->limit = hart->steps + 10;
		assert_int_equal(jit_run(hart), EXIT_TRAP);
		assert_int_equal(hart->trap.cause, CAUSE_ILLEGAL);
		assert_int_equal(hart->trap.tval, insns[more]);
		unit_free(unit);
	}
}

/* A scalar that is not NaN-boxed is detected in each round, if not by a check before the loop. */
static void test_unboxed(void **unused)
{
	static const struct unit_code code = {
		{
			0x02056407, /* vle32.v v8, (a0) */
			0x02805457, /* vfadd.vf v8, v8, ft0 */
			0x02056427, /* vse32.v v8, (a0) */
			0x02050513, /* addi a0, a0, 32 */
			0xfff78793, /* addi a5, a5, -1 */
			0xfe0796e3, /* bnez a5, the first one */
			UNIT_STAY,
		},
		600,
	};
	static struct vector_image in;

	make_image(&in);
	in.f[0] = 0x3f800000;
	check(&code, &in);
}

/*
 * A branch over a sum joins two paths: after the loop its register is read, and so held in a host
 * register, but in the loop it is held on only one of the paths.
 */
static void test_joined(void **unused)
{
	static const struct unit_code code = {
		{
			0x00860857, /* vadd.vv v16, v8, v12, v0.t */
			0x00f76463, /* bltu a4, a5, over the next one */
			0x02c60857, /* vadd.vv v16, v12, v12 */
			0x0205e827, /* vse32.v v16, (a1) */
			0x02058593, /* addi a1, a1, 32 */
			0xfff78793, /* addi a5, a5, -1 */
			0xfe0794e3, /* bnez a5, the first one */
			0x02840857, /* vadd.vv v16, v8, v8 */
			0x03080c57, /* vadd.vv v24, v16, v16 */
			UNIT_STAY,
		},
		700,
	};
	static struct vector_image in;

	make_image(&in);
	for (size_t n = 0; n < sizeof(in.v); n++)
		in.v[n] = (u8)(n * 7);
	in.x[A4] = 50;
	check(&code, &in);
}

/* The step changes in every second round; the loads reach the end of the window. */
static void test_step(void **unused)
{
	static const struct unit_code code = {
		{
			0x02056407, /* vle32.v v8, (a0) */
			0x0205e427, /* vse32.v v8, (a1) */
			0x00d50533, /* add a0, a0, a3 */
			0x00458593, /* addi a1, a1, 4 */
			0x00e6c6b3, /* xor a3, a3, a4 */
			0xfff78793, /* addi a5, a5, -1 */
			0xfe0794e3, /* bnez a5, the first one */
			UNIT_STAY,
		},
		700,
	};
	static struct vector_image in;

	make_image(&in);
	in.x[A3] = 8;
	in.x[A4] = 512;
	check(&code, &in);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_start),   cmocka_unit_test(test_boxed),
	cmocka_unit_test(test_unboxed), cmocka_unit_test(test_joined),
	cmocka_unit_test(test_step),    cmocka_unit_test(test_off),
	{ 0 },
};
