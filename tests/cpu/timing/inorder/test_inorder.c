/* SPDX-License-Identifier: MIT */
/*
 * What instructions take on cores of kind inorder, when a group of them follows itself: on CVA6 by
 * what was measured there, on the others by what their files say. A hart runs them under the model
 * and reads its own counter.
 */
#include "cpu/observe.h"
#include "cpu/timed.h"
#include "tests/cpu/fixture.h"

#include <stdio.h>

#define DATA 0x80008000ull
#define MSTATUS_FS_DIRTY (3ull << 13)
#define GROUP_MAX 4
#define FEW 8
#define MANY 24
#define STEPS 400 /* more than two passes */

struct fact {
	const char *core, *what;
	u32 insn[GROUP_MAX]; /* 0 ends it */
	unsigned cycles; /* of two groups */
};

/* a0 = DATA, where DATA is kept; a1 = 100, a2 = 7, a3 = 2^63 - 1, a4 = 1; fa1 = 1.0. */
static const struct fact facts[] = {
	{ "cva6-inorder", "add, dependent", { 0x00c585b3 }, 2 }, /* add a1, a1, a2 */
	{ "cva6-inorder", "mul, dependent", { 0x02c585b3 }, 4 }, /* mul a1, a1, a2 */
	{ "cva6-inorder", "mul, independent", { 0x02c587b3 }, 2 }, /* mul a5, a1, a2 */
	{ "cva6-inorder", "mul, and an add", { 0x02c587b3, 0x00c58833 }, 6 },
	{ "cva6-inorder", "div 100/7", { 0x02c5c7b3 }, 16 }, /* div a5, a1, a2 */
	{ "cva6-inorder", "div 7/100", { 0x02b647b3 }, 6 }, /* div a5, a2, a1 */
	{ "cva6-inorder", "div (2^63-1)/1", { 0x02e6c7b3 }, 132 }, /* div a5, a3, a4 */
	{ "cva6-inorder", "ld, of its own address", { 0x00053503 }, 6 }, /* ld a0, 0(a0) */
	{ "cva6-inorder", "sd, then ld of it", { 0x00f53423, 0x00853783 }, 16 },
	{ "cva6-inorder", "csrr and what needs it", { 0x340027f3, 0x00178813 }, 8 },
	{ "cva6-inorder", "fadd.s, dependent", { 0x00b575d3 }, 6 }, /* fadd.s fa1, fa0, fa1 */
	{ "cva6-inorder", "fadd.d, dependent", { 0x02b575d3 }, 8 }, /* fadd.d fa1, fa0, fa1 */
	{ "cva6-inorder", "fdiv.d, dependent", { 0x1aa5f5d3 }, 46 }, /* fdiv.d fa1, fa1, fa0 */
	{ "cva6-inorder", "fence", { 0x0ff0000f }, 14 },
	{ "cva6-inorder", "sfence.vma", { 0x12000073 }, 14 },
	{ "cva6-inorder", "csrw fcsr", { 0x00301073 }, 14 },
	{ "cva6-inorder", "amoadd.d", { 0x00b537af }, 62 }, /* amoadd.d a5, a1, (a0) */
	{ "rocket", "add, dependent", { 0x00c585b3 }, 2 },
	{ "rocket", "ld, of its own address", { 0x00053503 }, 4 },
	{ "rocket", "lbu, and what needs it", { 0x00054783, 0x00178813 }, 8 }, /* addi a6, a5, 1 */
	/* The next sd needs what ld brings. */
	{ "rocket", "sd, then ld of it", { 0x00f53423, 0x00853783 }, 6 },
	{ "u74", "add, dependent", { 0x00c585b3 }, 2 },
	{ "u74", "two adds", { 0x00c587b3, 0x00c58833 }, 2 }, /* a5, a1, a2; a6, a1, a2 */
	{ "u74", "two loads", { 0x00053783, 0x00853803 }, 4 }, /* a5, 0(a0); a6, 8(a0) */
	{ "u74", "a load and a multiplication", { 0x00053783, 0x02c58833 }, 2 },
	{ "u74", "two multiplications", { 0x02c587b3, 0x02c58833 }, 4 },
	{ "u74", "ld, of its own address", { 0x00053503 }, 6 },
	{ "u74", "a load, and an add late", { 0x00053783, 0x00178813 }, 2 },
};

/* Twice: read the counter into s0, the group `count` times, read it into s1. */
static void put_program(struct machine *machine, const struct fact *fact, unsigned count)
{
	u32 code[4 + GROUP_MAX * MANY + 8], size = 0;
	s32 back;

	code[size++] = 0x00200293; /* li t0, 2 */
	code[size++] = 0xb0002473; /* csrr s0, mcycle */
	for (unsigned n = 0; n < count; n++)
		for (unsigned k = 0; k < GROUP_MAX && fact->insn[k]; k++)
			code[size++] = fact->insn[k];
	code[size++] = 0xb00024f3; /* csrr s1, mcycle */
	code[size++] = 0xfff28293; /* addi t0, t0, -1 */
	back = 4 - 4 * (s32)size; /* bnez t0, to the first csrr */
	code[size++] = 0x00029063 | ((u32)back & 0x80000000) | ((u32)back >> 11 & 1) << 7 |
		       ((u32)back >> 5 & 0x3f) << 25 | ((u32)back >> 1 & 0xf) << 8;
	code[size++] = 0x0000006f; /* j . */
	memcpy(machine_ram(machine, RAM_BASE), code, size * sizeof(code[0]));
}

static void put_operands(struct machine *machine)
{
	struct hart *hart = &machine->hart;

	hart_reset(hart, RAM_BASE);
	hart->x[10] = DATA;
	hart->x[11] = 100;
	hart->x[12] = 7;
	hart->x[13] = INT64_MAX;
	hart->x[14] = 1;
	hart->f[10] = hart->f[11] = 0x3ff8000000000000;
	hart->mstatus |= MSTATUS_FS_DIRTY;
	hart_regime_changed(hart);
	*machine_ram(machine, DATA) = DATA;
}

static void read_core(struct timing_core *core, const char *name)
{
	struct timing_error error;
	char path[256];

	snprintf(path, sizeof(path), CORES "/%s.core", name);
	if (timing_core_read(core, path, &error) < 0)
		fail_msg("%s", error.text);
}

/* Cycles between the two readings, the second time. */
static u64 measure(const struct fact *fact, unsigned count)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;
	struct watch watch = { .count = 0 };
	struct timing_core core;
	u64 cycles;

	read_core(&core, fact->core);
	watch_add(&watch, &timed_observer);
	hart->watch = &watch;
	put_program(machine, fact, count);
	put_operands(machine);
	assert_int_equal(timed_attach(hart, &core), 0);
	/* t0 counts the passes, of which there are two. */
	for (unsigned n = 0; n < STEPS; n++) {
		hart->stop = false;
		hart->limit = hart->steps + 1;
		assert_int_equal(observe_run(hart), EXIT_NEXT);
	}
	assert_int_equal(hart->x[5], 0);
	cycles = hart->x[9] - hart->x[8];
	machine_free(machine);
	return cycles;
}

static void groups_take_what_they_should(void **state)
{
	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(facts); n++) {
		u64 few = measure(&facts[n], FEW), many = measure(&facts[n], MANY);

		if (2 * (many - few) != facts[n].cycles * (u64)(MANY - FEW))
			fail_msg("%s, %s: %g cycles for two, not %u", facts[n].core, facts[n].what,
				 2 * (double)(many - few) / (MANY - FEW), facts[n].cycles);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(groups_take_what_they_should) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
