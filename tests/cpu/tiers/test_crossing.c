/* SPDX-License-Identifier: MIT */
/*
 * Tests instructions of four bytes that are in two pages, in all tiers: each kind in a loop, those
 * that fault, and random ones of every row of the table in every mode.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"
#include "tests/cpu/tiers/tier_random.h"
#include "tests/part.h"

#include "cpu/isa/csr_bits.h"

/* Two instructions of two bytes, and then the one in two pages. */
#define START (RAM_BASE + PAGE_SIZE - 6)
/* Handlers in M-mode, and in S-mode and VS-mode. */
#define TRAPS (RAM_BASE + 4 * PAGE_SIZE)
#define DATA (RAM_BASE + 6 * PAGE_SIZE)
#define ROUNDS 50
#define SEPC 0x141
#define STVAL 0x143
#define MTVAL 0x343
#define MTINST 0x34a
#define HTINST 0x64a

/* Begins with a loop for traps. */
static struct hart *crossing_begin(struct machines *machines, struct emit *e)
{
	struct hart *hart = directed_begin(machines, e, TRAPS);

	hart->mtvec = TRAPS;
	emit_jump(e, e->pc);
	return hart;
}

/* Begins the code at START, in which the next instruction is the one in two pages. */
static void emit_begin(struct emit *e, struct hart *hart)
{
	hart->pc = e->pc = START;
	emit(e, 0x0505); /* c.addi x10, 1 */
	emit(e, 0x0585); /* c.addi x11, 1 */
}

/* Emits the instruction of a kind, with data near x20; returns false if there is no such kind. */
static bool emit_kind(struct emit *e, unsigned kind)
{
	static const u16 loads[] = { OP_lb, OP_lhu, OP_lw, OP_ld, OP_fld, OP_addi, OP_andi };
	static const u16 stores[] = { OP_sb, OP_sh, OP_sw, OP_sd, OP_fsd };
	static const u16 others[] = { OP_add, OP_sltu, OP_mul, OP_divu, OP_fadd_d, OP_sh1add };
	const u32 *match = e->match;
	const u32 whole[] = {
		match[OP_lui] | 12u << 7 | 5u << 12, match[OP_auipc] | 12u << 7 | 5u << 12,
		match[OP_fence], match[OP_amoadd_d] | 12u << 7 | 20u << 15 | 10u << 20,
		match[OP_csrrs] | 12u << 7 | 10u << 15 | (u32)CSR_MSCRATCH << 20,
		match[OP_csrrs] | 12u << 7 | (u32)CSR_FFLAGS << 20,
		encode_jump(match[OP_jal] | 1u << 7, 8), match[OP_jalr] | 1u << 7 | 24u << 15,
		encode_branch(match[OP_bne] | 13u << 15, 8), match[OP_ecall], UINT32_MAX,
		/* These jump to themselves. */
		encode_jump(match[OP_jal], 0), encode_branch(match[OP_beq], 0),
	};

	if (kind < ARRAY_SIZE(loads))
		emit_load(e, match[loads[kind]], 12, 20, -16);
	else if ((kind -= ARRAY_SIZE(loads)) < ARRAY_SIZE(stores))
		emit_store(e, match[stores[kind]], 20, 10, 24);
	else if ((kind -= ARRAY_SIZE(stores)) < ARRAY_SIZE(others))
		emit_r(e, match[others[kind]], 12, 10, 11);
	else if ((kind -= ARRAY_SIZE(others)) < ARRAY_SIZE(whole))
		emit(e, whole[kind]);
	else
		return false;
	return true;
}

/* Tests each kind of instruction in two pages, in a loop; its data is in another page each time. */
static void test_kinds(struct machines *machines)
{
	bool more = true;

	for (unsigned kind = 0; more; kind++) {
		struct emit e;
		struct hart *hart = crossing_begin(machines, &e);

		hart->x[20] = hart->x[23] = RAM_BASE + MiB;
		hart->x[21] = PAGE_SIZE + 8;
		hart->x[22] = RAM_BASE + 2 * MiB - 0x4001;
		hart->x[24] = RAM_BASE + PAGE_SIZE + 6;
		emit_begin(&e, hart);
		more = emit_kind(&e, kind);
		emit_r(&e, e.match[OP_add], 20, 20, 21);
		emit_r(&e, e.match[OP_and], 20, 20, 22);
		emit_r(&e, e.match[OP_or], 20, 20, 23);
		emit_load(&e, e.match[OP_andi], 13, 10, 1);
		emit_jump(&e, START);
		directed_check(machines, 3000);
	}
}

/*
 * If an instruction in two pages makes an access that faults, the handler learns in htinst which it
 * was.
 */
static void test_faults(struct machines *machines)
{
	for (unsigned store = 0; store < 2; store++) {
		struct emit e;
		struct hart *hart = crossing_begin(machines, &e);

		hart->priv = PRIV_U;
		hart->medeleg = BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_ACCESS);
		hart->s[BANK_HS].tvec = e.pc = DATA;
		emit_csr(&e, e.match[OP_csrrs], 5, 0, HTINST);
		emit_r(&e, e.match[OP_add], 6, 6, 5);
		emit_csr(&e, e.match[OP_csrrw], 0, 26, SEPC);
		emit(&e, e.match[OP_sret]);
		hart->x[25] = HOLE_BASE;
		hart->x[26] = START + 8;
		emit_begin(&e, hart);
		if (store)
			emit_store(&e, e.match[OP_sd], 25, 12, 0);
		else
			emit_load(&e, e.match[OP_ld], 12, 25, 0);
		emit_jump(&e, START);
		directed_check(machines, 1000);
	}
}

/* Emits handlers that note what happened, and continue after the instruction. */
static void emit_handlers(struct emit *e)
{
	e->pc = TRAPS;
	emit_skip_trapped(e, 31);
	emit_csr(e, e->match[OP_csrrs], 30, 0, MTINST);
	emit_csr(e, e->match[OP_csrrs], 29, 0, MTVAL);
	emit(e, e->match[OP_mret]);
	e->pc = DATA;
	emit_csr(e, e->match[OP_csrrs], 31, 0, SEPC);
	emit_addi(e, 31, 31, 4);
	emit_csr(e, e->match[OP_csrrw], 0, 31, SEPC);
	emit_csr(e, e->match[OP_csrrs], 29, 0, STVAL);
	emit(e, e->match[OP_sret]);
}

/* Returns an encoding of a row; jumps and branches go to nearby code, or to themselves. */
static u32 near_row(const struct isa *isa, unsigned op, u64 *seed)
{
	u32 raw = random_row(isa, op, seed);
	s64 near = (s64)below(seed, 6) * 2 - 4;

	if (op == OP_jal)
		return encode_jump(raw & 0xfff, near);
	if (isa_ops[op].class == CLASS_BRANCH)
		return encode_branch(raw & 0x1fff07f, near);
	return raw;
}

/* Gives the hart a random mode, and registers with addresses of data or code, or any value. */
static void random_state(struct hart *hart, u64 *seed)
{
	static const u8 modes[] = { PRIV_M, PRIV_S, PRIV_U };

	for (unsigned n = 1; n < 32; n++) {
		u64 any = random_u64(seed);

		hart->x[n] = any % 8 == 0 ? random_u64(seed) :
			     any % 8 == 1 ? START - 2 + any / 8 % 16 :
					    RAM_BASE + MiB + (any >> 8 & 0xfff8);
		hart->f[n] = random_u64(seed);
	}
	hart->priv = modes[below(seed, ARRAY_SIZE(modes))];
	hart->virt = hart->priv != PRIV_M && chance(seed, 50);
	hart->mstatus |= chance(seed, 50) ? MSTATUS_VS : 0;
	hart->s[BANK_VS].status = hart->mstatus;
	hart->medeleg = chance(seed, 50) ? 0xfffff : 0;
	hart->hedeleg = chance(seed, 50) ? 0xfffff : 0;
	hart->s[BANK_HS].tvec = hart->s[BANK_VS].tvec = DATA;
}

/*
 * Tests every row with four bytes, with random operands, and with slices that end at the
 * instruction.
 */
static void test_random(struct machines *machines)
{
	u64 seed = 3;

	for (unsigned n = 0; n < part_of(ROUNDS) * OP_COUNT; n++) {
		const unsigned op = n % OP_COUNT;
		struct emit e;
		struct hart *hart = crossing_begin(machines, &e);

		if (insn_length(hart->isa->match[op]) != 4)
			continue;
		random_state(hart, &seed);
		emit_handlers(&e);
		emit_begin(&e, hart);
		emit(&e, near_row(hart->isa, op, &seed));
		for (unsigned jumps = 0; jumps < 3; jumps++)
			emit_jump(&e, START);
		directed_check(machines, 150 + below(&seed, 20));
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_kinds),
	DIRECTED(test_faults),
	DIRECTED(test_random),
	{ 0 },
};
