/* SPDX-License-Identifier: MIT */
/*
 * Tests that the CSR instructions, which do the most common accesses by themselves
 * (cpu/csr/fast.h), do what csr_access does, from random states; and that a write leaves a block
 * only if it must.
 */
#include "cpu/hart/interrupt.h"
#include "tests/cpu/fixture.h"
#include "tests/cpu/random.h"

#define ROUNDS 200000

enum { STVEC = 0x105 };

static const u16 numbers[] = {
	CSR_SSTATUS, CSR_SSTATUS, CSR_SSCRATCH, CSR_SSCRATCH + 1, CSR_SSCRATCH + 2,
	CSR_SSCRATCH + 3, CSR_SATP, CSR_SIE, CSR_SIP, CSR_VSSTATUS, CSR_MSTATUS, CSR_MIE,
	CSR_MIP, STVEC, CSR_SCOUNTEREN,
};

static u32 csr_encode(u16 number, unsigned funct3, unsigned rd, unsigned rs1)
{
	return (u32)number << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
}

/* Gives the hart a state that instructions could have made. */
static void state_random(struct hart *hart, u64 *seed)
{
	static const u16 written[] = { CSR_MSTATUS, CSR_VSSTATUS, CSR_MIE, CSR_MIP, 0x303, 0x603 };
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_S, PRIV_S, PRIV_M };

	for (unsigned n = 0; n < ARRAY_SIZE(written); n++)
		csr_poke(hart, written[n], random_u64(seed) & random_u64(seed));
	if (random_u64(seed) & 1)
		csr_poke(hart, CSR_MIP, 0);
	for (unsigned n = 1; n < 32; n++)
		hart->x[n] = random_u64(seed) & random_u64(seed);
	if (random_u64(seed) & 1)
		hart->x[5] = MSTATUS_SIE;
	for (unsigned bank = 0; bank < BANK_COUNT; bank++)
		for (unsigned n = 0; n < 4; n++)
			csr_poke(hart, (u16)(0x140 + 0x100 * bank + n), random_u64(seed));
	hart->priv = privs[random_u64(seed) % ARRAY_SIZE(privs)];
	hart->virt = hart->priv != PRIV_M && isa_has(hart->isa, EXT_h) && random_u64(seed) & 1;
	hart_regime_changed(hart);
	hart->fp_dirty = hart->block_key & BLOCK_KEY_FP && random_u64(seed) & 1;
	hart->alert = interrupt_alert(hart);
	hart->stop = false;
}

/* Executes the instruction by csr_access alone. */
static bool reference(struct hart *hart, u32 raw)
{
	unsigned funct3 = raw >> 12 & 7, rs1 = raw >> 15 & 31, rd = raw >> 7 & 31;
	const struct csr_access access = {
		.number = (u16)(raw >> 20),
		.how = (enum csr_how)((funct3 & 3) - 1),
		.operand = funct3 & 4 ? rs1 : hart->x[rs1],
		.reads = (funct3 & 3) != 1 || rd,
		.writes = (funct3 & 3) == 1 || rs1,
		.raw = raw,
	};
	u64 old;

	if (!csr_access(hart, &access, &old))
		return false;
	if (rd)
		hart->x[rd] = old;
	return true;
}

static void assert_same(const struct hart *a, const struct hart *b)
{
	assert_memory_equal(a->x, b->x, 32 * sizeof(a->x[0]));
	assert_memory_equal(a->s[BANK_HS].held, b->s[BANK_HS].held, sizeof(a->s[0].held));
	assert_memory_equal(a->s[BANK_VS].held, b->s[BANK_VS].held, sizeof(a->s[0].held));
	assert_true(csr_mstatus(a) == csr_mstatus(b));
	assert_true(csr_vsstatus(a) == csr_vsstatus(b));
	assert_true(a->mie == b->mie && a->mip == b->mip && a->alert == b->alert);
	assert_true(a->block_key == b->block_key);
	assert_true(a->lpe == b->lpe && a->sse == b->sse);
}

static void compare_one(struct machine *machine, u64 *seed)
{
	struct hart *hart = &machine->hart;
	static struct hart before, after;
	u16 number = numbers[random_u64(seed) % ARRAY_SIZE(numbers)];
	unsigned funct3 = (unsigned)(1 + random_u64(seed) % 3) | (random_u64(seed) & 1 ? 4 : 0);
	unsigned rd = random_u64(seed) & 1 ? 0 : (unsigned)(random_u64(seed) % 32);
	unsigned rs1 =
		(unsigned)(random_u64(seed) & 1 ? random_u64(seed) % 32 : random_u64(seed) % 3);
	u32 raw = csr_encode(number, funct3, rd, rs1);
	struct insn insn;
	bool done;

	state_random(hart, seed);
	interp_decode(hart, raw, &insn);
	before = *hart;
	done = interp_execute(hart, &insn) == EXIT_NEXT;
	after = *hart;
	*hart = before;
	hart_regime_changed(hart);
	assert_int_equal(reference(hart, raw), done);
	assert_same(&after, hart);
	/*
	 * No interrupt can follow an instruction that clears SIE, but csr_access() leaves the block
	 * then, too.
	 */
	assert_true(after.stop == hart->stop || (number == CSR_SSTATUS && (funct3 & 3) == 3));
	if (!done)
		assert_true(after.trap.cause == hart->trap.cause &&
			    after.trap.tval == hart->trap.tval);
}

static void compare(struct ext_set extensions)
{
	struct machine *machine = machine_create(extensions);
	u64 seed = 0x5eed;

	for (unsigned n = 0; n < ROUNDS; n++)
		compare_one(machine, &seed);
	machine_free(machine);
}

static void test_instructions(void **unused)
{
	compare(EXT_TOGETHER);
	compare(ext_without(EXT_TOGETHER, EXT_h, EXT_zca));
}

/* Executes csrrw, csrrs or csrrc with x5, and returns whether the hart then leaves its block. */
static bool leaves(struct hart *hart, u16 number, enum csr_how how, u64 operand)
{
	struct insn insn;

	hart->x[5] = operand;
	hart->stop = false;
	interp_decode(hart, csr_encode(number, how + 1u, 0, 5), &insn);
	assert_int_equal(interp_execute(hart, &insn), EXIT_NEXT);
	return hart->stop;
}

/*
 * A write leaves the block if an interrupt is due, or if code must be fetched or executed
 * differently.
 */
static void test_leaving(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;

	machine_open_pmp(machine);
	csr_poke(hart, CSR_MSTATUS, MSTATUS_FS);
	csr_poke(hart, 0x303, BIT(IRQ_SSI) | BIT(IRQ_STI));
	hart_set_mode(hart, PRIV_S, false);
	hart->alert = interrupt_alert(hart);
	assert_false(leaves(hart, CSR_SSTATUS, CSR_SET, MSTATUS_SIE));
	assert_false(leaves(hart, CSR_SSTATUS, CSR_CLEAR, MSTATUS_SIE));
	assert_false(leaves(hart, CSR_SSTATUS, CSR_SET, MSTATUS_SUM));
	assert_false(leaves(hart, CSR_SIE, CSR_WRITE, BIT(IRQ_SSI)));
	assert_false(leaves(hart, CSR_SSCRATCH, CSR_WRITE, 1));
	assert_true(leaves(hart, CSR_SSTATUS, CSR_CLEAR, MSTATUS_FS));
	assert_true(leaves(hart, CSR_SATP, CSR_WRITE, 8ull << 60 | RAM_BASE >> PAGE_SHIFT));
	assert_true(leaves(hart, CSR_SIP, CSR_SET, BIT(IRQ_SSI)));
	assert_true(leaves(hart, CSR_SSTATUS, CSR_SET, MSTATUS_SIE));
	assert_false(leaves(hart, CSR_SIP, CSR_CLEAR, BIT(IRQ_SSI)));
	assert_false(leaves(hart, CSR_SSTATUS, CSR_SET, MSTATUS_SIE));
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_instructions),
	cmocka_unit_test(test_leaving),
	{ 0 },
};
