/* SPDX-License-Identifier: MIT */
/*
 * Tests direct jumps between native blocks: they are made by running, and cut when the block at one
 * end is dropped.
 */
#include "tests/cpu/jit/native.h"

#include "cpu/jit/impl.h"

#define ADDI 0x00128293u /* addi t0, t0, 1 */
#define ADDI_2 0x00228293u /* addi t0, t0, 2 */
#define TO_T1 0x00030067u /* jalr zero, 0(t1) */
#define TO_T2 0x00038067u /* jalr zero, 0(t2) */
#define ROUND_PIECES 3

/* Jumps by `pieces` pieces. */
static u32 jump_pieces(int pieces)
{
	u32 offset = (u32)(pieces * RAM_PIECE) - 4;

	return 0x6fu | (offset & 0xff000) | (offset >> 11 & 1) << 20 | (offset >> 1 & 0x3ff) << 21 |
	       (offset >> 20 & 1) << 31;
}

/* Writes code to pieces 0, 1 and 2 that adds to t0 and jumps to the next piece, in a ring. */
static void put_round(struct native_machine *native)
{
	for (unsigned piece = 0; piece < ROUND_PIECES; piece++)
		native_put(native, RAM_BASE + piece * RAM_PIECE,
			   (const u32[]){ ADDI, jump_pieces(piece < 2 ? 1 : -2) }, 2);
}

/* Runs the ring for `steps` and returns by how much t0 has grown. */
static u64 run_round(struct native_machine *native, u64 steps)
{
	struct hart *hart = &native->machine->hart;
	u64 before = hart->x[5];

	hart->pc = RAM_BASE;
	hart_run(hart, jit_run, steps);
	return hart->x[5] - before;
}

/* Returns the code of the last block in a piece. */
static const struct jit_code *code_in(struct native_machine *native, unsigned piece)
{
	bool trapped;
	struct block *block;

	native->machine->hart.pc = RAM_BASE + piece * RAM_PIECE + (BLOCK_INSNS > 1 ? 0 : 4);
	block = block_cache_find(&native->machine->hart, &trapped);
	assert_non_null(block->direct);
	return &native->jit->codes[block->code];
}

/* Returns the code to which that of a piece jumps directly, or number 0. */
static const struct jit_code *next_of(struct native_machine *native, unsigned piece)
{
	const struct jit_code *code = code_in(native, piece);

	assert_int_equal(code->exit_count, 1);
	return &native->jit->codes[native->jit->exits[code->exits].to];
}

static void test_round(void **unused)
{
	const struct jit_code *first, *last;
	struct native_machine native;

	native_setup(&native);
	put_round(&native);
	assert_int_equal(run_round(&native, 6000), 3000);
	first = next_of(&native, 2);
	last = next_of(&native, 1);
	assert_int_equal(first->offset, 0);
	assert_int_equal(last->offset, 2 * RAM_PIECE);
	/*
	 * The block in the middle is dropped: no block jumps there any more, and its own target
	 * remains.
	 */
	native_put(&native, RAM_BASE + RAM_PIECE, &(const u32){ ADDI_2 }, 1);
	assert_ptr_equal(next_of(&native, 2), first);
	assert_int_equal(next_of(&native, 0) - native.jit->codes, 0);
	assert_int_equal(last->linked, 0);
	assert_int_equal(run_round(&native, 6000), 4000);
	assert_ptr_equal(next_of(&native, 1), last);
	native_teardown(&native);
}

/* Leaves only some KiB for code; the stubs, which are in the first chunk, may grow. */
static void make_small(struct native_machine *native)
{
	stubs_need(native->jit);
	native->jit->arena.size = 2 * JIT_CHUNKS * (native->jit->stubs_end + 3 * KiB);
	block_cache_drop_all(native->harts.blocks);
}

/* When the memory is full, the oldest code and jumps to it are dropped; other code still runs. */
static void test_chunks(void **unused)
{
	struct native_machine native;
	struct jit_stats stats;
	u64 evictions = 0;
	bool trapped;

	native_setup(&native);
	make_small(&native);
	for (u64 page = 0; evictions < 3 * JIT_CHUNKS; page++) {
		struct block *block;

		assert_true(page < RAM_SIZE / PAGE_SIZE);
		for (unsigned piece = 0; piece < PAGE_SIZE / RAM_PIECE; piece++)
			native_put(&native, RAM_BASE + page * PAGE_SIZE + piece * RAM_PIECE,
				   (const u32[]){ ADDI, jump_pieces(piece < 63 ? 1 : -63) }, 2);
		native.machine->hart.x[5] = 0;
		native.machine->hart.pc = RAM_BASE + page * PAGE_SIZE;
		hart_run(&native.machine->hart, jit_run, 2000);
		assert_int_equal(native.machine->hart.x[5], 1000);
		/* The code that runs first is followed by more code of the same page. */
		block = block_cache_find(&native.machine->hart, &trapped);
		jit_stats(native.jit, &stats);
		assert_in_range(stats.evictions - evictions, 0, BLOCK_INSNS > 1 ? 4 : 200);
		assert_true(block->direct || stats.evictions > evictions);
		assert_in_range(stats.used, 1, stats.size);
		evictions = stats.evictions;
	}
	/* A chunk has few codes, and each of their links is visited once. */
	assert_in_range(stats.visited, 1, 400);
	native_teardown(&native);
}

/* For this number of blocks the other mode runs, and some of the code is dropped. */
#define TURN 256

/*
 * Each of several blocks in turn jumps, for a while, to one block that jumps back. The code of that
 * one is dropped now and then, and no table of jumps may lead to where it was. Two modes take
 * turns, each of which has a table and a block to jump to: while the other mode runs, the block's
 * code is dropped, too.
 */
static void test_indirect(void **unused)
{
	struct native_machine native;
	struct jit_stats stats = { 0 };
	struct hart *hart;

	native_setup(&native);
	hart = &native.machine->hart;
	machine_open_pmp(native.machine);
	make_small(&native);
	native_put(&native, RAM_BASE, (const u32[]){ ADDI_2, TO_T2 }, 2);
	native_put(&native, RAM_BASE + RAM_PIECE, (const u32[]){ ADDI_2, TO_T2 }, 2);
	for (u64 at = RAM_BASE + PAGE_SIZE; stats.evictions < 3 * JIT_CHUNKS; at += RAM_PIECE) {
		assert_true(at < RAM_BASE + RAM_SIZE);
		native_put(&native, at, (const u32[]){ ADDI, TO_T1 }, 2);
		hart->x[5] = 0;
		hart->x[7] = hart->pc = at;
		hart->priv = at / RAM_PIECE / TURN % 2 ? PRIV_S : PRIV_M;
		hart->x[6] = RAM_BASE + (hart->priv == PRIV_S ? RAM_PIECE : 0);
		hart_regime_changed(hart);
		hart_run(hart, jit_run, 400);
		assert_int_equal(hart->x[5], 300);
		jit_stats(native.jit, &stats);
	}
	native_teardown(&native);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_round),
	cmocka_unit_test(test_chunks),
	cmocka_unit_test(test_indirect),
	{ 0 },
};
