/* SPDX-License-Identifier: MIT */
/*
 * Tests loops for which native code that does several iterations at once was once wrong, or took
 * for ever to make.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/hart/limits.h"
#include "cpu/jit/impl.h"
#include "tests/cpu/random.h"

#define STEPS 30000

/* Pointers, a count, a number that does not change, a sum, a shift, and elements. */
enum { FROM = 10, OTHER = 11, TO = 12, COUNT = 13, FIXED = 14, SUM = 15, SHIFT = 16, VALUE = 17 };
/* The registers that a branch compares. */
enum { ONE = 5, ANOTHER = 6 };

static struct hart *begin(struct machines *machines, struct emit *e)
{
	u64 seed = 1;
	struct hart *hart = loop_begin(machines, e, &seed);

	for (unsigned reg = 1; reg < 32; reg++)
		hart->x[reg] = random_u64(&seed);
	hart->x[FROM] = LOOP_DATA + 64;
	hart->x[OTHER] = LOOP_DATA + LOOP_PAGES / 4 * PAGE_SIZE;
	hart->x[TO] = LOOP_DATA + LOOP_PAGES / 2 * PAGE_SIZE;
	hart->x[COUNT] = 1500;
	return hart;
}

static void check_rest(struct machines *machines, struct emit *e)
{
	loop_count_rest(e, COUNT);
	directed_check(machines, STEPS);
}

/*
 * Six bits of a register determine how far a doubleword is shifted, and five bits how far a word.
 */
static void test_masks(struct machines *machines)
{
	static const u16 ops[] = { OP_sll, OP_srlw, OP_sll };

	for (unsigned n = 0; n < 2; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e);
		const u64 head = e.pc;

		hart->x[SHIFT] = 40;
		emit_load(&e, e.match[OP_lw], VALUE, FROM, 0);
		emit_load(&e, e.match[OP_lw], VALUE + 1, OTHER, 0);
		emit_r(&e, e.match[ops[n]], VALUE, VALUE, SHIFT);
		emit_r(&e, e.match[ops[n + 1]], VALUE + 1, VALUE + 1, SHIFT);
		emit_r(&e, e.match[OP_or], VALUE, VALUE, VALUE + 1);
		emit_store(&e, e.match[OP_sw], TO, VALUE, 0);
		emit_addi(&e, FROM, FROM, 4);
		emit_addi(&e, OTHER, OTHER, 4);
		emit_addi(&e, TO, TO, 4);
		emit_addi(&e, COUNT, COUNT, -1);
		emit_branch_to(&e, e.match[OP_bne], COUNT, head);
		check_rest(machines, &e);
	}
}

/* Both operands of a branch move, and one of them wraps before they are equal. */
static void test_ends(struct machines *machines)
{
	static const struct {
		u16 op;
		u64 one;
		s16 step;
		u64 another;
		s16 other;
	} rows[] = {
		{ OP_bltu, 1600, -4, 20000, -8 },
		{ OP_blt, INT64_MAX - 12000, 8, INT64_MAX - 3000, 4 },
		{ OP_bgeu, -3000ull, 4, -20000ull, 8 },
		{ OP_bge, (u64)INT64_MIN + 3000, -4, (u64)INT64_MIN + 1000, -8 },
		{ OP_bne, -3000ull, 8, -1000ull, 4 },
		{ OP_bltu, 100, 4, 9000, -4 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e);
		const u64 head = e.pc;

		hart->x[ONE] = rows[n].one;
		hart->x[ANOTHER] = rows[n].another;
		emit_store(&e, e.match[OP_sd], TO, FIXED, 0);
		emit_addi(&e, TO, TO, 8);
		emit_addi(&e, ONE, ONE, rows[n].step);
		emit_addi(&e, ANOTHER, ANOTHER, rows[n].other);
		emit_branch_to(&e, e.match[rows[n].op] | ANOTHER << 20, ONE, head);
		check_rest(machines, &e);
	}
}

/*
 * A sum is twice a value that is twice another value, and so on: there are too many paths to follow
 * all.
 */
static void test_many_ways(struct machines *machines)
{
	struct emit e;
	u64 head;

	begin(machines, &e);
	head = e.pc;
	emit_load(&e, e.match[OP_lw], VALUE, FROM, 0);
	for (unsigned n = 0; n < 50; n++)
		emit_r(&e, e.match[OP_addw], VALUE, VALUE, VALUE);
	emit_r(&e, e.match[OP_addw], SUM, SUM, VALUE);
	emit_addi(&e, FROM, FROM, 4);
	emit_addi(&e, COUNT, COUNT, -1);
	emit_branch_to(&e, e.match[OP_bne], COUNT, head);
	check_rest(machines, &e);
}

/*
 * Three streams are written, with a long expression that changes in each iteration: this is much
 * code.
 */
static void test_much_code(struct machines *machines)
{
	enum { STREAM = 5, STREAMS = 8, MOVES = 18, WORD = 28 };
	struct emit e;
	struct hart *hart = begin(machines, &e);
	const u64 head = e.pc;

	for (unsigned n = 0; n < STREAMS; n++)
		hart->x[STREAM + n] = LOOP_DATA + n * PAGE_SIZE + 64;
	emit_load(&e, e.match[OP_lw], WORD, STREAM, 0);
	for (unsigned n = 0; n < 13; n++)
		emit_r(&e, e.match[OP_mulw], WORD, WORD, FIXED + n % 3);
	for (unsigned n = 1; n < 5; n++) {
		emit_load(&e, e.match[OP_lw], WORD + 1, STREAM + n, 0);
		emit_r(&e, e.match[OP_xor], WORD, WORD, WORD + 1);
	}
	for (unsigned n = 5; n < STREAMS; n++) {
		emit_r(&e, e.match[OP_addw], WORD + 1, WORD, MOVES + n % 2);
		emit_store(&e, e.match[OP_sw], STREAM + n, WORD + 1, 0);
	}
	for (unsigned n = 0; n < STREAMS; n++)
		emit_addi(&e, STREAM + n, STREAM + n, 4);
	for (unsigned reg = MOVES; reg < WORD; reg++)
		emit_addi(&e, reg, reg, 200);
	emit_addi(&e, COUNT, COUNT, -1);
	emit_branch_to(&e, e.match[OP_bne], COUNT, head);
	check_rest(machines, &e);
}

/*
 * Runs a loop that copies eight elements in an iteration; returns the size of its native code in
 * bytes.
 */
static u64 copy_elements(struct machines *machines, u16 load, u16 store, unsigned size)
{
	const struct jit *jit = machines->m[1].jit;
	struct emit e;
	struct hart *hart = begin(machines, &e);
	const u64 head = e.pc, before = jit ? jit->stats.bytes : 0;

	hart->x[COUNT] = 200;
	for (unsigned n = 0; n < 8; n++)
		emit_load(&e, e.match[load], VALUE + n, FROM, (s16)(n * size));
	for (unsigned n = 0; n < 8; n++)
		emit_store(&e, e.match[store], TO, VALUE + n, (s16)(n * size));
	emit_addi(&e, FROM, FROM, (s16)(8 * size));
	emit_addi(&e, TO, TO, (s16)(8 * size));
	emit_addi(&e, COUNT, COUNT, -1);
	emit_branch_to(&e, e.match[OP_bne], COUNT, head);
	check_rest(machines, &e);
	return jit ? jit->stats.bytes - before : 0;
}

/*
 * Iterations that only copy bytes are not done several at once, for which there would be more code:
 * Linux measures such a loop to find out whether misaligned words are worthwhile.
 */
static void test_bytes(struct machines *machines)
{
	const u64 bytes = copy_elements(machines, OP_lb, OP_sb, 1);
	const u64 halves = copy_elements(machines, OP_lh, OP_sh, 2);

	/* Blocks of one instruction have no loops. */
	if (machines->m[1].jit && !limits_paranoid())
		assert_true(bytes && bytes + 64 < halves);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_masks),
	DIRECTED(test_ends),
	DIRECTED(test_many_ways),
	DIRECTED(test_much_code),
	DIRECTED(test_bytes),
	{ 0 },
};
