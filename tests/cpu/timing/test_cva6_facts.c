/* SPDX-License-Identifier: MIT */
/*
 * What was measured on CVA6 (cv64a6_imafdc_sv39, memory latency 20), instruction by instruction:
 * cycles that a group of instructions takes when it follows itself. A hart runs them under the
 * model and reads its own counter.
 */
#include "cpu/observe.h"
#include "cpu/timed.h"
#include "cpu/timing/kind.h"
#include "tests/cpu/fixture.h"

#define DATA 0x80008000ull
#define MSTATUS_FS_DIRTY (3ull << 13)
#define GROUP_MAX 4
#define FEW 8
#define MANY 24
#define STEPS 400 /* more than two passes */

struct fact {
	const char *what;
	u32 insn[GROUP_MAX]; /* 0 ends it */
	unsigned cycles;
};

/* a0 = DATA, where DATA is kept; a1 = 100, a2 = 7, a3 = 2^63 - 1, a4 = 1; fa1 = 1.0. */
static const struct fact facts[] = {
	{ "add, dependent", { 0x00c585b3 }, 1 }, /* add a1, a1, a2 */
	{ "mul, dependent", { 0x02c585b3 }, 2 }, /* mul a1, a1, a2 */
	{ "mul, independent", { 0x02c587b3 }, 1 }, /* mul a5, a1, a2 */
	{ "mul, and an add", { 0x02c587b3, 0x00c58833 }, 3 }, /* add a6, a1, a2 */
	{ "div 100/7", { 0x02c5c7b3 }, 8 }, /* div a5, a1, a2 */
	{ "div 7/100", { 0x02b647b3 }, 3 }, /* div a5, a2, a1 */
	{ "div (2^63-1)/1", { 0x02e6c7b3 }, 66 }, /* div a5, a3, a4 */
	{ "ld, of its own address", { 0x00053503 }, 3 }, /* ld a0, 0(a0) */
	{ "sd, then ld of it, in turn", { 0x00f53423, 0x00853783 }, 8 }, /* a5, 8(a0) */
	{ "csrr", { 0x340027f3 }, 2 }, /* csrr a5, mscratch */
	{ "csrr and what needs it", { 0x340027f3, 0x00178813 }, 4 }, /* addi a6, a5, 1 */
	{ "fadd.s, dependent", { 0x00b575d3 }, 3 }, /* fadd.s fa1, fa0, fa1 */
	{ "fadd.d, dependent", { 0x02b575d3 }, 4 }, /* fadd.d fa1, fa0, fa1 */
	{ "fsgnj.d, dependent", { 0x22b585d3 }, 2 }, /* fsgnj.d fa1, fa1, fa1 */
	{ "fdiv.d, dependent", { 0x1aa5f5d3 }, 23 }, /* fdiv.d fa1, fa1, fa0 */
	{ "fence", { 0x0ff0000f }, 7 },
	{ "sfence.vma", { 0x12000073 }, 7 },
	{ "csrw fcsr", { 0x00301073 }, 7 },
	{ "csrw mscratch", { 0x34059073 }, 2 },
	{ "amoadd.d", { 0x00b537af }, 31 }, /* amoadd.d a5, a1, (a0) */
	{ "lr.d", { 0x100537af }, 31 }, /* lr.d a5, (a0) */
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

static void describe_core(struct timing_core *core)
{
	core->kind = &timing_cva6;
	for (unsigned n = 0; n < timing_cva6.count; n++)
		core->values[n] = timing_cva6.params[n].value;
}

/* Cycles between the two readings, the second time. */
static u64 measure(const struct fact *fact, unsigned count)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;
	struct watch watch = { .count = 0 };
	struct timing_core core;
	u64 cycles;

	describe_core(&core);
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

static void as_measured(void **state)
{
	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(facts); n++) {
		u64 few = measure(&facts[n], FEW), many = measure(&facts[n], MANY);

		if (many - few != facts[n].cycles * (u64)(MANY - FEW))
			fail_msg("%s: %g cycles each, measured were %u", facts[n].what,
				 (double)(many - few) / (MANY - FEW), facts[n].cycles);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(as_measured) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
