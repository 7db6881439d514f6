/* SPDX-License-Identifier: MIT */
/*
 * Compares with measurements of CVA6 (cv64a6_imafdc_sv39, memory latency 20), instruction by
 * instruction: the cycles of a group of instructions that is repeated.
 */
#include "tests/cpu/timing/default_core.h"
#include "tests/cpu/timing/group.h"

struct fact {
	const char *what;
	u32 insn[GROUP_MAX];
	unsigned cycles;
};

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

static void as_measured(void **state)
{
	const unsigned more = GROUP_MANY - GROUP_FEW;
	struct timing_core core = { .stepped = false };

	default_core(&core, &timing_cva6);
	for (unsigned n = 0; n < ARRAY_SIZE(facts); n++) {
		u64 few = group_cycles(&core, facts[n].insn, GROUP_FEW);
		u64 many = group_cycles(&core, facts[n].insn, GROUP_MANY);

		if (many - few != (u64)facts[n].cycles * more)
			fail_msg("%s: %g cycles each, measured were %u", facts[n].what,
				 (double)(many - few) / more, facts[n].cycles);
	}
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(as_measured), { 0 } };
