/* SPDX-License-Identifier: MIT */
/*
 * Tests how threaded code ends before a block that has become hot, and that such a block ends where
 * its runs have left it, so that what they have not reached is not translated
 * (cpu/jit/threaded_warm.h).
 */
#include "tests/cpu/jit/native.h"

#include "cpu/hart/limits.h"

#define ADD_1 0x00128293u /* addi t0, t0, 1 */
#define ADD_2 0x00228293u /* addi t0, t0, 2 */
#define COUNT 0xfffe0e13u /* addi t3, t3, -1 */
#define HERE 0x0000006fu /* jal zero, 0 */
#define ILLEGAL 0x0000005bu
#define BY_A0 0x00050067u /* jalr zero, 0(a0) */
#define AGAIN 0x00038067u /* jalr zero, 0(t2) */
#define THRESHOLD 4

enum { T0 = 5, T1 = 6, T2 = 7, A0 = 10, T3 = 28 };

/* Returns bne reg, zero, offset for an offset below 1 KiB, forwards or backwards. */
static u32 bne(unsigned reg, int offset)
{
	const u32 bits = (u32)offset;

	return 0x1063u | reg << 15 | (bits >> 1 & 0xf) << 8 | (bits >> 5 & 0x3f) << 25 |
	       (bits >> 11 & 1) << 7 | (bits >> 31) << 31;
}

static void begin_with(struct native_machine *native, unsigned threshold, const u32 *words,
		       unsigned count)
{
	native_setup_with(native, &(struct jit_config){ .only = JIT_ALL, .threshold = threshold });
	native_put(native, RAM_BASE, words, count);
	native->machine->hart.x[T2] = RAM_BASE;
	native->machine->hart.pc = RAM_BASE;
}

static void begin(struct native_machine *native, const u32 *words, unsigned count)
{
	begin_with(native, THRESHOLD, words, count);
}

/* Runs a number of instructions, and returns by how much t0 has grown. */
static u64 run(struct native_machine *native, u64 steps)
{
	struct hart *hart = &native->machine->hart;
	u64 before = hart->x[T0];

	hart_run(hart, jit_run, steps);
	return hart->x[T0] - before;
}

/* Returns how many instructions the block at an address has, which has native code. */
static unsigned length_at(struct native_machine *native, u64 pc)
{
	const struct block *block = block_cache_known(&native->machine->hart, pc);

	assert_non_null(block);
	assert_non_null(block->direct);
	return block->count;
}

/*
 * An indirect jump that requires a landing pad leads to a block that has become hot and has no pad.
 */
static void test_landing_pad(void **unused)
{
	struct native_machine native;
	struct hart *hart;

	begin(&native, (u32[]){ ADD_1, BY_A0, ADD_2, AGAIN }, 4);
	hart = &native.machine->hart;
	hart->pc = hart->x[T2] = hart->x[A0] = RAM_BASE + 8;
	assert_int_equal(run(&native, 2 * THRESHOLD), 2 * THRESHOLD);
	hart->pc = RAM_BASE;
	hart->mtvec = RAM_BASE + PAGE_SIZE;
	hart->mseccfg = MSECCFG_MLPE;
	hart_regime_changed(hart);
	native_put(&native, hart->mtvec, &(const u32){ HERE }, 1);
	assert_int_equal(run(&native, 10), 1);
	assert_int_equal(hart->mcause, CAUSE_SOFTWARE_CHECK);
	assert_int_equal(hart->mepc, RAM_BASE + 8);
	native_teardown(&native);
}

/* A branch is taken until its block is hot, and later also when it is not. */
static void test_branch(void **unused)
{
	static const struct {
		unsigned skipped, length;
	} rows[] = { { 5, 2 }, { 3, 2 }, { 2, 9 }, { 1, 9 } };

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		const u32 branch = bne(T1, 4 * (int)rows[n].skipped + 4);
		const unsigned skipped = rows[n].skipped;
		struct native_machine native;
		struct hart *hart;

		begin(&native,
		      (u32[]){ ADD_1, branch, ADD_2, ADD_2, ADD_2, ADD_2, ADD_2, ADD_2, AGAIN }, 9);
		hart = &native.machine->hart;
		hart->x[T1] = 1;
		assert_int_equal(run(&native, 100 * (9 - skipped)), 100 * (13 - 2 * skipped));
		assert_int_equal(length_at(&native, RAM_BASE), rows[n].length);
		hart->x[T1] = 0;
		assert_int_equal(run(&native, 100 * 9), 100 * 13);
		assert_int_equal(length_at(&native, RAM_BASE), rows[n].length);
		hart->x[T1] = 1;
		assert_int_equal(run(&native, 100 * (9 - skipped)), 100 * (13 - 2 * skipped));
		native_teardown(&native);
	}
}

/* A branch was not taken once, so what follows it is translated, too. */
static void test_passed(void **unused)
{
	struct native_machine native;

	begin(&native, (u32[]){ ADD_1, bne(T1, 16), ADD_2, ADD_2, ADD_2, AGAIN }, 6);
	assert_int_equal(run(&native, 6), 7);
	native.machine->hart.x[T1] = 1;
	assert_int_equal(run(&native, 300), 100);
	assert_int_equal(length_at(&native, RAM_BASE), 6);
	native_teardown(&native);
}

/* Nothing is known of a block that is translated before its first run. */
static void test_first_run(void **unused)
{
	struct native_machine native;

	begin_with(&native, 0, (u32[]){ ADD_1, bne(T1, 16), ADD_2, ADD_2, ADD_2, AGAIN }, 6);
	native.machine->hart.x[T1] = 1;
	assert_int_equal(run(&native, 300), 100);
	assert_int_equal(length_at(&native, RAM_BASE), 6);
	native_teardown(&native);
}

/* A loop is left some time, so its branch back does not end the block. */
static void test_loop(void **unused)
{
	struct native_machine native;

	begin(&native, (u32[]){ ADD_1, COUNT, bne(T3, -8), ADD_2, AGAIN }, 5);
	native.machine->hart.x[T3] = 1000;
	assert_int_equal(run(&native, 300), 100);
	assert_int_equal(length_at(&native, RAM_BASE), 5);
	native_teardown(&native);
}

/* A branch in a loop of the block is always taken, but the loop stays in one block. */
static void test_branch_in_loop(void **unused)
{
	struct native_machine native;

	begin(&native,
	      (u32[]){ ADD_1, bne(T1, 20), ADD_2, ADD_2, ADD_2, ADD_2, COUNT, bne(T3, -28), AGAIN },
	      9);
	native.machine->hart.x[T1] = 1;
	native.machine->hart.x[T3] = 1000;
	assert_int_equal(run(&native, 400), 100);
	assert_int_equal(length_at(&native, RAM_BASE), 9);
	native_teardown(&native);
}

/* The instruction after a branch traps each time, so the branch was passed. */
static void test_trap(void **unused)
{
	struct native_machine native;
	struct hart *hart;

	begin(&native, (u32[]){ ADD_1, bne(T1, 32), ILLEGAL, ADD_2, AGAIN }, 5);
	hart = &native.machine->hart;
	hart->mtvec = RAM_BASE + PAGE_SIZE;
	native_put(&native, hart->mtvec, &(const u32){ AGAIN }, 1);
	/* The trap counts as a step. */
	assert_int_equal(run(&native, 400), 100);
	assert_int_equal(length_at(&native, RAM_BASE), 3);
	native_teardown(&native);
}

/* A branch back to before the block is not that of a loop in the block. */
static void test_outer_loop(void **unused)
{
	struct native_machine native;

	begin(&native, (u32[]){ ADD_1, AGAIN, COUNT, bne(T3, -12), ADD_2, AGAIN }, 6);
	native.machine->hart.x[T2] = RAM_BASE + 8;
	native.machine->hart.x[T3] = 1000;
	assert_int_equal(run(&native, 400), 100);
	assert_int_equal(length_at(&native, RAM_BASE + 8), 2);
	native_teardown(&native);
}

/*
 * Links after the end are forgotten: the block to which they lead can be dropped, and the trimmed
 * one too.
 */
static void test_links(void **unused)
{
	struct native_machine native;
	const struct insn *branch;
	struct block *block;
	struct hart *hart;
	bool trapped;

	/* Threaded code links the last branch to the block itself. */
	begin(&native, (u32[]){ ADD_1, bne(T1, 64), ADD_2, bne(T0, -12), AGAIN }, 5);
	hart = &native.machine->hart;
	hart_run(hart, jit_run, 8);
	hart->pc = RAM_BASE;
	block = block_cache_find(hart, &trapped);
	branch = block_next(block->insn);
	assert_non_null(block->links);
	block_end_after(block, branch);
	assert_null(block->links);
	assert_int_equal(block->count, 2);
	assert_int_equal(block->bytes, 8);
	assert_int_equal(block_next(branch)->op, OP_end_next);
	assert_null(block_link(block_next(branch))->to);
	block_cache_drop_all(native.harts.blocks);
	native_teardown(&native);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_landing_pad),
	cmocka_unit_test(test_branch),
	cmocka_unit_test(test_passed),
	cmocka_unit_test(test_first_run),
	cmocka_unit_test(test_loop),
	cmocka_unit_test(test_branch_in_loop),
	cmocka_unit_test(test_trap),
	cmocka_unit_test(test_outer_loop),
	cmocka_unit_test(test_links),
	{ 0 },
};
