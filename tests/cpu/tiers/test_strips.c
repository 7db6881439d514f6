/* SPDX-License-Identifier: MIT */
/*
 * Loops whose checks of memory native code hoists (cpu/jit/loop), over pages that are not in
 * order in RAM, so that what is to be added to an address is another one in each page: streams of
 * words and numbers, accesses elsewhere between them, pairs of instructions, branches in the loop,
 * more x registers than the host's hold, singles in NaN boxes and others. Some have no accesses.
 * The paranoid flavour has blocks of one instruction, and so none of this.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/pte.h"
#include "tests/cpu/random.h"

#define TRAPS (RAM_BASE + PAGE_SIZE)
#define TABLE (RAM_BASE + 2 * PAGE_SIZE) /* three pages, one of each level */
#define DATA (256 * PAGE_SIZE) /* an address, and how far into RAM its pages are */
#define DATA_PAGES 16
#define SV39 (8ull << 60)
#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define PROGRAMS 400
#define ITEMS 10
#define NAN_BOX (~0ull << 32) /* of a single */
#define FS_INITIAL (MSTATUS_FS & -MSTATUS_FS)
#define REGISTERS 12 /* from a4 on: more than registers of the host hold */
#define ROUNDS 1200 /* of the loop: words of more than two pages */

enum { LATE = 8, COUNT = 9, FROM = 10, TO = 11, COPY = 12, ELSEWHERE = 13 };

/* Maps the code where it is in RAM, from 0 on, and the pages of data in another order. */
static void make_tables(const struct emit *e)
{
	const u64 leaves = TABLE + 2 * PAGE_SIZE;

	emit_put(e, TABLE, (TABLE + PAGE_SIZE) >> 2 | PTE_V);
	emit_put(e, TABLE + PAGE_SIZE, leaves >> 2 | PTE_V);
	emit_put(e, leaves, RAM_BASE >> 2 | LEAF);
	for (u64 page = 0; page < DATA_PAGES; page++) {
		const u64 pa = RAM_BASE + DATA + page * 7 % DATA_PAGES * PAGE_SIZE;

		emit_put(e, leaves + ((DATA >> PAGE_SHIFT) + page) * PTE_SIZE, pa >> 2 | LEAF);
	}
}

static void make_data(struct machines *machines, const struct emit *e, u64 *seed)
{
	ram_mark(&machines->m[0].ram, TABLE - RAM_BASE, PAGE_SIZE);
	for (u64 page = 0; page < DATA_PAGES; page++)
		ram_mark(&machines->m[0].ram, DATA + page * PAGE_SIZE, PAGE_SIZE);
	for (u64 at = 0; at < DATA_PAGES * PAGE_SIZE; at += 8)
		emit_put(e, RAM_BASE + DATA + at, random_u64(seed));
}

static unsigned some_register(u64 *seed)
{
	return 14 + (unsigned)(random_u64(seed) % REGISTERS);
}

/* Without `fp` it is of an x register. */
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

/* Two instructions that are one of the host's, which may need a register more. */
static void make_pair(struct emit *e, u64 *seed)
{
	const unsigned reg = some_register(seed);

	emit_shift(e, e->match[OP_slli], reg, reg, 1 + (unsigned)(random_u64(seed) % 3));
	emit_r(e, e->match[OP_add], reg, reg, 16);
}

/* An access behind a branch, which goes one way and the other. */
static void make_branch(struct emit *e, bool fp, u64 *seed)
{
	u16 *branch = emit_branch(e, e->match[OP_bge], 14, 15);

	make_access(e, random_u64(seed) % 2 ? FROM : ELSEWHERE, fp, seed);
	emit_patch_branch(e, branch);
}

/* Singles, some of which are not in NaN boxes at first, and doubles. */
static void make_number(struct emit *e, u64 *seed)
{
	static const u16 ops[] = { OP_fadd_d, OP_fadd_s, OP_fmul_s, OP_fsgnjn_s };
	const unsigned rd = some_register(seed), rs1 = some_register(seed);

	emit_r(e, e->match[ops[random_u64(seed) % ARRAY_SIZE(ops)]], rd, rs1, some_register(seed));
}

/*
 * From a later round on it makes mstatus.FS Dirty, or what was a single in its box at first is a
 * double.
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

/* An item of a loop without accesses, whose strip spares it boxes and accesses to registers. */
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
		/* Some other word of the same page. */
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

/* The copy may be a round's that was left over, and the first round may begin behind it. */
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

	emit_addi(e, COUNT, 0, ROUNDS);
	emit_addi(e, LATE, 0, (s64)(random_u64(seed) % ROUNDS));
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
	emit_jump(e, e->pc);
}

static void check_loops(struct machines *machines, bool plain, u64 seed)
{

	for (unsigned program = 0; program < PROGRAMS; program++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, RAM_BASE);

		hart->priv = PRIV_S;
		hart->pc = 0;
		hart->mtvec = TRAPS;
		hart->mstatus = FS_INITIAL;
		hart->s[BANK_HS].atp = SV39 | TABLE >> PAGE_SHIFT;
		hart->x[FROM] = hart->x[ELSEWHERE] = DATA + random_u64(&seed) % 64 * 8;
		hart->x[TO] = DATA + DATA_PAGES / 2 * PAGE_SIZE + random_u64(&seed) % 64 * 8;
		hart->x[COPY] = hart->x[TO] + PAGE_SIZE;
		for (unsigned reg = 0; program % 2 && reg < 32; reg++)
			hart->f[reg] |= NAN_BOX;
		make_tables(&e);
		make_data(machines, &e, &seed);
		make_loop(&e, plain, &seed);
		directed_check(machines, (u64)ROUNDS * ITEMS + random_u64(&seed) % ROUNDS);
	}
}

static void test_loops(struct machines *machines)
{
	check_loops(machines, false, 5);
}

static void test_plain_loops(struct machines *machines)
{
	check_loops(machines, true, 6);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_loops),
	DIRECTED(test_plain_loops),
	{ 0 },
};
