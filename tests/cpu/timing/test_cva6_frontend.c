/* SPDX-License-Identifier: MIT */
/* Tests CVA6's front end: how it assembles instructions, how it predicts jumps, and its quirks. */
#include "cpu/timing/cva6/frontend.h"
#include "tests/cpu/timing/unit.h"

#include "cpu/isa/isa.h"

#include <stdlib.h>

#define PC 0x80000000ull
#define C_NOP 0x0001u
#define C_ADDI 0x0505u
#define NOP 0x00000013u

static const struct cva6_params params = { .queue_depth = 4, .queue_targets = 2 };

struct bench {
	struct isa isa;
	struct cva6_decoder decoder;
	struct cva6_predictors predictors;
	struct cva6_frontend fe;
	struct cva6_scan scan;
};

static int cva6_frontend_setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		return -1;
	isa_init(&bench->isa, EXT_TOGETHER);
	cva6_decoder_init(&bench->decoder, &bench->isa);
	bench->predictors.bht.entries = 128;
	bench->predictors.btb.entries = 32;
	bench->predictors.ras.depth = 2;
	*state = bench;
	return 0;
}

static int cva6_frontend_teardown(void **state)
{
	free(*state);
	return 0;
}

/* A word of the cache arrives; it is scanned in the next cycle, which this executes as well. */
static void scan(struct bench *bench, u64 vaddr, u32 word)
{
	const struct cva6_queue_room room = cva6_queue_room(&bench->fe.queue, &params);
	const struct cva6_icache_out got = { .valid = true, .vaddr = vaddr, .word = word };
	const struct cva6_icache_in sent = { .request = false };
	const struct cva6_scan none = { .predicted = false };

	cva6_frontend_step(&bench->fe, &bench->predictors, &none, &sent, &got);
	cva6_frontend_scan(&bench->fe, &bench->predictors, &bench->decoder, &room, &bench->scan);
}

static u64 next_pc(struct bench *bench)
{
	struct cva6_fetched fetched;

	return cva6_queue_pop(&bench->fe.queue, &fetched) ? fetched.pc : 0;
}

static void two_halves_of_a_word(void **state)
{
	struct bench *bench = *state;

	scan(bench, PC, C_ADDI << 16 | C_NOP);
	assert_int_equal(next_pc(bench), PC);
	assert_int_equal(next_pc(bench), PC + 2);
	assert_int_equal(next_pc(bench), 0);
	/* A jump to the upper half of the word finds one instruction. */
	scan(bench, PC + 2, C_ADDI << 16 | C_NOP);
	assert_int_equal(next_pc(bench), PC + 2);
	assert_int_equal(next_pc(bench), 0);
}

/* An instruction in two words is complete with the second. */
static void instructions_across_words(void **state)
{
	struct bench *bench = *state;

	scan(bench, PC, NOP << 16 | C_NOP);
	assert_int_equal(next_pc(bench), PC);
	assert_int_equal(next_pc(bench), 0);
	scan(bench, PC + 4, C_NOP << 16 | NOP >> 16);
	assert_int_equal(next_pc(bench), PC + 2);
	assert_int_equal(next_pc(bench), PC + 6);
}

#define BACK_8 0xfe050ce3u /* beqz a0, -8 */
#define AHEAD_8 0x00050463u /* beqz a0, 8 */

/* Unknown branches are predicted taken only if they go backwards; known ones by their counter. */
static void branches(void **state)
{
	struct bench *bench = *state;
	const struct cva6_resolved taken = {
		.valid = true, .taken = true, .flow = CVA6_FLOW_BRANCH, .pc = PC,
	};

	scan(bench, PC, AHEAD_8);
	assert_false(bench->scan.predicted);
	scan(bench, PC, BACK_8);
	assert_true(bench->scan.predicted);
	assert_int_equal(bench->scan.target, PC - 8);
	cva6_predictors_learn(&bench->predictors, &taken);
	/* A branch that was taken once is known, but still predicted not taken. */
	scan(bench, PC, BACK_8);
	assert_false(bench->scan.predicted);
	cva6_predictors_learn(&bench->predictors, &taken);
	scan(bench, PC, AHEAD_8);
	assert_true(bench->scan.predicted);
	assert_int_equal(bench->scan.target, PC + 8);
}

#define JAL_RA 0x010000efu /* jal ra, 16 */
#define RET 0x00008067u
#define C_RET 0x8082u

static void calls_and_returns(void **state)
{
	struct bench *bench = *state;

	scan(bench, PC, JAL_RA);
	assert_true(bench->scan.predicted);
	assert_int_equal(bench->scan.target, PC + 16);
	scan(bench, PC + 16, RET);
	assert_true(bench->scan.predicted);
	assert_int_equal(bench->scan.target, PC + 4);
}

/* A return with no address on the stack is not followed, but takes the place of one that is. */
static void returns_without_calls(void **state)
{
	struct bench *bench = *state;

	scan(bench, PC, C_NOP << 16 | C_RET);
	assert_false(bench->scan.predicted);
	assert_int_equal(bench->fe.queue.targets, 1);
	/* The return also hides the rest of its word. */
	assert_int_equal(next_pc(bench), PC);
	assert_int_equal(next_pc(bench), 0);
}

/* A branch before a call in the same word keeps the call off the stack, even if it is not taken. */
static void a_branch_cancels_the_call_behind_it(void **state)
{
	struct bench *bench = *state;
	const u32 c_beqz_ahead = 0xc501u, c_jalr_a0 = 0x9502u;

	scan(bench, PC, c_jalr_a0 << 16 | c_beqz_ahead);
	assert_int_equal(ras_top(&bench->predictors.ras), 0);
	scan(bench, PC + 8, c_jalr_a0 << 16 | C_NOP);
	assert_int_equal(ras_top(&bench->predictors.ras), (PC + 12) | 1);
}

static void indirect_jumps(void **state)
{
	struct bench *bench = *state;
	const u32 jr_a0 = 0x00050067u;
	const struct cva6_resolved resolved = {
		.valid = true, .mispredict = true, .flow = CVA6_FLOW_JALR, .pc = PC,
		.target = PC + 0x400,
	};

	scan(bench, PC, jr_a0);
	assert_false(bench->scan.predicted);
	cva6_predictors_learn(&bench->predictors, &resolved);
	scan(bench, PC, jr_a0);
	assert_true(bench->scan.predicted);
	assert_int_equal(bench->scan.target, PC + 0x400);
}

#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, cva6_frontend_setup, cva6_frontend_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(two_halves_of_a_word),  TEST(instructions_across_words),
	TEST(branches),		     TEST(calls_and_returns),
	TEST(returns_without_calls), TEST(a_branch_cancels_the_call_behind_it),
	TEST(indirect_jumps),
	{ 0 },
};
