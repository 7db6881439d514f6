/* SPDX-License-Identifier: MIT */
/*
 * Directed tests of all tiers for bugs that other translators have had: address arithmetic that
 * wraps, every constant shift, accesses at the ends of memory, constants made by two instructions,
 * words of which only some uses need all 64 bits, code that is written while it runs, code of one
 * mode that runs in another, and jumps to odd addresses.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"
#include "tests/cpu/tiers/tier_random.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/isa/format.h"

#include <string.h>

#define TRAPS (RAM_BASE + 4 * PAGE_SIZE)
#define DATA (RAM_BASE + 6 * PAGE_SIZE)
#define ROM 0x20000000

static const u64 edges[] = {
	0, 1, 0x7ff, 0x800, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0x100000000,
	0x7fffffffffffffff, 0x8000000000000000, 0xffffffff00000000, 0xffffffff80000000,
	0xfffffffffffff800, 0xffffffffffffffff, 0x123456789abcdef0,
};

/* Begins with a loop for traps, and code at the start of RAM. */
static struct hart *begin(struct machines *machines, struct emit *e)
{
	struct hart *hart = directed_begin(machines, e, TRAPS);

	hart->mtvec = TRAPS;
	emit_jump(e, e->pc);
	e->pc = RAM_BASE;
	return hart;
}

static void end(struct machines *machines, struct emit *e)
{
	emit_jump(e, e->pc);
	directed_check(machines, (e->pc - RAM_BASE) / 4 + 1);
}

/* Tests sums and shifted sums of words and doublewords, and loads at such addresses. */
static void test_sums(struct machines *machines)
{
	static const u16 rows[] = { OP_add, OP_addw, OP_add_uw, OP_sh1add, OP_sh2add, OP_sh3add,
				    OP_sh1add_uw, OP_sh2add_uw, OP_sh3add_uw };

	for (unsigned n = 0; n < ARRAY_SIZE(edges) * ARRAY_SIZE(edges); n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e);

		hart->x[10] = hart->x[20] = edges[n % ARRAY_SIZE(edges)];
		hart->x[11] = hart->x[21] = edges[n / ARRAY_SIZE(edges)];
		for (unsigned row = 0; row < 4 * ARRAY_SIZE(rows); row++)
			emit_r(&e, e.match[rows[row / 4]], row % 2 ? 12 : 22, row & 2 ? 10 : 20,
			       row % 2 ? 21 : 11);
		for (unsigned imm = 0; imm < 3; imm++) {
			emit_shift(&e, e.match[OP_slli], 13, 10, imm + 1);
			emit_r(&e, e.match[OP_add], 13, 13, 21);
			emit_shift(&e, e.match[OP_slli], 23, 20, 32);
			emit_shift(&e, e.match[OP_srli], 23, 23, 32 - imm);
		}
		/* The base is the difference to the data's address, so the sum wraps. */
		hart->x[14] = DATA - hart->x[10];
		emit_r(&e, e.match[OP_add], 15, 14, 10);
		emit_load(&e, e.match[OP_ld], 16, 15, -2048);
		emit_load(&e, e.match[OP_ld], 16, 10, 2047);
		end(machines, &e);
	}
}

/* Tests every shift and rotation by a constant, and by a register. */
static void test_shifts(struct machines *machines)
{
	static const u16 wide[] = { OP_slli, OP_srli, OP_srai, OP_rori };
	static const u16 words[] = { OP_slliw, OP_srliw, OP_sraiw, OP_roriw };
	static const u16 by[] = { OP_sll, OP_srl, OP_sra, OP_sllw, OP_srlw, OP_sraw, OP_rol,
				  OP_ror, OP_rolw, OP_rorw };

	for (unsigned n = 0; n < 64 * ARRAY_SIZE(edges); n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e);
		unsigned shamt = n % 64;

		hart->x[10] = hart->x[20] = edges[n / 64];
		hart->x[11] = shamt | edges[n / 64] << 6;
		for (unsigned row = 0; row < 4; row++)
			emit_shift(&e, e.match[wide[row]], 12 + row, 20, shamt);
		for (unsigned row = 0; row < 4; row++)
			emit_shift(&e, e.match[words[row]], 22 + row, 10, shamt % 32);
		for (unsigned row = 0; row < ARRAY_SIZE(by); row++)
			emit_r(&e, e.match[by[row]], row < 4 ? 1 + row : 25 + row % 7, 10, 11);
		/* Pairs of instructions that are translated together. */
		for (unsigned second = 0; second < 64; second++) {
			emit_shift(&e, e.match[OP_slli], 16, 20, shamt);
			emit_shift(&e, e.match[second % 2 ? OP_srli : OP_srai], 16, 16, second);
			emit_shift(&e, e.match[OP_slli], 17, 10, shamt);
			emit_shift(&e, e.match[second % 2 ? OP_srai : OP_srli], 17, 17, second);
			emit_r(&e, e.match[OP_xor], 18, 18, 16);
			emit_r(&e, e.match[OP_add], 18, 18, 17);
		}
		end(machines, &e);
	}
}

/* Tests every load and store around the ends of memory. */
static void test_ends(struct machines *machines)
{
	static const u16 rows[] = { OP_lb, OP_lh, OP_lw, OP_ld, OP_lbu, OP_lhu, OP_lwu, OP_flw,
				    OP_fld, OP_sb, OP_sh, OP_sw, OP_sd, OP_fsw, OP_fsd,
				    OP_amoadd_w, OP_amoadd_d };

	for (unsigned n = 0; n < ARRAY_SIZE(rows) * 40; n++) {
		unsigned op = rows[n / 40];
		u64 at = (n % 2 ? RAM_BASE + RAM_SIZE : RAM_BASE) + n % 40 / 2 - 10;
		struct emit e;
		struct hart *hart = begin(machines, &e);
		s64 imm = n % 3 ? -5 : 0;

		hart->x[11] = 0x123456789abcdef0;
		hart->f[11] = 0x3ff123456789abcd;
		for (unsigned times = 0; times < 3; times++) {
			hart->x[10] = isa_ops[op].class == CLASS_AMO ? at : at - (u64)imm;
			if (isa_ops[op].class == CLASS_AMO)
				emit_r(&e, e.match[op], 12, 10, 11);
			else if (isa_ops[op].class == CLASS_STORE ||
				 isa_ops[op].class == CLASS_FSTORE)
				emit_store(&e, e.match[op], 10, 11, imm);
			else
				emit_load(&e, e.match[op], 12, 10, imm);
		}
		end(machines, &e);
	}
}

/* lui and addi or addiw, auipc and addi. */
static void test_constants(struct machines *machines)
{
	static const s64 low[] = { -2048, -1, 0, 1, 2047 };
	static const u64 high[] = { 0, 1, 0x7ffff, 0x80000, 0xfffff };
	struct emit e;

	begin(machines, &e);
	for (unsigned n = 0; n < 25; n++) {
		unsigned rd = n % 2 ? 12 : 22;

		emit_lui(&e, rd, high[n / 5]);
		emit_addi(&e, rd, rd, low[n % 5]);
		emit_r(&e, e.match[OP_xor], 10, 10, rd);
		emit_lui(&e, rd, high[n / 5]);
		emit_load(&e, e.match[OP_addiw], rd, rd, low[n % 5]);
		emit_r(&e, e.match[OP_add], 10, 10, rd);
		emit(&e, e.match[OP_auipc] | (u32)high[n / 5] << 12 | rd << 7);
		emit_addi(&e, rd, rd, low[n % 5]);
		emit_r(&e, e.match[OP_sub], 10, 10, rd);
	}
	end(machines, &e);
}

/* Leaves words in a2 to a5. */
static void emit_words(struct emit *e, unsigned n)
{
	static const u16 words[] = { OP_addw, OP_subw, OP_mulw, OP_sllw, OP_sraw, OP_divuw };
	static const u16 masks[] = { OP_xor, OP_or, OP_and };

	emit_r(e, e->match[words[n % 6]], 12, 10, 11);
	emit_r(e, e->match[words[(n + 1) % 6]], 13, 11, 10);
	emit_r(e, e->match[masks[n % 3]], 14, 12, 13);
	emit_load(e, e->match[n % 2 ? OP_andi : OP_ori], 15, 14, n % 4 < 2 ? 0x70f : -9);
	emit_load(e, e->match[OP_addiw], 14, 14, (int)(n % 3) - 1);
	emit_r(e, e->match[OP_add], 11, 0, 12);
}

/*
 * Uses the words, continues elsewhere, or reaches something that native code leaves to bodies or to
 * another version of the code.
 */
static void emit_use(struct emit *e, unsigned way)
{
	static const u16 branches[] = { OP_beq, OP_bne, OP_blt, OP_bge, OP_bltu, OP_bgeu };
	u16 *branch;

	if (way < 6) {
		emit_r(e, e->match[OP_sub], 15, 10, 11);
		branch = emit_branch(e, e->match[branches[way]], 12, 13);
		emit_r(e, e->match[OP_addw], 15, 13, 14);
		emit_r(e, e->match[OP_slt], 10, 12, 14);
		emit_patch_branch(e, branch);
	} else if (way == 6) {
		emit_load(e, e->match[OP_lw], 12, 9, 0);
	} else if (way == 7) {
		emit_load(e, e->match[OP_lw], 14, 8, 0);
		emit_r(e, e->match[OP_add], 16, 16, 13);
		emit_load(e, e->match[OP_lw], 15, 8, 4);
	} else if (way == 8) {
		emit_store(e, e->match[OP_sd], 8, 12, -8);
		emit_store(e, e->match[OP_sw], 8, 13, -16);
	} else if (way == 9) {
		emit_r(e, e->match[OP_add], 10, 12, 13);
		emit_r(e, e->match[OP_divw], 15, 15, 14);
	} else {
		emit_csr(e, e->match[OP_csrrw], 12, 13, CSR_MSCRATCH);
	}
	for (unsigned reg = 12; reg < 16; reg++)
		emit_r(e, e->match[OP_add], 16, 16, reg);
}

/*
 * Words are extended before they are used or the code is left, however they were made. s0 is near
 * the end of a page, and there is nothing at s1.
 */
static void test_words(struct machines *machines)
{
	for (unsigned n = 0; n < ARRAY_SIZE(edges) * ARRAY_SIZE(edges); n++) {
		struct emit e;
		u64 loop;
		struct hart *hart = begin(machines, &e);

		hart->x[8] = DATA + PAGE_SIZE - 4;
		hart->x[9] = 8;
		hart->x[17] = 3;
		hart->x[10] = edges[n % ARRAY_SIZE(edges)];
		hart->x[11] = edges[n / ARRAY_SIZE(edges)];
		for (unsigned way = 0; way < 11; way++) {
			emit_words(&e, n + way);
			if (way != 6)
				emit_use(&e, way);
		}
		loop = e.pc;
		emit_r(&e, e.match[OP_add], 16, 16, 12);
		emit_words(&e, n);
		emit_addi(&e, 17, 17, -1);
		emit_branch_to(&e, e.match[OP_bne], 17, loop);
		emit_words(&e, n);
		if (n % 2)
			emit_use(&e, 6);
		emit_jump(&e, e.pc);
		directed_check(machines, (e.pc - RAM_BASE) / 4 + 40);
	}
}

/* An instruction of four bytes is in two pages; either half is written while it is in a loop. */
static void test_straddles(struct machines *machines)
{
	for (unsigned half = 0; half < 2; half++)
		for (u64 steps = 1; steps < 80; steps += 3) {
			struct emit e;
			struct hart *hart = begin(machines, &e);
			u64 start = RAM_BASE + PAGE_SIZE - 6;
			u16 *insn;

			hart->pc = e.pc = start;
			emit(&e, 0x0505); /* c.addi x10, 1 */
			emit(&e, 0x0585); /* c.addi x11, 1 */
			insn = emit_here(&e);
			emit_addi(&e, 12, 12, 1);
			hart->x[20] = RAM_BASE + (u64)((u8 *)(insn + half) - e.ram);
			/* addi x13, x12, 1, or addi x12, x12, 0x11 */
			hart->x[21] = half ? insn[1] | 0x0110 : (insn[0] & 0x7f) | 13u << 7;
			emit_addi(&e, 14, 14, 1);
			emit_load(&e, e.match[OP_sltiu], 15, 14, 4);
			emit_branch_to(&e, e.match[OP_bne] | 0u << 20, 15, start);
			emit_store(&e, e.match[OP_sh], 20, 21, 0);
			emit(&e, e.match[OP_fence_i]);
			emit_jump(&e, start);
			directed_check(machines, steps);
		}
}

/*
 * Hart 1 stores new code again and again; hart 0 runs a jump to itself, or the code that replaces
 * it.
 */
static void patches(struct machines *machines)
{
	for (unsigned n = 0; n < 12; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e), *writer = machines->m[0].harts.hart[1];
		u64 loop = RAM_BASE + PAGE_SIZE;

		hart->pc = e.pc = loop;
		emit_jump(&e, loop);
		emit_addi(&e, 10, 10, 1);
		emit(&e, e.match[OP_fence_i]);
		emit_jump(&e, loop);
		writer->pc = e.pc = RAM_BASE;
		writer->x[20] = loop;
		writer->x[21] = encode_jump(e.match[OP_jal], 0);
		writer->x[22] = e.match[OP_addi] | 11u << 7 | 11u << 15 | 1u << 20;
		emit_store(&e, e.match[OP_sw], 20, 22, 0);
		for (unsigned wait = 0; wait < n * 7; wait++)
			emit_addi(&e, 10, 10, 1);
		emit_store(&e, e.match[OP_sw], 20, 21, 0);
		emit_addi(&e, 11, 11, 1);
		emit_jump(&e, RAM_BASE);
		for (unsigned other = 2; other < machines->m[0].harts.count; other++)
			machines->m[0].harts.hart[other]->pc = other % 2 ? RAM_BASE : loop;
		for (unsigned other = 3; other < machines->m[0].harts.count; other += 2)
			memcpy(machines->m[0].harts.hart[other]->x, writer->x, sizeof(writer->x));
		directed_check_all(machines, 60000 + n * 1000);
	}
}

/*
 * Tests a chain of jumps through a page, one in each piece. The first one writes to the pieces in
 * turn, so that jumps to a piece, and from it, must be made again and again. With small caches
 * (cpu/hart/limits.h) these are more blocks than there is room for.
 */
static void test_chains(struct machines *machines)
{
	for (u64 count = 1; count < 40; count += 3) {
		struct emit e;
		struct hart *hart = begin(machines, &e);
		u64 first = RAM_BASE + PAGE_SIZE, pieces = PAGE_SIZE / RAM_PIECE;

		hart->pc = e.pc = first;
		hart->x[20] = first + RAM_PIECE * count;
		hart->x[21] = RAM_PIECE * count;
		hart->x[22] = e.match[OP_addi] | 12u << 7 | 12u << 15;
		hart->x[23] = 3u << 20;
		hart->x[24] = ~0xfffull;
		hart->x[25] = first;
		/* Each time another constant is added in another piece. */
		emit_store(&e, e.match[OP_sw], 20, 22, 0);
		emit_r(&e, e.match[OP_add], 22, 22, 23);
		emit_r(&e, e.match[OP_add], 20, 20, 21);
		emit_r(&e, e.match[OP_andn], 20, 20, 24);
		emit_r(&e, e.match[OP_add], 20, 20, 25);
		for (u64 piece = 1; piece < pieces; piece++) {
			emit_jump(&e, first + piece * RAM_PIECE);
			e.pc = first + piece * RAM_PIECE;
			emit_addi(&e, 12, 12, 1);
			emit_addi(&e, 13, 13, 1);
			emit_addi(&e, 14, 14, 1);
		}
		emit_jump(&e, first);
		directed_check(machines, 20000);
	}
}

/*
 * Code that S-mode ran first runs in M-mode: there a write of sstatus makes the state of the
 * floating-point unit visible, and the next operation makes it dirty again.
 */
static void test_settles(struct machines *machines)
{
	static const u16 rows[] = { OP_csrrsi, OP_csrrci, OP_csrrs, OP_csrrc, OP_csrrw };

	for (unsigned n = 0; n < ARRAY_SIZE(rows) * 12; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e);

		hart->priv = PRIV_S;
		hart->mtvec = RAM_BASE;
		hart->x[2] = MSTATUS_FS | MSTATUS_SIE;
		emit_r(&e, e.match[OP_fadd_d], 1, 1, 1);
		emit_csr(&e, e.match[rows[n / 12]], 5, 2, CSR_SSTATUS);
		emit_r(&e, e.match[OP_fadd_d], 2, 2, 2);
		emit_jump(&e, e.pc + 4);
		emit(&e, e.match[OP_ecall]);
		directed_check(machines, n % 12 + 1);
	}
}

/*
 * Code that S-mode ran first runs in U-mode, where senvcfg also controls cbo.zero. The store enters
 * the page into the view of each mode, so that the fast path is taken.
 */
static void test_zeroes(struct machines *machines)
{
	for (unsigned n = 0; n < 16; n++) {
		bool virt = n & 1;
		struct emit e;
		struct hart *hart = begin(machines, &e);

		hart->priv = PRIV_S;
		hart->virt = virt;
		hart->menvcfg = n & 2 ? MENVCFG_CBZE : 0;
		hart->henvcfg = n & 4 ? MENVCFG_CBZE : 0;
		hart->senvcfg = n & 8 ? MENVCFG_CBZE : 0;
		hart->s[virt ? BANK_VS : BANK_HS].epc = RAM_BASE;
		hart->x[10] = DATA + 3 * CBO_BLOCK;
		hart->x[11] = UINT64_MAX;
		for (s64 at = -CBO_BLOCK; at < 2 * CBO_BLOCK; at += 8)
			emit_store(&e, e.match[OP_sd], 10, 11, at);
		emit_addi(&e, 12, 10, 21);
		emit(&e, e.match[OP_cbo_zero] | 12u << 15);
		emit(&e, e.match[OP_sret]);
		directed_check(machines, 2 * (e.pc - RAM_BASE) / 4 + 1);
	}
}

/*
 * Tests LR and SC in RAM, the machine's largest memory, and in a ROM, which is at lower addresses.
 */
static void test_reserves(struct machines *machines)
{
	static const u16 rows[][2] = { { OP_lr_w, OP_sc_w }, { OP_lr_d, OP_sc_d } };
	struct ram rom = { 0 };
	const struct region region = { .name = "rom", .base = ROM, .size = PAGE_SIZE,
				       .readonly = true, .ram = &rom };

	assert_int_equal(ram_init(&rom, PAGE_SIZE), 0);
	for (unsigned n = 0; n < machines->count; n++)
		assert_int_equal(bus_attach(&machines->m[n].platform.bus, &region), 0);
	for (unsigned n = 0; n < 8; n++) {
		unsigned size = n % 2;
		struct emit e;
		struct hart *hart = begin(machines, &e);

		hart->x[10] = (n & 2 ? ROM : DATA) + 16;
		hart->x[11] = (n & 4 ? ROM : DATA) + 16;
		/* These enter the pages into the view. */
		emit_load(&e, e.match[OP_ld], 12, 10, 0);
		emit_load(&e, e.match[OP_ld], 13, 11, 0);
		emit_r(&e, e.match[rows[size][0]], 14, 10, 0);
		emit_r(&e, e.match[rows[!size][0]], 15, 11, 0);
		emit_r(&e, e.match[rows[size][1]], 16, 10, 10);
		emit_r(&e, e.match[rows[size][0]], 17, 11, 0);
		emit_jump(&e, e.pc + 4);
		directed_check(machines, (e.pc - RAM_BASE) / 4);
	}
	ram_free(&rom);
}

/*
 * Tests accesses to fflags, in blocks with other floating-point instructions and without; then the
 * unit is turned off.
 */
static void test_switches_off(struct machines *machines)
{
	for (unsigned n = 0; n < 4; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e);

		hart->x[5] = MSTATUS_FS;
		hart->fflags = 5;
		emit_csr(&e, e.match[n & 1 ? OP_csrrw : OP_csrrs], 6, 7, CSR_FFLAGS);
		if (n & 2)
			emit_r(&e, e.match[OP_fadd_d], 1, 1, 1);
		emit_jump(&e, e.pc + 4);
		emit_csr(&e, e.match[OP_csrrc], 0, 5, CSR_MSTATUS);
		emit_jump(&e, RAM_BASE);
		directed_check(machines, 10);
	}
}

/*
 * Tests indirect jumps to odd addresses, whose lowest bit the hart clears: to code elsewhere than
 * at the start of RAM, while the first entry of the table of jumps, which address 1 would have, is
 * empty; then to the start of RAM, which also has that entry; and to where there is no memory.
 */
static void test_odd_targets(struct machines *machines)
{
	enum { TURN = 10, ODD = 11, TO = 12, FAR = 13, BACK = 14, AT = 15 };

	for (unsigned n = 0; n < 32; n++) {
		const u64 start = RAM_BASE + (n < 16 ? 256 : 0);
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, start);
		u16 *near;

		hart->mtvec = TRAPS;
		hart->x[ODD] = n / 8 % 2;
		hart->pc = hart->x[TO] = start;
		hart->x[FAR] = n % 8;
		hart->x[BACK] = start + 1;
		emit_addi(&e, TURN, TURN, 1);
		emit_load(&e, e.match[OP_andi], AT, TURN, 7);
		near = emit_branch(&e, e.match[OP_bne], AT, 0);
		emit_load(&e, e.match[OP_jalr], 1, FAR, 0);
		emit_patch_branch(&e, near);
		emit_r(&e, e.match[OP_xor], TO, TO, ODD);
		emit_load(&e, e.match[OP_jalr], 1, TO, 0);
		e.pc = TRAPS;
		emit_load(&e, e.match[OP_jalr], 0, BACK, 0);
		directed_check(machines, 9000 + n);
	}
}

static void test_patches(void **unused)
{
	directed_run(patches, 2);
	directed_run(patches, 4);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_sums),
	DIRECTED(test_shifts),
	DIRECTED(test_ends),
	DIRECTED(test_constants),
	DIRECTED(test_words),
	DIRECTED(test_straddles),
	cmocka_unit_test(test_patches),
	DIRECTED(test_chains),
	DIRECTED(test_settles),
	DIRECTED(test_zeroes),
	DIRECTED(test_reserves),
	DIRECTED(test_switches_off),
	DIRECTED(test_odd_targets),
	{ 0 },
};
