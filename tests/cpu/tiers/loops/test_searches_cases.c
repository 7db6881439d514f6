/* SPDX-License-Identifier: MIT */
/* Tests searches (cpu/jit/loop/search.h) for which native code was once wrong. */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"

#include <string.h>

#define STEPS 400000
#define FOUND 0xee /* the byte that ends the loops */

enum { BASE = 10, FIXED = 13, VALUE = 14, OTHER = 15, ROUNDS = 16, BEFORE = 17, RESULT = 18,
       SUM = 19 };

static struct hart *begin(struct machines *machines, struct emit *e, unsigned rounds)
{
	u64 seed = 1;
	struct hart *hart = loop_begin(machines, e, &seed);

	memset(hart->x, 0, sizeof(hart->x));
	hart->x[FIXED] = FOUND;
	hart->x[ROUNDS] = rounds;
	return hart;
}

/* Emits the start of a round, the address at which the loop begins; returns where the round is. */
static u64 begin_round(struct emit *e)
{
	const u64 again = e->pc;

	emit_lui(e, BASE, (LOOP_DATA + 3 * PAGE_SIZE) >> 12);
	return again;
}

/* Emits the comparison of the byte at a register plus a constant; returns the branch if equal. */
static u16 *emit_compare(struct emit *e, unsigned address, s64 at)
{
	emit_load(e, e->match[OP_lbu], VALUE, address, at);
	return emit_branch(e, e->match[OP_beq], VALUE, FIXED);
}

/* Emits the end of the loop, out of which `found` leads. */
static void end_loop(struct emit *e, s64 step, u64 head, u16 *found)
{
	emit_addi(e, BASE, BASE, step);
	emit_jump(e, head);
	emit_patch_branch(e, found);
}

/* Ends a round: adds a register to the sum. */
static void end_round(struct machines *machines, struct emit *e, unsigned reg, u64 again)
{
	emit_r(e, e->match[OP_add], SUM, SUM, reg);
	emit_addi(e, ROUNDS, ROUNDS, -1);
	emit_branch_to(e, e->match[OP_bne], ROUNDS, again);
	loop_count_rest(e, ROUNDS);
	directed_check(machines, STEPS);
}

/* The lowest element that is compared is more than a page below the register of the address. */
static void test_low_address(struct machines *machines)
{
	struct emit e;
	u64 again, head;
	u16 *found;

	begin(machines, &e, 400);
	again = begin_round(&e);
	emit_addi(&e, BASE, BASE, 1600);
	head = e.pc;
	emit_addi(&e, OTHER, BASE, -2048);
	found = emit_compare(&e, OTHER, -2040);
	end_loop(&e, -1, head, found);
	end_round(machines, &e, BASE, again);
}

/*
 * In its own block, a register has a sign-extended word at the start of the search; in the block
 * that continues the loop it has something else.
 */
static void test_word(struct machines *machines)
{
	struct emit e;
	u64 again, head;
	struct hart *hart = begin(machines, &e, 200);
	u16 *continued, *skip;

	hart->x[BEFORE] = BIT(40);
	again = begin_round(&e);
	emit_addi(&e, OTHER, 0, 0);
	skip = emit_branch(&e, e.match[OP_bne], ROUNDS, 0);
	emit_addi(&e, OTHER, 0, 1);
	emit_patch_branch(&e, skip);
	head = e.pc;
	emit_load(&e, e.match[OP_lbu], VALUE, BASE, 0);
	continued = emit_branch(&e, e.match[OP_bne], VALUE, FIXED);
	emit_load(&e, e.match[OP_addiw], RESULT, OTHER, 0);
	emit_r(&e, e.match[OP_add], SUM, SUM, RESULT);
	emit_addi(&e, ROUNDS, ROUNDS, -1);
	emit_branch_to(&e, e.match[OP_bne], ROUNDS, again);
	emit_jump(&e, e.pc);
	emit_patch_branch(&e, continued);
	/* The test begins here, so this block is known before the other one is translated. */
	hart->pc = e.pc - RAM_BASE;
	hart->x[BASE] = LOOP_DATA;
	emit_r(&e, e.match[OP_add], OTHER, BASE, BEFORE);
	emit_addi(&e, BASE, BASE, 1);
	emit_jump(&e, head);
	directed_check(machines, STEPS);
}

/* The iteration that ends the loop reads what the iteration before has left in a register. */
static void test_read(struct machines *machines)
{
	struct emit e;
	u64 again, head;
	u16 *found;

	begin(machines, &e, 100);
	again = begin_round(&e);
	head = e.pc;
	emit_addi(&e, OTHER, BEFORE, 0);
	emit_addi(&e, BEFORE, BASE, 0);
	found = emit_compare(&e, BASE, 0);
	emit_addi(&e, OTHER, 0, 0);
	end_loop(&e, 1, head, found);
	end_round(machines, &e, OTHER, again);
}

/* A register is counted up, and set back, in each iteration. */
static void test_reset(struct machines *machines)
{
	struct emit e;
	u64 again, head;
	u16 *found;

	begin(machines, &e, 100);
	again = begin_round(&e);
	emit_addi(&e, OTHER, 0, 7);
	head = e.pc;
	emit_addi(&e, OTHER, OTHER, 4);
	found = emit_compare(&e, BASE, 0);
	emit_addi(&e, OTHER, 0, 0);
	end_loop(&e, 1, head, found);
	end_round(machines, &e, OTHER, again);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_low_address), DIRECTED(test_word), DIRECTED(test_read), DIRECTED(test_reset),
	{ 0 },
};
