/* SPDX-License-Identifier: MIT */
/*
 * Tests the vector unit of kind inorder: how it sees an instruction, and how long repeated groups
 * of instructions take. The numbers are computed by hand from the parameters.
 */
#include "cpu/timing/inorder/vector/vector.h"
#include "tests/cpu/timing/group.h"
#include "tests/cpu/vector_names.h"

#include <stdio.h>

/* This many repetitions fill the unit's queue. */
#define ENOUGH 16

#define E8_M8 0x03
#define E32_M1 0x10
#define E32_M4 0x12

static void vector_read_core(struct timing_core *core, const char *changes)
{
	struct timing_error error;
	char text[256], *rest = text, *change;

	/* Nothing is queued, so that the pipeline runs at the unit's pace. */
	snprintf(text, sizeof(text), "vector.vlen=128,vector.queue=1,vector.dispatch=0,%s",
		 changes);
	if (timing_core_read(core, CORES "/saturn.core", &error) < 0)
		fail_msg("%s", error.text);
	while ((change = strsep(&rest, ",")) != NULL)
		if (*change && timing_core_set(core, change, &error) < 0)
			fail_msg("%s", error.text);
	if (timing_core_check(core, &error) < 0)
		fail_msg("%s", error.text);
}

/* Registers have 128 bits, and elements 32. */
struct fact {
	const char *changes, *what;
	u64 vtype;
	u32 insn[GROUP_MAX];
	unsigned cycles;
};

static const struct fact facts[] = {
	/* A group is issued in a cycle, and takes one. vadd.vv v8, v4, v4; vadd.vv v9, v4, v4 */
	{ "", "vadd, twice", E32_M1, { 0x02420457, 0x024204d7 }, 2 },
	/* A register can be written once the previous result has been written. */
	{ "", "vadd", E32_M1, { 0x02420457 }, 2 },
	/* Four registers are four element groups, or eight of half the width. */
	{ "", "vadd, m4", E32_M4, { 0x02420457 }, 4 },
	{ "vector.dlen=64", "vadd, m4", E32_M4, { 0x02420457 }, 8 },
	{ "vector.alu=3", "vadd, m4", E32_M4, { 0x02420457 }, 12 },
	/* The result of a group is available two cycles later, or five (fp_latency). */
	{ "", "vadd, dependent", E32_M1, { 0x02840457 }, 2 }, /* vadd.vv v8, v8, v8 */
	{ "", "vfadd, dependent", E32_M1, { 0x02841457 }, 5 }, /* vfadd.vv v8, v8, v8 */
	{ "", "vfadd, dependent, m4", E32_M4, { 0x02841457 }, 5 },
	/*
	 * The next instruction is chained to both groups; or it begins two cycles after the second
	 * one, 1 + 2.
	 */
	{ "vector.dlen=64", "vadd, dependent", E32_M1, { 0x02840457 }, 2 },
	{ "vector.dlen=64,vector.chaining=0", "vadd, dependent", E32_M1, { 0x02840457 }, 3 },
	{ "vector.dlen=64,vector.chaining=2", "vadd, dependent", E32_M1, { 0x02840457 }, 3 },
	/* There are two sequencers with eight groups each: vmul begins 2 cycles after vadd. */
	{ "vector.dlen=64", "vadd, vmul", E32_M4, { 0x02420457, 0x96842657 }, 8 },
	/*
	 * vmul begins after all of vadd, and the next vadd after all of vmul, whose sources it
	 * writes: 7 + 5.
	 */
	{ "vector.dlen=64,vector.chaining=0", "vadd, vmul", E32_M4, { 0x02420457, 0x96842657 },
	  12 },
	/* With one sequencer the instructions take turns. */
	{ "vector.sequencers=one", "vadd, vmul", E32_M4, { 0x02420457, 0x96422657 }, 8 },
	{ "vector.mul_latency=4", "vadd, vmul", E32_M4, { 0x02420457, 0x96422657 }, 4 },
	/* There are four groups, and four dead cycles. */
	{ "vector.dead=4", "vadd, m4", E32_M4, { 0x02420457 }, 8 },
	/* 64 bytes take 4 requests, one for each group; or 8. */
	{ "vector.queue=7", "vle32, m4", E32_M4, { 0x02056407 }, 4 }, /* vle32.v v8, (a0) */
	{ "vector.queue=7,vector.mlen=64", "vle32, m4", E32_M4, { 0x02056407 }, 8 },
	{ "vector.queue=7", "vse32, m4", E32_M4, { 0x02056427 }, 4 },
	{ "vector.queue=7,vector.mlen=64", "vse32, m4", E32_M4, { 0x02056427 }, 8 },
	/* The four elements are checked before the next instruction is issued, 1 + 4. */
	{ "vector.queue=7", "vlse32", E32_M1, { 0x0ae56407 }, 5 }, /* vlse32.v v8, (a0), a4 */
	{ "vector.queue=7", "vluxei32", E32_M1, { 0x06456407 }, 5 }, /* vluxei32.v v8, (a0), v4 */
	{ "vector.queue=7,vector.check=0", "vlse32", E32_M1, { 0x0ae56407 }, 4 },
	{ "vector.queue=7,vector.check=0,vector.strided=3", "vlse32", E32_M1, { 0x0ae56407 }, 12 },
	{ "vector.queue=7,vector.check=0,vector.indexed=2", "vluxei32", E32_M1, { 0x06456407 },
	  8 },
	/* Four segments. vlseg2e32.v v8, (a0) */
	{ "vector.queue=7,vector.segment=2", "vlseg2e32", E32_M1, { 0x22056407 }, 8 },
	/*
	 * A load waits for the store to its address. The store requests a cycle after its
	 * beginning, and has its answer in the next one (load.latency, less load.address); so has
	 * the load, whose register may be read 2 later (vector.load_latency).
	 */
	{ "vector.queue=7", "vse32, vle32 of it", E32_M1, { 0x02056427, 0x02056407 }, 5 },
	/*
	 * The store begins 3 cycles after vmv.s.x (mask_latency), and it takes 1 + 1 + 1 until ld
	 * has a5 for the next. A load from elsewhere waits for nothing: 3 instructions and
	 * load.latency.
	 */
	{ "vector.queue=7", "vmv.s.x, vse32, ld of it", E32_M1,
	  { 0x4207e457, 0x02056427, 0x00053783 }, 6 },
	{ "vector.queue=7", "vmv.s.x, vse32, ld", E32_M1,
	  { 0x4207e457, 0x02056427, 0x40053783 }, 4 },
	/* There are 3 empty cycles between vset and vadd. */
	{ "", "vset, vadd", E32_M1, { 0x0d007057, 0x02420457 }, 5 },
	{ "vector.vset=0", "vset, vadd", E32_M1, { 0x0d007057, 0x02420457 }, 2 },
	/*
	 * The result of vadd.vx is available 3 + 2 cycles after its issue (dispatch, alu_latency),
	 * that of vmv.x.s 3 after that (mask_latency), and its register 2 later (scalar).
	 */
	{ "vector.queue=7,vector.dispatch=3,vector.scalar=2", "vadd.vx, vmv.x.s", E32_M1,
	  { 0x0287c457, 0x428027d7 }, 10 },
	/*
	 * The elements are computed one by one, and a cycle passes until the register may be
	 * written again.
	 */
	{ "", "vdiv", E32_M1, { 0x86422457 }, 269 }, /* 4 * 67 */
	{ "", "vfdiv", E32_M1, { 0x82421457 }, 113 }, /* 4 * 28 */
	{ "vector.gather=3", "vrgather", E32_M1, { 0x32428457 }, 13 },
	/* Each of two reductions of 4 elements takes a group and two steps, of 2 cycles each. */
	{ "", "vredsum, twice", E32_M1, { 0x02422457, 0x024224d7 }, 12 },
};

static u64 vector_cycles(const struct timing_core *core, const struct fact *fact, unsigned count)
{
	return group_cycles_in(ext_with(PLAIN_EXTENSIONS, VECTOR_EXTENSIONS), fact->vtype, core,
			       fact->insn, count);
}

static void vectors_take_what_they_should(void **state)
{
	const unsigned more = GROUP_MANY - ENOUGH;

	for (unsigned n = 0; n < ARRAY_SIZE(facts); n++) {
		struct timing_core core;
		u64 few, many;

		vector_read_core(&core, facts[n].changes);
		few = vector_cycles(&core, &facts[n], ENOUGH);
		many = vector_cycles(&core, &facts[n], GROUP_MANY);
		if (many - few != (u64)facts[n].cycles * more)
			fail_msg("%s, %s: %g cycles, not %u", facts[n].changes, facts[n].what,
				 (double)(many - few) / more, facts[n].cycles);
	}
}

struct work {
	const char *what;
	u32 raw;
	u64 vtype, vl;
	unsigned groups, d, a; /* groups of the instruction, of vd, of vs2 */
	u64 each; /* elements of a group if they are computed one by one, otherwise 0 */
};

/* Registers have 128 bits, which is a group. */
static const struct work works[] = {
	{ "vadd", 0x02420457, E32_M4, 16, 4, 4, 4, 0 },
	{ "vadd, not all", 0x02420457, E32_M4, 5, 2, 2, 2, 0 },
	{ "vadd, none", 0x02420457, E32_M4, 0, 0, 0, 0, 0 },
	{ "vwadd", 0xc642a457, E32_M1, 4, 2, 2, 1, 0 }, /* vwadd.vv v8, v4, v5 */
	{ "vmseq", 0x62428457, E8_M8, 128, 8, 1, 8, 0 }, /* vmseq.vv v8, v4, v5 */
	{ "vredsum", 0x02422457, E32_M4, 16, 4, 1, 4, 0 },
	{ "vdiv", 0x86422457, E32_M4, 16, 4, 4, 4, 4 },
	{ "vlseg2e32", 0x22056407, E32_M1, 4, 2, 2, 0, 0 },
	{ "vcpop", 0x428827d7, E8_M8, 128, 1, 0, 1, 0 }, /* vcpop.m a5, v8 */
	/* Impossible values of vl and vtype give no more groups than registers have. */
	{ "vadd of any length", 0x02420457, E8_M8, UINT64_MAX, 8, 8, 8, 0 },
	{ "vwadd of any type", 0xc642a457, UINT64_MAX, UINT64_MAX, 8, 8, 8, 0 },
};

static void instructions_are_groups(void **state)
{
	struct timing_core core;
	struct isa isa;

	vector_read_core(&core, "");
	isa_init(&isa, EXT_TOGETHER);
	for (unsigned n = 0; n < ARRAY_SIZE(works); n++) {
		const struct work *expected = &works[n];
		struct inorder_vector_work work;
		struct insn insn;

		isa_decode(&isa, expected->raw, &insn);
		inorder_vector_work((const struct inorder_params *)core.values, &insn, expected->vl,
				    expected->vtype, &work);
		if (work.groups != expected->groups ||
		    work.operand[INORDER_VECTOR_D].groups != expected->d ||
		    work.operand[INORDER_VECTOR_A].groups != expected->a ||
		    work.group_elements != expected->each)
			fail_msg("%s: %u groups, of %u and %u, %llu elements each", expected->what,
				 work.groups, work.operand[INORDER_VECTOR_D].groups,
				 work.operand[INORDER_VECTOR_A].groups, work.group_elements);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(vectors_take_what_they_should),
	cmocka_unit_test(instructions_are_groups),
	{ 0 },
};
