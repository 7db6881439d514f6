/* SPDX-License-Identifier: MIT */
/*
 * Tests how long instructions take on cores of kind inorder when a group of them is repeated: on
 * CVA6 as measured, on the others as their files say.
 */
#include "cpu/mmu/regime.h"
#include "cpu/timed/switch.h"
#include "cpu/timing/inorder/decode.h"
#include "tests/cpu/timing/causes.h"

#include <stdio.h>

struct fact {
	const char *core, *what;
	u32 insn[GROUP_MAX];
	unsigned cycles; /* the cycles of two groups */
};

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
	/* The next sd needs what ld loads. */
	{ "rocket", "sd, then ld of it", { 0x00f53423, 0x00853783 }, 6 },
	/* addi a5, x0, 1 waits for the division whose result it replaces, and for a load's. */
	{ "rocket", "div 100/7, and a mul", { 0x02c5c7b3, 0x02c58833 }, 26 }, /* mul a6, a1, a2 */
	{ "rocket", "div 100/7, replaced", { 0x02c5c7b3, 0x00100793 }, 20 },
	{ "rocket", "ld, replaced", { 0x00053783, 0x00100793 }, 6 },
	{ "cva6-inorder", "div 100/7, replaced", { 0x02c5c7b3, 0x00100793 }, 18 },
	{ "u74", "add, dependent", { 0x00c585b3 }, 2 },
	{ "u74", "two adds", { 0x00c587b3, 0x00c58833 }, 2 }, /* a5, a1, a2; a6, a1, a2 */
	{ "u74", "two loads", { 0x00053783, 0x00853803 }, 4 }, /* a5, 0(a0); a6, 8(a0) */
	{ "u74", "a load and a multiplication", { 0x00053783, 0x02c58833 }, 2 },
	{ "u74", "two multiplications", { 0x02c587b3, 0x02c58833 }, 4 },
	{ "u74", "ld, of its own address", { 0x00053503 }, 6 },
	{ "u74", "a load, and an add late", { 0x00053783, 0x00178813 }, 2 },
	/* Four lines are under way at once; each takes 176 cycles. */
	{ "u74", "loads that miss", { 0x00053783, 0x04050513 }, 88 }, /* addi a0, a0, 64 */
	{ "u74", "stores that miss", { 0x00f53023, 0x04050513 }, 88 }, /* sd a5, 0(a0) */
	/* An access after a fence or after an acquire waits; other instructions do not. */
	{ "u74", "stores that miss, each fenced", { 0x00f53023, 0x04050513, 0x0ff0000f }, 362 },
	/* csrw mscratch, x0 flushes the instructions after it; the fence holds nevertheless. */
	{ "u74", "a store that misses, fence, flush, ld",
	  { 0x00f53023, 0x0ff0000f, 0x34001073, 0x00853803, 0x04050513 }, 364 },
	{ "u74", "adds, fenced", { 0x0ff0000f, 0x00c585b3, 0x00c585b3, 0x00c585b3 }, 6 },
	{ "rocket", "adds behind a fence", { 0x0ff0000f, 0x00c585b3, 0x00c585b3 }, 6 },
	/* An atomic reads its line: amoadd.d x0, a5, (a0), and with aq. */
	{ "u74", "atomics that miss", { 0x00f5302f, 0x04050513 }, 352 },
	{ "u74", "what acquires, and a load", { 0x04f5302f, 0x00853783 }, 14 },
	{ "u74", "stores that miss, releases", { 0x00f53023, 0x02f5302f, 0x04050513 }, 366 },
};

static void inorder_read_core(struct timing_core *core, const char *name)
{
	struct timing_error error;
	char path[256];

	snprintf(path, sizeof(path), CORES "/%s.core", name);
	if (timing_core_read(core, path, &error) < 0)
		fail_msg("%s", error.text);
}

static void groups_take_what_they_should(void **state)
{
	const unsigned more = GROUP_MANY - GROUP_FEW;

	for (unsigned n = 0; n < ARRAY_SIZE(facts); n++) {
		struct timing_core core;
		u64 few, many;

		inorder_read_core(&core, facts[n].core);
		few = group_cycles(&core, facts[n].insn, GROUP_FEW);
		many = group_cycles(&core, facts[n].insn, GROUP_MANY);
		if (2 * (many - few) != (u64)facts[n].cycles * more)
			fail_msg("%s, %s: %g cycles for two, not %u", facts[n].core, facts[n].what,
				 2 * (double)(many - few) / more, facts[n].cycles);
	}
}

static const struct attribution attributions[] = {
	{ "rocket", "ld of a0, add to a1", { 0x00053503, 0x00a005b3 }, CPI_LOAD_USE, 1 },
	/* The instruction that waits for a register overwrites it. */
	{ "rocket", "lbu of a5, addi to it", { 0x00054783, 0x00178793 }, CPI_LOAD_USE, 2 },
	{ "rocket", "mul of a5, addi to it", { 0x02c587b3, 0x00178793 }, CPI_MULDIV, 3 },
	/* ld a6, 8(a0) hits, but in a cache that the miss before it blocks; addi a7, a6, 1 */
	{ "rocket", "a miss, and a hit that is used",
	  { 0x00053783, 0x00853803, 0x00180893, 0x04050513 }, CPI_LOAD_USE, 0 },
	/* The second hit, ld t3, 16(a0), is already late when it reaches the cache. */
	{ "rocket", "a miss, and two hits of which one is used",
	  { 0x00053783, 0x00853803, 0x01053e03, 0x001e0893, 0x04050513 }, CPI_LOAD_USE, 0 },
	/*
	 * ld a6, 8(a0) hits, but its line is still on its way: after a load, and after a store. The
	 * rest of its 176 cycles are those of the missing lines of code.
	 */
	{ "u74", "a miss, and a hit of its line that is used",
	  { 0x00053783, 0x00853803, 0x00180893, 0x04050513 }, CPI_L2, 153 },
	{ "u74", "a store that misses, and a hit of its line that is used",
	  { 0x00f53023, 0x00853803, 0x00180893, 0x04050513 }, CPI_L2, 157 },
	{ "u74", "a store that misses, and a hit of its line that is used",
	  { 0x00f53023, 0x00853803, 0x00180893, 0x04050513 }, CPI_LOAD_USE, 0 },
	/* No operand is late, but the unit is busy: all cycles but that of the retirement count. */
	{ "rocket", "div 100/7", { 0x02c5c7b3 }, CPI_MULDIV, 8 },
	{ "u74", "div 100/7", { 0x02c5c7b3 }, CPI_MULDIV, 7 },
	{ "cva6-inorder", "div 100/7", { 0x02c5c7b3 }, CPI_MULDIV, 7 },
	{ "u74", "fdiv.d, independent", { 0x1aa5f653 }, CPI_FP, 54 }, /* fdiv.d fa2, fa1, fa0 */
	/*
	 * The second csrr waits for the first one, in addition to the cycles after its own issue.
	 */
	{ "cva6-inorder", "two csrr", { 0x340027f3, 0x34002873 }, CPI_FENCE, 2 },
	/* An operand is late, and then the unit is. */
	{ "u74", "ld and div of what it loads", { 0x00053783, 0x02c7c833 }, CPI_LOAD_USE, 2 },
};

static void cycles_belong_to_what_kept_the_group(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(attributions); n++) {
		struct timing_core core;

		inorder_read_core(&core, attributions[n].core);
		check_attribution(&core, &attributions[n], NULL);
	}
}

#define TABLE 0x80100000ull

/* Lets loads and stores be translated, by one page of 1 GiB that maps RAM at its own address. */
static void put_table(struct machine *machine)
{
	struct hart *hart = &machine->hart;

	*machine_ram(machine, TABLE + 8 * (RAM_BASE >> 30)) = RAM_BASE >> 2 | 0xcf;
	hart->s[BANK_HS].atp = (u64)SATP_SV39 << 60 | TABLE >> PAGE_SHIFT;
	hart->mstatus |= MSTATUS_MPRV | (u64)PRIV_S << 11;
	hart_open_pmp(hart);
	hart_regime_changed(hart);
}

/*
 * sfence.vma; ld a5, 0(a0), which hits or misses, or sd; addi a5, a5, 1. The wait until a page walk
 * ends is the walk's, the rest that of the cache.
 */
static const struct attribution walks[] = {
	{ "rocket", "a hit", { 0x12000073, 0x00053783, 0x00178793 }, CPI_TLB, 9 },
	{ "rocket", "a hit", { 0x12000073, 0x00053783, 0x00178793 }, CPI_LOAD_USE, 1 },
	{ "rocket", "a miss", { 0x12000073, 0x00053783, 0x00178793, 0x04050513 }, CPI_TLB, 8 },
	{ "rocket", "a miss", { 0x12000073, 0x00053783, 0x00178793, 0x04050513 }, CPI_L1D, 15 },
	{ "u74", "a miss", { 0x12000073, 0x00053783, 0x00178793, 0x04050513 }, CPI_TLB, 9 },
	{ "u74", "a miss", { 0x12000073, 0x00053783, 0x00178793, 0x04050513 }, CPI_L2, 176 },
	{ "cva6-inorder", "a miss", { 0x12000073, 0x00053783, 0x04050513 }, CPI_TLB, 6 },
	{ "cva6-inorder", "a miss", { 0x12000073, 0x00053783, 0x04050513 }, CPI_L1D, 26 },
	/* The walk of a store delays its retirement, or the load after it. */
	{ "cva6-inorder", "a store", { 0x12000073, 0x00f53023 }, CPI_TLB, 6 },
	{ "rocket", "a store, and a load",
	  { 0x12000073, 0x00f53023, 0x00853783, 0x00178793 }, CPI_TLB, 8 },
};

static void walks_are_apart_from_what_follows_them(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(walks); n++) {
		struct timing_core core;

		inorder_read_core(&core, walks[n].core);
		check_attribution(&core, &walks[n], put_table);
	}
}

/*
 * A cache-block operation that moves nothing waits for the stores before it; one that writes a
 * block is a store.
 */
static void blocks_of_caches_are_managed(void **state)
{
	static const struct {
		u32 raw;
		u8 unit;
	} cases[] = {
		{ 0x0005200f, INORDER_FENCE }, /* cbo.inval (a0) */
		{ 0x0015200f, INORDER_FENCE }, /* cbo.clean (a0) */
		{ 0x0025200f, INORDER_FENCE }, /* cbo.flush (a0) */
		{ 0x0045200f, INORDER_STORE }, /* cbo.zero (a0) */
	};
	struct inorder_decoder *decoder = malloc(sizeof(*decoder));
	struct isa isa;

	assert_non_null(decoder);
	isa_init(&isa, EXT_TOGETHER);
	inorder_decoder_init(decoder, &isa);
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		const struct inorder_uop *uop = inorder_decode(decoder, cases[n].raw);

		assert_int_equal(uop->unit, cases[n].unit);
		assert_int_equal(uop->rs1, 10);
	}
	free(decoder);
}

/* Hypervisor loads and stores wait for their registers as others do. */
static void guest_accesses_have_operands(void **state)
{
	struct inorder_decoder *decoder = malloc(sizeof(*decoder));
	const struct inorder_uop *uop;
	struct isa isa;

	assert_non_null(decoder);
	isa_init(&isa, EXT_TOGETHER);
	inorder_decoder_init(decoder, &isa);
	uop = inorder_decode(decoder, 0x6805c573); /* hlv.w a0, (a1) */
	assert_int_equal(uop->unit, INORDER_LOAD);
	assert_int_equal(uop->rs1, 11);
	assert_int_equal(uop->rs2, 0);
	assert_int_equal(uop->rd, 10);
	uop = inorder_decode(decoder, 0x6eb54073); /* hsv.d a1, (a0) */
	assert_int_equal(uop->unit, INORDER_STORE);
	assert_int_equal(uop->rs1, 10);
	assert_int_equal(uop->rs2, 11);
	assert_int_equal(uop->rd, 0);
	free(decoder);
}

/* A fence delays the instruction after it, but not after the next reset. */
static void fences_end_with_a_reset(void **state)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	const u32 code[] = { 0x00000013, 0x00000013, 0x00000013, 0x0000100f }; /* nops; fence.i */
	struct watch watch = { .count = 0 };
	struct hart *hart = &machine->hart;
	struct timing_core core;

	inorder_read_core(&core, "cva6-inorder");
	watch_add(&watch, &timed_observer);
	watch_attach(&watch, hart);
	memcpy(machine_ram(machine, RAM_BASE), code, sizeof(code));
	hart_reset(hart, RAM_BASE);
	assert_int_equal(timed_attach(hart, &core, NULL), 0);
	for (unsigned n = 0; n < ARRAY_SIZE(code); n++) {
		hart->stop = false;
		hart->limit = hart->steps + 1;
		observe_run(hart);
	}
	assert_true(hart->steps - hart->timed->fenced <= 1);
	hart_reset(hart, RAM_BASE);
	timed_reset(hart->timed, 0);
	assert_int_equal(hart->timed->fenced, 0);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(groups_take_what_they_should),
	cmocka_unit_test(cycles_belong_to_what_kept_the_group),
	cmocka_unit_test(walks_are_apart_from_what_follows_them),
	cmocka_unit_test(blocks_of_caches_are_managed),
	cmocka_unit_test(guest_accesses_have_operands),
	cmocka_unit_test(fences_end_with_a_reset),
	{ 0 },
};
