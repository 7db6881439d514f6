/* SPDX-License-Identifier: MIT */
/*
 * Tests accesses at sums of a register and a small number (cpu/jit/near_access.h): the sum is often
 * in the same page as the register, or the page after it, which may have other rights or none.
 * Registers are overwritten between the sum and the access, branches lead there, and several
 * accesses use one sum.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/jit/impl.h"
#include "cpu/mmu/pte.h"
#include "tests/cpu/random.h"

#define TRAPS (RAM_BASE + PAGE_SIZE)
#define ROOT (RAM_BASE + 2 * PAGE_SIZE)
#define MIDDLE (RAM_BASE + 3 * PAGE_SIZE)
#define TABLE (RAM_BASE + 4 * PAGE_SIZE)
#define DATA (RAM_BASE + 5 * PAGE_SIZE)
#define SV39 (8ull << 60)
#define PAGES 6 /* of virtual memory; the first one has the code */
#define ROUNDS 5000
#define SUMS 24
#define STEPS (SUMS * 24)

/* Registers of both kinds: those that native code has in host registers, and others. */
static const u8 pointers[] = { 10, 11, 9, 18, 8, 19 }, numbers[] = { 12, 13, 20, 21, 14, 22 };

static unsigned one_of(u64 *seed, const u8 *regs)
{
	return regs[random_u64(seed) % ARRAY_SIZE(pointers)];
}

/* Returns an entry for a data page, with rights that some accesses lack; or 0. */
static u64 random_entry(u64 *seed)
{
	static const u64 rights[] = { PTE_R | PTE_W, PTE_R | PTE_W, PTE_R | PTE_W, PTE_R, 0 };
	u64 right = rights[random_u64(seed) % ARRAY_SIZE(rights)];
	u64 to = DATA + random_u64(seed) % 3 * PAGE_SIZE;

	return right ? to >> 2 | PTE_V | PTE_A | PTE_D | right : 0;
}

static void make_tables(struct emit *e, u64 *seed)
{
	emit_put(e, ROOT, MIDDLE >> 2 | PTE_V);
	emit_put(e, MIDDLE, TABLE >> 2 | PTE_V);
	emit_put(e, TABLE, RAM_BASE >> 2 | PTE_V | PTE_R | PTE_X | PTE_A);
	for (unsigned n = 1; n < PAGES; n++)
		emit_put(e, TABLE + n * PTE_SIZE, random_entry(seed));
	emit_put(e, TABLE + PAGES * PTE_SIZE, TABLE >> 2 | PTE_V | PTE_R | PTE_W | PTE_A | PTE_D);
}

/* Emits a change of the table, which is mapped at the end of virtual memory. */
static void make_change(struct emit *e, u64 *seed)
{
	emit_constant(e, 16, random_entry(seed));
	emit_constant(e, 17, PAGES * PAGE_SIZE + (1 + random_u64(seed) % (PAGES - 1)) * PTE_SIZE);
	emit_store(e, e->match[OP_sd], 17, 16, 0);
}

/* Most addresses are near the start or the end of a page. */
static u64 random_pointer(u64 *seed)
{
	u64 page = 1 + random_u64(seed) % (PAGES - 1), at = random_u64(seed) % 64 * 8;

	return page * PAGE_SIZE + (random_u64(seed) % 2 ? PAGE_SIZE - at : at % 16);
}

/* Emits what computes a number, which is small unless the last row is chosen. */
static void make_number(struct emit *e, u64 *seed, unsigned rd)
{
	unsigned rs1 = one_of(seed, numbers), rs2 = one_of(seed, pointers);

	switch (random_u64(seed) % 6) {
	case 0:
		emit_r(e, e->match[OP_sltu], rd, rs1, rs2);
		break;
	case 1:
		emit_load(e, e->match[OP_slti], rd, rs1, (s64)(random_u64(seed) % 4096) - 2048);
		break;
	case 2:
		emit_load(e, e->match[OP_andi], rd, rs1, (s64)(random_u64(seed) % 512) - 128);
		break;
	case 3:
		emit_load(e, e->match[OP_lbu], rd, rs2, 0);
		break;
	case 4:
		emit_addi(e, rd, 0, (s64)(random_u64(seed) % 300));
		break;
	default:
		emit_shift(e, e->match[OP_srli], rd, rs1, 52 + random_u64(seed) % 12);
	}
	if (random_u64(seed) % 2)
		emit_addi(e, rd, rd, (s64)(random_u64(seed) % 8) - 1);
	if (random_u64(seed) % 2)
		emit_shift(e, e->match[OP_slli], rd, rd, random_u64(seed) % 5);
}

static void make_access(struct emit *e, u64 *seed, unsigned base)
{
	static const u16 rows[] = { OP_lb, OP_lhu, OP_lw, OP_ld, OP_ld, OP_fld, OP_sb, OP_sh,
				    OP_sw, OP_sd, OP_sd, OP_fsd };
	unsigned op = rows[random_u64(seed) % ARRAY_SIZE(rows)], reg = one_of(seed, numbers);
	s64 imm = (s64)(random_u64(seed) % 8) * 8 - (random_u64(seed) % 4 ? 0 : 20);

	if (isa_ops[op].class == CLASS_LOAD || isa_ops[op].class == CLASS_FLOAD)
		emit_load(e, e->match[op], reg, base, imm);
	else
		emit_store(e, e->match[op], base, reg, imm);
}

/* Emits what may come between a sum and its access, among it a branch to the access. */
static void make_between(struct emit *e, u64 *seed)
{
	unsigned pointer = one_of(seed, pointers);
	u16 *branch;

	switch (random_u64(seed) % 8) {
	case 0:
		emit_addi(e, pointer, pointer, (s64)(random_u64(seed) % 512) - 128);
		break;
	case 1:
		emit_addi(e, one_of(seed, numbers), pointer, 1);
		break;
	case 2:
		branch = emit_branch(e, e->match[OP_bltu], one_of(seed, numbers), pointer);
		emit_addi(e, pointer, pointer, 8);
		emit_patch_branch(e, branch);
		break;
	default:
		break;
	}
}

static void make_sum(struct emit *e, u64 *seed)
{
	unsigned number = one_of(seed, numbers), pointer = one_of(seed, pointers);
	unsigned rd = random_u64(seed) % 2 ? pointer : number;
	u16 *branch = NULL;

	if (random_u64(seed) % 4 == 0)
		rd = 16;
	make_number(e, seed, number);
	/* The sum may be one of a pair (cpu/jit/emit/pair.c), or it may be skipped. */
	if (random_u64(seed) % 8 == 0)
		emit_shift(e, e->match[OP_slli], pointer, pointer, 1);
	if (random_u64(seed) % 8 == 0)
		branch = emit_branch(e, e->match[OP_bltu], number, pointer);
	if (random_u64(seed) % 8 == 0)
		emit_r(e, e->match[OP_sh3add], rd, number, pointer);
	else if (random_u64(seed) % 2)
		emit_r(e, e->match[OP_add], rd, pointer, number);
	else
		emit_r(e, e->match[OP_add], rd, number, pointer);
	if (branch)
		emit_patch_branch(e, branch);
	else
		make_between(e, seed);
	make_access(e, seed, rd);
	if (random_u64(seed) % 2)
		make_access(e, seed, rd);
	if (random_u64(seed) % 4 == 0)
		emit_constant(e, pointer, random_pointer(seed));
	if (random_u64(seed) % 4 == 0)
		make_change(e, seed);
}

/* Emits a loop that also reads an array, so that native code may hoist the check of that. */
static void make_loop(struct emit *e, u64 *seed)
{
	u64 start;

	emit_constant(e, 24, 1 + random_u64(seed) % 24);
	emit_constant(e, 25, random_pointer(seed) & ~7ull);
	start = e->pc;
	emit_load(e, e->match[OP_ld], 26, 25, 0);
	make_sum(e, seed);
	emit_addi(e, 25, 25, 8);
	emit_addi(e, 24, 24, -1);
	emit_branch_to(e, e->match[OP_bne], 24, start);
}

static void test_sums(struct machines *machines)
{
	u64 seed = 11;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, RAM_BASE);

		/* The bodies of some sums are called. */
		if (machines->m[1].jit)
			machines->m[1].jit->kept = round % 2 ? JIT_KEPT_MOST :
							       JIT_KEPT_MOST * 3 / 4;
		hart->priv = PRIV_S;
		hart->pc = 0;
		hart->mtvec = TRAPS;
		hart->s[BANK_HS].atp = SV39 | ROOT >> PAGE_SHIFT;
		for (unsigned n = 0; n < ARRAY_SIZE(pointers); n++) {
			hart->x[pointers[n]] = random_pointer(&seed);
			hart->x[numbers[n]] = random_u64(&seed) >> random_u64(&seed) % 64;
		}
		make_tables(&e, &seed);
		emit_skipping_handler(&e, TRAPS, 31);
		for (unsigned n = 0; n < SUMS; n++)
			if (random_u64(&seed) % 8)
				make_sum(&e, &seed);
			else
				make_loop(&e, &seed);
		directed_check(machines, STEPS);
	}
}

/* Maps each page to one that is not the neighbour of the next one, and fills them. */
static void make_descending(struct emit *e, u64 *seed)
{
	emit_put(e, ROOT, MIDDLE >> 2 | PTE_V);
	emit_put(e, MIDDLE, TABLE >> 2 | PTE_V);
	emit_put(e, TABLE, RAM_BASE >> 2 | PTE_V | PTE_R | PTE_X | PTE_A);
	for (unsigned n = 1; n < PAGES; n++)
		emit_put(e, TABLE + n * PTE_SIZE,
			 (DATA + (PAGES - 1 - n) % 3 * PAGE_SIZE) >> 2 | PTE_V | PTE_A | PTE_D |
				 PTE_R | PTE_W);
	for (unsigned n = 0; n < 3 * PAGE_SIZE; n += 8)
		emit_put(e, DATA + n, random_u64(seed));
}

/*
 * Emits a load that crosses into a page, while the register that was added to a number has changed
 * since, and is in that page: by an addition, or as the second register of AMOCAS.Q.
 */
static void make_changed(struct emit *e, u64 page, bool pair)
{
	emit_constant(e, 9, page + 64);
	emit_constant(e, 8, page + 1024);
	emit_constant(e, 11, page + 16);
	emit_store(e, e->match[OP_sd], 8, 11, 8);
	emit_constant(e, 11, page - 4);
	emit_load(e, e->match[OP_ld], 13, 9, 0);
	emit_load(e, e->match[OP_andi], 12, 13, 3);
	emit_r(e, e->match[OP_add], 16, 11, 12);
	if (pair)
		emit_r(e, e->match[OP_amocas_q], 10, 8, 20);
	else
		emit_addi(e, 11, 11, 64);
	emit_load(e, e->match[OP_ld], 14, 16, 0);
	emit_jump(e, e->pc + 4);
}

static void test_changed(struct machines *machines)
{
	u64 seed = 5;

	for (unsigned round = 0; round < 100; round++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, RAM_BASE);

		hart->priv = PRIV_S;
		hart->pc = 0;
		hart->mtvec = TRAPS;
		hart->s[BANK_HS].atp = SV39 | ROOT >> PAGE_SHIFT;
		make_descending(&e, &seed);
		emit_skipping_handler(&e, TRAPS, 31);
		make_changed(&e, (2 + random_u64(&seed) % 3) * PAGE_SIZE, round % 2);
		directed_check(machines, 200);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_changed),
	DIRECTED(test_sums),
	{ 0 },
};
