/* SPDX-License-Identifier: MIT */
/*
 * Tests loops that look up numbers in tables. Where the index is known to be small, the table is a
 * stream of the strip (cpu/jit/loop/form.c); elsewhere the access has a site in the strip (U-mode)
 * or looks in the TLB view (S-mode). The tables are near the end of a page, and indices are as
 * large as what is known of them allows, so an index that is thought to be smaller than it is leads
 * to another page. The paranoid flavour has blocks of one instruction, and so no loops.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/loops/loop_pages.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "tests/cpu/random.h"

#define PROGRAMS 800
#define LOOKUPS 3 /* in each loop */
#define ITERATIONS 600
#define INSNS_MOST 80 /* of a loop */
#define INDEX_BITS 11

#define TRAPS (RAM_BASE + PAGE_SIZE) /* the handler of loop_begin */

enum { COUNT = 9, FROM = 10, TABLE = 11, INDEX = 12, OTHER = 13, SUM = 14, HANDLER = 15 };

/* An x register, and how many bits its value may have; 64: any. */
struct number {
	unsigned reg, bits;
};

/* Emits the load of a random number. */
static struct number make_number(struct emit *e, unsigned reg, u64 *seed)
{
	static const struct {
		u16 op;
		u8 bits;
	} loads[] = { { OP_lbu, 8 }, { OP_lhu, 16 }, { OP_lwu, 32 }, { OP_lw, 64 }, { OP_ld, 64 } };
	const unsigned n = (unsigned)(random_u64(seed) % ARRAY_SIZE(loads));

	emit_load(e, e->match[loads[n].op], reg, FROM, (s64)(random_u64(seed) % 8) * 8);
	return (struct number){ reg, loads[n].bits };
}

/* Emits a shift by a constant; returns how many bits the result may have. */
static unsigned make_shift(struct emit *e, unsigned reg, unsigned bits, u64 *seed)
{
	const unsigned by = (unsigned)(random_u64(seed) % 32);
	const unsigned more = (unsigned)(random_u64(seed) % 2) * 32;

	switch (random_u64(seed) % 4) {
	case 0:
		emit_shift(e, e->match[OP_slli], reg, reg, by + more);
		return MIN(bits + by + more, 64);
	case 1:
		emit_shift(e, e->match[OP_srli], reg, reg, by + more);
		return bits - MIN(bits, by + more);
	case 2:
		emit_shift(e, e->match[OP_slliw], reg, reg, by);
		return bits + by < 32 ? bits + by : 64;
	default:
		emit_shift(e, e->match[OP_srliw], reg, reg, by);
		if (by == 0)
			return bits < 32 ? bits : 64;
		return MIN(bits, 32) - MIN(MIN(bits, 32), by);
	}
}

/* Emits an operation of the number with another one. */
static unsigned make_sum(struct emit *e, struct number to, struct number with, u64 *seed)
{
	static const u16 ops[] = { OP_or, OP_xor, OP_and, OP_add, OP_add, OP_add };
	const unsigned n = (unsigned)(random_u64(seed) % ARRAY_SIZE(ops));

	emit_r(e, e->match[ops[n]], to.reg, to.reg, with.reg);
	if (ops[n] == OP_and)
		return MIN(to.bits, with.bits);
	return MIN(MAX(to.bits, with.bits) + (ops[n] == OP_add), 64);
}

static unsigned make_operation(struct emit *e, struct number to, struct number with, u64 *seed)
{
	switch (random_u64(seed) % 6) {
	case 0:
		emit_load(e, e->match[OP_andi], to.reg, to.reg, -16);
		return to.bits;
	case 1:
		emit_load(e, e->match[OP_andi], to.reg, to.reg, 0x3ff);
		return MIN(to.bits, 10);
	case 2:
		emit_load(e, e->match[OP_addiw], to.reg, to.reg, 0);
		return to.bits < 32 ? to.bits : 64;
	case 3:
		return make_sum(e, to, with, seed);
	default:
		return make_shift(e, to.reg, to.bits, seed);
	}
}

/* Emits a branch around an operation, which it skips sometimes. */
static unsigned make_skipped(struct emit *e, struct number to, struct number with, u64 *seed)
{
	u16 *branch = emit_branch(e, e->match[OP_bge], SUM, FROM);
	const unsigned bits = make_operation(e, to, with, seed);

	emit_patch_branch(e, branch);
	return MAX(bits, to.bits);
}

/* Emits the computation of an index into a table, and an access to the table. */
static void make_lookup(struct emit *e, u64 *seed)
{
	static const u16 accesses[] = { OP_lbu, OP_lw, OP_ld, OP_sb, OP_sd };
	const u16 access = accesses[random_u64(seed) % ARRAY_SIZE(accesses)];
	struct number index = make_number(e, INDEX, seed), other = make_number(e, OTHER, seed);

	for (unsigned n = 1 + (unsigned)(random_u64(seed) % 5); n > 0; n--)
		index.bits = random_u64(seed) % 5 ? make_operation(e, index, other, seed) :
						    make_skipped(e, index, other, seed);
	if (index.bits > INDEX_BITS)
		emit_shift(e, e->match[OP_srli], INDEX, INDEX, 64 - INDEX_BITS);
	/* Sometimes the page is another one in each iteration. */
	if (random_u64(seed) % 4 == 0) {
		emit_load(e, e->match[OP_andi], OTHER, OTHER, 3);
		emit_shift(e, e->match[OP_slli], OTHER, OTHER, PAGE_SHIFT);
		emit_r(e, e->match[OP_add], INDEX, INDEX, OTHER);
	}
	emit_r(e, e->match[OP_add], INDEX, INDEX, TABLE);
	if (access == OP_sb || access == OP_sd)
		emit_store(e, e->match[access], INDEX, SUM, 0);
	else
		emit_load(e, e->match[access], OTHER, INDEX, 0);
	emit_r(e, e->match[OP_add], SUM, SUM, OTHER);
}

/* Emits the beginning of the loop; returns the address of its first instruction. */
static u64 begin_loop(struct emit *e)
{
	emit_addi(e, COUNT, 0, ITERATIONS);
	return e->pc;
}

static void end_loop(struct emit *e, u64 head)
{
	emit_addi(e, FROM, FROM, 8);
	emit_addi(e, COUNT, COUNT, -1);
	emit_branch_to(e, e->match[OP_bne], COUNT, head);
	loop_count_rest(e, COUNT);
}

static void make_loop(struct emit *e, u64 *seed)
{
	u64 head = begin_loop(e);

	for (unsigned n = 0; n < LOOKUPS; n++)
		make_lookup(e, seed);
	end_loop(e, head);
}

static void check_lookups(struct machines *machines, bool user, u64 seed)
{
	for (unsigned program = 0; program < PROGRAMS; program++) {
		struct emit e;
		struct hart *hart = loop_begin(machines, &e, &seed);

		hart->x[FROM] = LOOP_DATA + random_u64(&seed) % 64 * 8;
		hart->x[TABLE] = LOOP_DATA + (LOOP_PAGES / 2) * PAGE_SIZE - 1 -
				 random_u64(&seed) % (2u << random_u64(&seed) % INDEX_BITS);
		hart->x[SUM] = random_u64(&seed);
		make_loop(&e, &seed);
		if (user)
			loop_in_user_mode(hart, &e);
		directed_check(machines, (u64)ITERATIONS * INSNS_MOST);
	}
}

static void test_lookups(struct machines *machines)
{
	check_lookups(machines, false, 11);
}

static void test_lookups_of_users(struct machines *machines)
{
	check_lookups(machines, true, 12);
}

/*
 * A loop that loads from a random one of four pages, and then stores to it: two of the pages refuse
 * stores.
 */
static void test_refused_stores(struct machines *machines)
{
	u64 seed = 13, head;

	for (unsigned program = 0; program < 20; program++) {
		struct emit e;
		struct hart *hart = loop_begin(machines, &e, &seed);

		hart->x[FROM] = LOOP_DATA + random_u64(&seed) % 64 * 8;
		hart->x[TABLE] = LOOP_DATA + LOOP_RIVAL + random_u64(&seed) % 64 * 8;
		head = begin_loop(&e);
		emit_load(&e, e.match[OP_lbu], INDEX, FROM, 0);
		emit_load(&e, e.match[OP_andi], INDEX, INDEX, 3);
		emit_shift(&e, e.match[OP_slli], INDEX, INDEX, PAGE_SHIFT);
		emit_r(&e, e.match[OP_add], INDEX, INDEX, TABLE);
		emit_load(&e, e.match[OP_lw], OTHER, INDEX, 0);
		emit_store(&e, e.match[OP_sw], INDEX, SUM, 8);
		emit_r(&e, e.match[OP_add], SUM, SUM, OTHER);
		end_loop(&e, head);
		emit_skipping_handler(&e, TRAPS, HANDLER);
		loop_in_user_mode(hart, &e);
		directed_check(machines, (u64)ITERATIONS * 14);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_lookups),
	DIRECTED(test_lookups_of_users),
	DIRECTED(test_refused_stores),
	{ 0 },
};
