/* SPDX-License-Identifier: MIT */
/*
 * Tests loops whose checks of memory native code hoists (cpu/jit/loop), over pages that are not in
 * order in RAM, so that the addend is different in each page: streams of words and numbers,
 * accesses elsewhere between them, pairs of instructions, branches in the loop, more x registers
 * than host registers hold, singles in NaN boxes and outside of them. Some have no accesses, some
 * contain other loops. The paranoid flavour has blocks of one instruction, and so none of this.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "tests/cpu/random.h"

#define PROGRAMS 400
#define ITEMS 10
#define NAN_BOX (~0ull << 32) /* of a single */
#define FS_INITIAL (MSTATUS_FS & -MSTATUS_FS)
#define REGISTERS 12 /* from a4 on: more than host registers hold */
#define ITERATIONS 1200 /* of the loop: words of more than two pages */

enum { LATE = 8, COUNT = 9, FROM = 10, TO = 11, COPY = 12, ELSEWHERE = 13 };

/* For loops in loops, by depth: the loop's position in its words, and its end or its count. */
enum { AT = 26, END = 28, LIMIT = 30, OTHER = 31, DEPTHS = 2 };
enum { SHARED_AT = 5, SHARED_END = 6 }; /* for a loop that begins where the loop around it does */

/*
 * A register with a number of more than 32 bits. An address plus that number is in the same page.
 */
enum { BIG = 7 };

enum kind { KIND_ACCESSES, KIND_PLAIN, KIND_NESTED, KIND_COPIES };

static unsigned some_register(u64 *seed)
{
	return 14 + (unsigned)(random_u64(seed) % REGISTERS);
}

/* Emits an access, without `fp` of an x register. */
static void make_access(struct emit *e, unsigned base, bool fp, u64 *seed)
{
	static const u16 loads[] = { OP_ld, OP_lw, OP_lbu, OP_fld, OP_flw };
	static const u16 stores[] = { OP_sd, OP_sw, OP_sb, OP_fsd, OP_fsw };
	const s64 imm = (s64)(random_u64(seed) % 4) * 8;
	const unsigned reg = some_register(seed), kinds = fp ? ARRAY_SIZE(loads) : 3;

	if (base == TO || base == COPY || random_u64(seed) % 4 == 0)
		emit_store(e, e->match[stores[random_u64(seed) % kinds]], base, reg, imm);
	else
		emit_load(e, e->match[loads[random_u64(seed) % kinds]], reg, base, imm);
}

/* Emits two instructions that become one of the host's, which may need an additional register. */
static void make_pair(struct emit *e, u64 *seed)
{
	const unsigned reg = some_register(seed);

	emit_shift(e, e->match[OP_slli], reg, reg, 1 + (unsigned)(random_u64(seed) % 3));
	emit_r(e, e->match[OP_add], reg, reg, 16);
}

/* Emits an access after a branch, which is sometimes taken. */
static void make_branch(struct emit *e, bool fp, u64 *seed)
{
	u16 *branch = emit_branch(e, e->match[OP_bge], 14, 15);

	make_access(e, random_u64(seed) % 2 ? FROM : ELSEWHERE, fp, seed);
	emit_patch_branch(e, branch);
}

/* Emits operations on singles, some of which are not in NaN boxes at first, and on doubles. */
static void make_number(struct emit *e, u64 *seed)
{
	static const u16 ops[] = { OP_fadd_d, OP_fadd_s, OP_fmul_s, OP_fsgnjn_s };
	const unsigned rd = some_register(seed), rs1 = some_register(seed);

	emit_r(e, e->match[ops[random_u64(seed) % ARRAY_SIZE(ops)]], rd, rs1, some_register(seed));
}

/*
 * Emits code that, from a later iteration on, makes mstatus.FS Dirty, or puts a double into a
 * register that had a single in its NaN box before.
 */
static void make_late(struct emit *e, bool fp, u64 *seed)
{
	const unsigned reg = some_register(seed);
	u16 *branch;

	if (fp)
		emit_r(e, e->match[OP_fadd_s], some_register(seed), reg, reg);
	branch = emit_branch(e, e->match[OP_bge], COUNT, LATE);
	emit_r(e, e->match[OP_fadd_d], reg, reg, some_register(seed));
	emit_patch_branch(e, branch);
}

/*
 * Emits an item of a loop without accesses, whose strip saves NaN boxing and accesses to registers
 * in memory.
 */
static void make_plain_item(struct emit *e, u64 *seed)
{
	static const u16 ops[] = { OP_add, OP_addw, OP_xor, OP_mul, OP_sltu, OP_sll };
	const unsigned rd = some_register(seed), rs1 = some_register(seed);

	if (random_u64(seed) % 4 == 0)
		make_pair(e, seed);
	else if (random_u64(seed) % 2)
		make_number(e, seed);
	else
		emit_r(e, e->match[ops[random_u64(seed) % ARRAY_SIZE(ops)]], rd, rs1,
		       some_register(seed));
}

static void make_item(struct emit *e, bool fp, u64 *seed)
{
	switch (random_u64(seed) % 8) {
	case 0:
		make_pair(e, seed);
		break;
	case 1:
		make_branch(e, fp, seed);
		break;
	case 2:
		/* This is another word of the same page. */
		emit_load(e, e->match[OP_xori], ELSEWHERE, FROM, 0x400);
		make_access(e, ELSEWHERE, fp, seed);
		break;
	case 3:
		if (fp)
			make_number(e, seed);
		break;
	case 4:
	case 5:
		make_access(e, random_u64(seed) % 2 ? TO : COPY, fp, seed);
		break;
	default:
		make_access(e, FROM, fp, seed);
	}
}

/*
 * Emits a copy of TO to COPY. Some iterations may skip it, so that COPY is from an earlier
 * iteration; the first iteration may begin after it.
 */
static void make_copy(struct emit *e, u16 *begin, u64 *seed)
{
	u16 *branch = random_u64(seed) % 4 ? NULL : emit_branch(e, e->match[OP_bge], 14, 15);

	emit_addi(e, COPY, TO, (s64)(random_u64(seed) % 2) * 8);
	if (branch)
		emit_patch_branch(e, branch);
	if (begin)
		emit_patch_branch(e, begin);
}

static void make_loop(struct emit *e, bool plain, u64 *seed)
{
	const bool late = random_u64(seed) % 2, fp = !late || random_u64(seed) % 2;
	u16 *begin;
	u64 head;

	emit_addi(e, COUNT, 0, ITERATIONS);
	emit_addi(e, LATE, 0, (s64)(random_u64(seed) % ITERATIONS));
	begin = random_u64(seed) % 2 ? emit_branch(e, e->match[OP_beq], 0, 0) : NULL;
	head = e->pc;
	if (late)
		make_late(e, fp, seed);
	for (unsigned n = 0; n < ITEMS; n++) {
		if (plain)
			make_plain_item(e, seed);
		else
			make_item(e, fp, seed);
	}
	emit_addi(e, FROM, FROM, 8);
	emit_addi(e, TO, TO, 8);
	make_copy(e, begin, seed);
	emit_addi(e, COUNT, COUNT, -1);
	emit_branch_to(e, e->match[OP_bne], COUNT, head);
	loop_count_rest(e, COUNT);
}

/* Emits something that a loop with other loops in it may do. */
static void make_straight_item(struct emit *e, unsigned base, u64 *seed)
{
	switch (random_u64(seed) % 6) {
	case 0:
	case 1:
		make_plain_item(e, seed);
		break;
	case 2:
		/* This is the number, or its lower word, which is small. */
		if (random_u64(seed) % 2)
			emit_addi(e, OTHER, BIG, 8);
		else
			emit_load(e, e->match[OP_addiw], OTHER, BIG, 8);
		emit_r(e, e->match[OP_add], OTHER, OTHER, base);
		make_access(e, OTHER, true, seed);
		break;
	default:
		make_access(e, base, true, seed);
	}
}

/*
 * Emits a loop of few iterations, whose end depends on the number of its words, which may change,
 * or on a count. Returns a branch out of all loops, or NULL.
 */
static u16 *make_inner(struct emit *e, unsigned depth, unsigned from, u64 *seed)
{
	const unsigned at = AT + depth, end = END + depth;
	const bool counted = random_u64(seed) % 2;
	u16 *out = NULL;
	u64 head;

	emit_addi(e, at, from, (s64)(random_u64(seed) % 2) * 16);
	if (counted)
		emit_addi(e, end, 0, 1 + (s64)(random_u64(seed) % 4));
	else
		emit_r(e, e->match[OP_add], end, at, LIMIT);
	head = e->pc;
	make_straight_item(e, at, seed);
	if (depth == 0 && random_u64(seed) % 3 == 0)
		out = emit_branch(e, e->match[OP_blt], COUNT, LATE);
	if (random_u64(seed) % 8 == 0)
		make_branch(e, true, seed);
	if (depth + 1 < DEPTHS && random_u64(seed) % 3 == 0)
		make_inner(e, depth + 1, random_u64(seed) % 2 ? at : from, seed);
	if (random_u64(seed) % 2)
		make_straight_item(e, random_u64(seed) % 2 ? at : from, seed);
	/* Words that are far from each other belong to two streams. */
	emit_addi(e, at, at, counted && random_u64(seed) % 4 == 0 ? 720 : 8);
	if (counted)
		emit_load(e, e->match[random_u64(seed) % 2 ? OP_addi : OP_addiw], end, end, -1);
	emit_branch_to(e, e->match[OP_bne] | (counted ? 0 : end) << 20, counted ? end : at, head);
	return out;
}

/* Emits a loop that begins where the loop around it does, and makes its iterations before those. */
static void make_shared(struct emit *e, u64 head, u64 *seed)
{
	make_straight_item(e, SHARED_AT, seed);
	emit_addi(e, SHARED_AT, SHARED_AT, 8);
	emit_branch_to(e, e->match[OP_bne] | SHARED_END << 20, SHARED_AT, head);
	emit_addi(e, SHARED_END, SHARED_END, 8 + (s64)(random_u64(seed) % 3) * 8);
}

/*
 * Emits a loop with others in it; from some iteration on the inner loops have other numbers of
 * iterations.
 */
static void make_nest(struct emit *e, u64 *seed)
{
	u16 *out[ITEMS] = { NULL };
	u64 head;

	emit_addi(e, COUNT, 0, ITERATIONS / 4);
	emit_addi(e, LATE, 0, (s64)(random_u64(seed) % (ITERATIONS / 2)) - ITERATIONS / 4);
	emit_addi(e, SHARED_AT, FROM, 0);
	emit_addi(e, SHARED_END, FROM, 16);
	head = e->pc;
	if (random_u64(seed) % 4 == 0)
		make_shared(e, head, seed);
	for (unsigned n = 0; n < ITEMS / 3; n++) {
		const unsigned base = random_u64(seed) % 2 ? FROM : TO;

		if (random_u64(seed) % 2)
			out[n] = make_inner(e, 0, base, seed);
		else
			make_straight_item(e, base, seed);
	}
	if (random_u64(seed) % 2) {
		emit_r(e, e->match[OP_slt], OTHER, 14, 15);
		emit_shift(e, e->match[OP_slli], OTHER, OTHER, 3);
		emit_addi(e, LIMIT, OTHER, 8);
	}
	emit_addi(e, FROM, FROM, 8);
	emit_addi(e, TO, TO, 8);
	emit_addi(e, COUNT, COUNT, -1);
	emit_branch_to(e, e->match[OP_bne], COUNT, head);
	for (unsigned n = 0; n < ITEMS; n++)
		if (out[n])
			emit_patch_branch(e, out[n]);
	loop_count_rest(e, COUNT);
}

/*
 * Emits a loop in which an inner loop has three iterations and one iteration alternately, so that a
 * register is a copy of what another register was 24 bytes before, or 8.
 */
static void make_copy_nest(struct emit *e)
{
	u64 head, inner;

	emit_addi(e, COUNT, 0, ITERATIONS / 3);
	head = e->pc;
	emit_load(e, e->match[OP_ld], 14, COPY, 0);
	emit_r(e, e->match[OP_xor], 15, 15, 14);
	emit_addi(e, END, COPY, 32);
	emit_addi(e, COPY, TO, 0);
	inner = e->pc;
	emit_addi(e, TO, TO, 8);
	emit_branch_to(e, e->match[OP_bne] | END << 20, TO, inner);
	emit_addi(e, COUNT, COUNT, -1);
	emit_branch_to(e, e->match[OP_bne], COUNT, head);
	loop_count_rest(e, COUNT);
}

static void make_program(struct emit *e, enum kind kind, u64 *seed)
{
	switch (kind) {
	case KIND_COPIES:
		make_copy_nest(e);
		break;
	case KIND_NESTED:
		make_nest(e, seed);
		break;
	default:
		make_loop(e, kind == KIND_PLAIN, seed);
	}
}

static void check_loops(struct machines *machines, enum kind kind, u64 seed)
{
	for (unsigned program = 0; program < PROGRAMS; program++) {
		struct emit e;
		struct hart *hart = loop_begin(machines, &e, &seed);

		hart->mstatus = FS_INITIAL;
		hart->x[FROM] = hart->x[ELSEWHERE] = LOOP_DATA + random_u64(&seed) % 64 * 8;
		hart->x[TO] = LOOP_DATA + LOOP_PAGES / 2 * PAGE_SIZE + random_u64(&seed) % 64 * 8;
		hart->x[COPY] = hart->x[TO] + PAGE_SIZE;
		hart->x[BIG] = LOOP_FAR;
		hart->x[LIMIT] = 8 + random_u64(&seed) % 3 * 8;
		for (unsigned reg = 0; program % 2 && reg < 32; reg++)
			hart->f[reg] |= NAN_BOX;
		if (kind == KIND_COPIES) {
			/* The loop gives up soon, so the page's end is near. */
			hart->x[TO] += PAGE_SIZE - 1024;
			hart->x[COPY] = hart->x[TO] - 8;
		}
		make_program(&e, kind, &seed);
		directed_check(machines, (u64)ITERATIONS * ITEMS + random_u64(&seed) % ITERATIONS);
	}
}

static void test_loops(struct machines *machines)
{
	check_loops(machines, KIND_ACCESSES, 5);
}

static void test_plain_loops(struct machines *machines)
{
	check_loops(machines, KIND_PLAIN, 6);
}

static void test_nested_loops(struct machines *machines)
{
	check_loops(machines, KIND_NESTED, 7);
}

static void test_nested_copies(struct machines *machines)
{
	check_loops(machines, KIND_COPIES, 8);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_loops),
	DIRECTED(test_plain_loops),
	DIRECTED(test_nested_loops),
	DIRECTED(test_nested_copies),
	{ 0 },
};
