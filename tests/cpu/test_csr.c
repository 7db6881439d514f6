/* SPDX-License-Identifier: MIT */
/*
 * Tests the control and status registers by the privileged manual: every number can be accessed in
 * every way in every mode without harm, the right to do so follows from the number, and the
 * registers hold what they should (WARL rules, views of one another, counters).
 */
#include "cpu/mmu/peek.h"
#include "tests/cpu/fixture.h"
#include "tests/cpu/random.h"

#define PC (RAM_BASE + 0x1000)

/* These numbers are taken from the manual independently of csr.def. */
enum {
	FFLAGS = 0x001, FRM = 0x002, FCSR = 0x003,
	SSTATUS = 0x100, SIE = 0x104, STVEC = 0x105, SCOUNTEREN = 0x106, SENVCFG = 0x10a,
	SEPC = 0x141, SIP = 0x144, STIMECMP = 0x14d, SATP = 0x180,
	MSTATUS = 0x300, MISA = 0x301, MEDELEG = 0x302, MIDELEG = 0x303, MIE = 0x304,
	MTVEC = 0x305, MCOUNTEREN = 0x306, MENVCFG = 0x30a, MCOUNTINHIBIT = 0x320,
	MEPC = 0x341, MIP = 0x344, PMPCFG0 = 0x3a0, PMPADDR0 = 0x3b0,
	MVENDORID = 0xf11, MHPMCOUNTER3 = 0xb03, TIME = 0xc01, HPMCOUNTER3 = 0xc03,
};

static u64 csr_get(struct machine *machine, u16 number)
{
	u64 value;

	assert_true(csr_peek(&machine->hart, number, &value));
	return value;
}

/* Accesses a register as an instruction does, in the hart's mode. */
static bool access_csr(struct machine *machine, u16 number, enum csr_how how, u64 operand)
{
	const struct csr_access access = {
		.number = number, .how = how, .operand = operand, .reads = true, .writes = true,
	};
	u64 old;

	return csr_access(&machine->hart, &access, &old);
}

static void csr_set(struct machine *machine, u16 number, u64 value)
{
	assert_true(access_csr(machine, number, CSR_WRITE, value));
}

static void csr_set_mode(struct machine *machine, u8 priv)
{
	machine->hart.priv = priv;
	hart_regime_changed(&machine->hart);
}

/* Makes all registers accessible to all modes. */
static void open_all(struct machine *machine)
{
	machine_open_pmp(machine);
	csr_set(machine, MCOUNTEREN, UINT64_MAX);
	csr_set(machine, SCOUNTEREN, UINT64_MAX);
	csr_set(machine, MENVCFG, MENVCFG_STCE);
	csr_set(machine, MSTATUS, MSTATUS_FS);
}

static u32 csr_encode(u16 number, unsigned funct3, unsigned rd, unsigned rs1)
{
	return (u32)number << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
}

/*
 * Executes a CSR instruction: funct3 1 to 3 with register rs1, 5 to 7 with the number rs1. It is
 * legal by these rules: the number's bits 9:8 are the lowest mode, 11:10 = 3 is read-only; set and
 * clear with x0 (or 0) do not write.
 */
static void check_instruction(struct machine *machine, u16 number, unsigned funct3, unsigned rd,
			      unsigned rs1)
{
	struct hart *hart = &machine->hart;
	bool writes = (funct3 & 3) == 1 || rs1;
	u32 raw = csr_encode(number, funct3, rd, rs1);
	u8 priv = hart->priv;
	u64 old = 0;
	bool exists = csr_peek(hart, number, &old);
	bool legal = exists && priv >= (number >> 8 & 3) && !(writes && number >> 10 == 3);

	hart->x[1] = hart->x[5] = 0x5a5a;
	assert_int_equal(machine_step(machine, PC, raw), legal);
	assert_int_equal(hart->x[0], 0);
	if (!legal) {
		assert_int_equal(hart->mcause, CAUSE_ILLEGAL);
		assert_int_equal(hart->mtval, raw);
		assert_int_equal(hart->x[1], 0x5a5a);
		return;
	}
	assert_int_equal(hart->priv, priv);
	if (rd)
		assert_int_equal(hart->x[1], old);
}

static void test_every_access(void **unused)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M }, functs[] = { 1, 2, 3, 5, 6, 7 };
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart before;

	open_all(machine);
	before = machine->hart;
	for (unsigned n = 0; n < 4096 * 72; n++) {
		unsigned form = n % 72;

		/* Each access starts from the same state. */
		machine->hart = before;
		machine->hart.priv = privs[form / 24];
		hart_pmp_changed(&machine->hart);
		check_instruction(machine, (u16)(n / 72), functs[form / 4 % 6], form & 1,
				  form & 2 ? 5 : 0);
	}
	machine->hart = before;
	machine_free(machine);
}

/*
 * Checks what a hart with all extensions may do with one CSR instruction, in any mode and state:
 * run it, or refuse it as its number says. Only what HS-mode could do is a guest's virtual
 * instruction ("Virtual-Instruction"); extensions may refuse more.
 */
static void check_refusal(struct machine *machine, u32 raw, bool exists)
{
	static const u8 level_of[2][4] = { { 0, 2, 2, 3 }, { 0, 1, 1, 1 } };
	struct hart *hart = &machine->hart;
	unsigned number = raw >> 20, needed = number >> 8 & 3;
	bool virt = hart->virt, writes = (raw >> 12 & 3) == 1 || (raw >> 15 & 31);
	bool never = !exists || needed == PRIV_M || (writes && number >> 10 == 3);
	u8 priv = hart->priv;
	bool good = machine_step(machine, PC, raw);

	assert_int_equal(hart->x[0], 0);
	if (good) {
		assert_true(exists && needed <= level_of[virt][priv]);
		assert_false(writes && number >> 10 == 3);
		assert_true(hart->priv == priv && hart->virt == virt);
		return;
	}
	assert_true(hart->priv == PRIV_M && !hart->virt);
	assert_int_equal(hart->mtval, raw);
	if (hart->mcause != CAUSE_ILLEGAL) {
		assert_int_equal(hart->mcause, CAUSE_VIRTUAL_INSTRUCTION);
		assert_true(virt && !never);
	}
}

/* Tests every number and instruction in M, HS, U, VS and VU, with values that change all fields. */
static void test_every_mode(void **unused)
{
	static const u8 privs[] = { PRIV_M, PRIV_S, PRIV_U, PRIV_S, PRIV_U };
	static const u8 functs[] = { 1, 2, 3, 5, 6, 7 };
	struct ext_set all = ext_without(EXT_TOGETHER, EXT_zcd, EXT_zce);
	struct machine *machine = machine_create(all);
	struct hart *hart = &machine->hart;
	struct hart before;
	u64 seed = 17, value;

	open_all(machine);
	hart->mnstatus = MNSTATUS_NMIE;
	before = *hart;
	for (unsigned n = 0; n < 4096 * 60; n++) {
		unsigned form = n % 60, mode = form / 12;
		u16 number = (u16)(n / 60);

		/*
		 * The state is what the instructions so far have made of it; now and then the first
		 * state is restored.
		 */
		if (random_u64(&seed) % 64 == 0)
			*hart = before;
		hart->mnstatus |= MNSTATUS_NMIE;
		hart->mstatus &= ~MSTATUS_MDT;
		hart->pmp = before.pmp;
		hart->mseccfg = hart->pmp.rules = 0;
		hart->priv = privs[mode];
		hart->virt = mode > 2;
		hart_pmp_changed(hart);
		hart->x[5] = random_u64(&seed) >> random_u64(&seed) % 64;
		check_refusal(machine,
			      csr_encode(number, functs[form / 2 % 6], form & 1,
					 random_u64(&seed) % 4 ? 5 : 0),
			      csr_peek(hart, number, &value));
	}
	*hart = before;
	machine_free(machine);
}

/* Checks that no register has an illegal value, whatever was written to it. */
static void check_legal(struct machine *machine)
{
	u64 mstatus = csr_get(machine, MSTATUS), satp = csr_get(machine, SATP) >> 60;
	u64 pmpcfg = csr_get(machine, PMPCFG0);

	assert_int_not_equal(mstatus >> 11 & 3, 2);
	assert_int_equal(mstatus >> 63, (mstatus >> 13 & 3) == 3);
	assert_int_equal(mstatus >> 32 & 15, 0xa);
	assert_true(satp == 0 || (satp >= 8 && satp <= 10));
	assert_false(csr_get(machine, STVEC) & 2);
	assert_false(csr_get(machine, MTVEC) & 2);
	assert_false(csr_get(machine, MEPC) & 1);
	assert_false(csr_get(machine, SEPC) & 1);
	assert_int_not_equal(csr_get(machine, MENVCFG) >> 4 & 3, 2);
	assert_int_not_equal(csr_get(machine, SENVCFG) >> 4 & 3, 2);
	assert_false(csr_get(machine, MEDELEG) & BIT(11));
	assert_false(csr_get(machine, MIDELEG) & ~0x222ull);
	assert_false(csr_get(machine, MIE) & ~0xaaaull);
	assert_false(csr_get(machine, SIP) & ~csr_get(machine, MIDELEG));
	assert_false(pmpcfg & 0x6060606060606060ull);
	assert_false(~pmpcfg << 1 & pmpcfg & 0x0202020202020202ull);
	assert_false(csr_get(machine, PMPADDR0) >> 54);
	assert_int_equal(csr_get(machine, FCSR) >> 8, 0);
}

static void test_random_writes(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	u64 seed = 38, legal = 0;

	for (unsigned n = 0; n < 300000; n++) {
		u64 value = random_u64(&seed) >> random_u64(&seed) % 64;
		u16 number = random_u64(&seed) >> 52;
		u8 priv = random_u64(&seed) % 4;

		machine->hart.priv = priv == 2 ? PRIV_M : priv;
		hart_regime_changed(&machine->hart);
		legal += access_csr(machine, number, random_u64(&seed) % 3, value);
		check_legal(machine);
	}
	assert_in_range(legal, 1000, 200000);
	machine_free(machine);
}

/* Reads all registers right after hart_init, as a debugger does before the first instruction. */
static void test_before_the_first_instruction(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	unsigned count = 0;
	u64 value;
	u8 byte;

	for (unsigned number = 0; number < 4096; number++)
		count += csr_peek(&machine->hart, (u16)number, &value);
	assert_in_range(count, 140, 400);
	check_legal(machine);
	assert_int_equal(csr_get(machine, MSTATUS), 0xa00000000ull);
	assert_int_equal(csr_get(machine, SATP), 0);
	assert_int_equal(machine->hart.priv, PRIV_M);
	assert_true(hart_peek(&machine->hart, RAM_BASE, &byte, 1));
	assert_false(hart_peek(&machine->hart, HOLE, &byte, 1));
	assert_false(hart_peek(&machine->hart, DEVICE_BASE, &byte, 1));
	machine_free(machine);
}

/* Registers do not exist without their extension. */
static void test_extensions(void **unused)
{
	static const struct {
		u16 number;
		u8 ext;
	} cases[] = {
		{ FFLAGS, EXT_f }, { FCSR, EXT_f }, { SSTATUS, EXT_s }, { SATP, EXT_s },
		{ STIMECMP, EXT_sstc }, { TIME, EXT_zicntr }, { HPMCOUNTER3, EXT_zihpm },
	};
	u64 value;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine *machine =
			machine_create(ext_without(PLAIN_EXTENSIONS, cases[i].ext));

		assert_false(csr_peek(&machine->hart, cases[i].number, &value));
		assert_false(access_csr(machine, cases[i].number, CSR_WRITE, 0));
		assert_int_equal(machine->hart.trap.reason, REASON_csr_missing);
		machine_free(machine);
	}
}

/* Tests what registers hold after all ones and after all zeros were written in M-mode. */
static void test_writable_bits(void **unused)
{
	static const struct {
		u16 number;
		u64 ones, zeros;
	} cases[] = {
		{ MSTATUS, 0x8000000a007e79aaull, 0xa00000000ull },
		{ SSTATUS, 0x80000002000c6122ull, 0x200000000ull },
		{ MEDELEG, 0xcb3ff, 0 }, { MIDELEG, 0x222, 0 }, { MIE, 0xaaa, 0 },
		{ MIP, 0x222, 0 },
		/* Mode 3 is reserved, so the write has no effect. */
		{ MTVEC, 0, 0 }, { STVEC, 0, 0 },
		{ MEPC, ~1ull, 0 }, { SEPC, ~1ull, 0 },
		{ MCOUNTEREN, 0xffffffff, 0 }, { SCOUNTEREN, 0xffffffff, 0 },
		{ MENVCFG, 0xe0000000000000f1ull, 0 }, { SENVCFG, 0xf1, 0 },
		{ MCOUNTINHIBIT, 0xfffffffd, 0 },
		/* Mode 15 does not exist, so the write has no effect. */
		{ SATP, 0, 0 },
		{ 0x340, UINT64_MAX, 0 }, { 0x140, UINT64_MAX, 0 }, /* mscratch, sscratch */
		{ 0x343, UINT64_MAX, 0 }, { 0x143, UINT64_MAX, 0 }, /* mtval, stval */
		{ MHPMCOUNTER3, UINT64_MAX, 0 }, { 0x323, 0, 0 }, /* mhpmevent3 */
		{ PMPADDR0, 0x3fffffffffffffull, 0 },
	};
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		csr_set(machine, cases[i].number, UINT64_MAX);
		assert_int_equal(csr_get(machine, cases[i].number), cases[i].ones);
		csr_set(machine, cases[i].number, 0);
		assert_int_equal(csr_get(machine, cases[i].number), cases[i].zeros);
	}
	machine_free(machine);
}

static void test_mstatus(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	/* MPP = 2 is no mode, so the field keeps its value. */
	csr_set(machine, MSTATUS, 1ull << 11);
	csr_set(machine, MSTATUS, 2ull << 11 | MSTATUS_SUM);
	assert_int_equal(csr_get(machine, MSTATUS), 0xa00000000ull | 1ull << 11 | MSTATUS_SUM);
	/* sstatus is a view: it neither shows nor changes fields of M-mode. */
	csr_set(machine, MSTATUS, MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_TW);
	assert_int_equal(csr_get(machine, SSTATUS), 0x200000000ull);
	csr_set(machine, SSTATUS, UINT64_MAX);
	csr_set(machine, SSTATUS, 0);
	assert_int_equal(csr_get(machine, MSTATUS),
			 0xa00000000ull | MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_TW);
	/* SD follows FS. */
	for (u64 fs = FS_OFF; fs <= FS_DIRTY; fs++) {
		csr_set(machine, MSTATUS, fs << 13 | BIT(63));
		assert_int_equal(csr_get(machine, MSTATUS) >> 63, fs == FS_DIRTY);
		assert_int_equal(csr_get(machine, SSTATUS) >> 63, fs == FS_DIRTY);
	}
	machine_free(machine);
}

/*
 * While FS is Off the registers are hidden; every write to them, and to f registers, makes it
 * Dirty.
 */
static void test_floating_point(void **unused)
{
	static const u32 dirtying[] = {
		0x00105073, /* csrwi fflags, 0 */
		0x0021d073, /* csrwi frm, 3 */
		0x00305073, /* csrwi fcsr, 0 */
		0xf2050053, /* fmv.d.x f0, a0 */
		0xa2052553, /* feq.d a0, f10, f0 */
	};
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	for (unsigned i = 0; i < ARRAY_SIZE(dirtying); i++) {
		csr_set(machine, MSTATUS, (u64)FS_OFF << 13);
		assert_false(machine_step(machine, PC, dirtying[i]));
		assert_int_equal(machine->hart.mcause, CAUSE_ILLEGAL);
		csr_set(machine, MSTATUS, (u64)FS_CLEAN << 13);
		assert_true(machine_step(machine, PC, dirtying[i]));
		assert_int_equal(csr_get(machine, MSTATUS) >> 13 & 3, FS_DIRTY);
	}
	csr_set(machine, FCSR, UINT64_MAX);
	assert_int_equal(csr_get(machine, FFLAGS), 31);
	assert_int_equal(csr_get(machine, FRM), 7);
	csr_set(machine, FRM, 2);
	csr_set(machine, FFLAGS, 9);
	assert_int_equal(csr_get(machine, FCSR), 2 << 5 | 9);
	machine_free(machine);
}

static void test_misa(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	u64 value = 2ull << 62;

	for (const char *c = "abcdfimsu"; *c; c++)
		value |= BIT(*c - 'a');
	assert_int_equal(csr_get(machine, MISA), value);
	csr_set(machine, MISA, 0);
	assert_int_equal(csr_get(machine, MISA), value);
	machine_free(machine);
}

static void test_satp(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	for (u64 mode = 0; mode < 16; mode++) {
		u64 value = mode << 60 | 0xabcd << 4 | 0x123;

		csr_set(machine, SATP, 0);
		csr_set(machine, SATP, value);
		assert_int_equal(csr_get(machine, SATP),
				 mode == 0 || (mode >= 8 && mode <= 10) ? value : 0);
	}
	/* ASIDs have 16 bits, page numbers 44. */
	csr_set(machine, SATP, 8ull << 60 | (BIT(60) - 1));
	assert_int_equal(csr_get(machine, SATP), 8ull << 60 | (BIT(60) - 1));
	/* TVM makes satp accessible to M-mode only. */
	csr_set(machine, MSTATUS, MSTATUS_TVM);
	csr_set_mode(machine, PRIV_S);
	assert_false(access_csr(machine, SATP, CSR_WRITE, 0));
	assert_int_equal(machine->hart.trap.reason, REASON_csr_tvm);
	assert_false(access_csr(machine, SATP, CSR_SET, 0));
	csr_set_mode(machine, PRIV_M);
	csr_set(machine, SATP, 0);
	machine_free(machine);
}

static void test_vectors(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	static const u16 numbers[] = { MTVEC, STVEC };

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		csr_set(machine, numbers[i], 0x80000001);
		assert_int_equal(csr_get(machine, numbers[i]), 0x80000001);
		csr_set(machine, numbers[i], 0x90000002);
		csr_set(machine, numbers[i], 0x90000003);
		assert_int_equal(csr_get(machine, numbers[i]), 0x80000001);
		csr_set(machine, numbers[i], 0x90000000);
		assert_int_equal(csr_get(machine, numbers[i]), 0x90000000);
	}
	machine_free(machine);
}

/* CBIE = 2 is reserved: that field keeps its value, the others are written. */
static void test_envcfg(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	static const u16 numbers[] = { MENVCFG, SENVCFG };

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		csr_set(machine, numbers[i], 1 << 4);
		csr_set(machine, numbers[i], 2 << 4 | 0x80);
		assert_int_equal(csr_get(machine, numbers[i]), 1 << 4 | 0x80);
		csr_set(machine, numbers[i], 3 << 4);
		assert_int_equal(csr_get(machine, numbers[i]), 3 << 4);
	}
	machine_free(machine);
	/* ADUE, PBMTE and STCE exist only with the extension that they control. */
	machine = machine_create(ext_without(PLAIN_EXTENSIONS, EXT_svadu));
	csr_set(machine, MENVCFG, UINT64_MAX);
	assert_int_equal(csr_get(machine, MENVCFG) >> 61, 6);
	machine_free(machine);
	machine = machine_create(ext_without(PLAIN_EXTENSIONS, EXT_svpbmt, EXT_sstc));
	csr_set(machine, MENVCFG, UINT64_MAX);
	assert_int_equal(csr_get(machine, MENVCFG) >> 61, 1);
	machine_free(machine);
}

/* sie and sip show mie and mip where mideleg is set; in sip only SSIP can be written. */
static void test_interrupt_views(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	u64 seed = 44;

	irq_set(hart_irq(&machine->hart, IRQ_MTI), true);
	for (unsigned n = 0; n < 1000; n++) {
		u64 deleg = random_u64(&seed) & 0x222, mie, mip, value = random_u64(&seed);

		csr_set(machine, MIDELEG, deleg);
		csr_set(machine, MIE, random_u64(&seed));
		csr_set(machine, MIP, random_u64(&seed));
		mie = csr_get(machine, MIE);
		mip = csr_get(machine, MIP);
		assert_int_equal(csr_get(machine, SIE), mie & deleg);
		assert_int_equal(csr_get(machine, SIP), mip & deleg);
		csr_set(machine, SIE, value);
		assert_int_equal(csr_get(machine, MIE), (mie & ~deleg) | (value & deleg));
		csr_set(machine, SIP, value);
		deleg &= BIT(IRQ_SSI);
		assert_int_equal(csr_get(machine, MIP), (mip & ~deleg) | (value & deleg));
		/* Software cannot write the bit of the timer's pin. */
		assert_true(csr_get(machine, MIP) & BIT(IRQ_MTI));
	}
	machine_free(machine);
}

/*
 * SEIP reads as the pin or the bit; csrrs and csrrc modify the bit alone (manual, "mip and mie").
 */
static void test_seip(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct irq pin = hart_irq(&machine->hart, IRQ_SEI);

	irq_set(pin, true);
	assert_true(access_csr(machine, MIP, CSR_SET, BIT(IRQ_SSI)));
	assert_int_equal(csr_get(machine, MIP), BIT(IRQ_SEI) | BIT(IRQ_SSI));
	irq_set(pin, false);
	assert_int_equal(csr_get(machine, MIP), BIT(IRQ_SSI));
	assert_true(access_csr(machine, MIP, CSR_SET, BIT(IRQ_SEI)));
	irq_set(pin, true);
	irq_set(pin, false);
	assert_int_equal(csr_get(machine, MIP), BIT(IRQ_SEI) | BIT(IRQ_SSI));
	assert_true(access_csr(machine, MIP, CSR_CLEAR, BIT(IRQ_SEI)));
	assert_int_equal(csr_get(machine, MIP), BIT(IRQ_SSI));
	machine_free(machine);
}

/* A MODE that a register refuses is logged, once for each register; other values are not logged. */
static void test_modes_told(void **state)
{
	static const u16 numbers[] = { 0x305, 0x105, 0x205, 0x180, 0x280, 0x680 };
	struct machine *machine = machine_create(EXT_DEFAULT);
	struct log *log = &machine->platform.log;
	char text[128];

	log->items = LOG_GUEST_ERRORS;
	log->file = tmpfile();
	assert_non_null(log->file);
	for (unsigned n = 0; n < ARRAY_SIZE(numbers); n++) {
		bool vector = n < 3;

		csr_set(machine, numbers[n], vector ? RAM_BASE | 1 : 8ull << 60 | RAM_BASE >> 12);
		assert_int_equal(log->lines, n);
		csr_set(machine, numbers[n], vector ? RAM_BASE | 2 : 7ull << 60);
		assert_int_equal(log->lines, n + 1);
		csr_set(machine, numbers[n], vector ? RAM_BASE | 3 : 6ull << 60);
		assert_int_equal(log->lines, n + 1);
	}
	rewind(log->file);
	assert_non_null(fgets(text, sizeof(text), log->file));
	assert_string_equal(text, "hart 0: mtvec: a write of 0x80000002 asks for MODE 2, which it "
				  "does not take: it is 0x80000001 now\n");
	fclose(log->file);
	machine_free(machine);
}

/* The last refused write of a trap vector is remembered without a log, until a reset. */
static void test_refused_vectors(void **state)
{
	static const u16 numbers[TRAP_VECTORS] = { 0x305, 0x105, 0x205 };
	struct machine *machine = machine_create(EXT_DEFAULT);
	const struct trap_refusal *refused = machine->hart.log.refused;

	for (unsigned n = 0; n < TRAP_VECTORS; n++) {
		csr_set(machine, numbers[n], RAM_BASE | 1);
		assert_int_equal(refused[n].asked, 0);
		csr_set(machine, numbers[n], RAM_BASE | 2);
		csr_set(machine, numbers[n], RAM_BASE | 3);
		csr_set(machine, numbers[n], RAM_BASE);
		assert_int_equal(refused[n].asked, RAM_BASE | 3);
		assert_int_equal(refused[n].kept, RAM_BASE | 1);
	}
	hart_reset(&machine->hart, RAM_BASE);
	for (unsigned n = 0; n < TRAP_VECTORS; n++)
		assert_int_equal(refused[n].asked, 0);
	machine_free(machine);
}

/* The registers that identify the core have the values of the hart's configuration. */
static void test_identity(void **unused)
{
	static const u64 values[] = { 0x489, 0x8000000000000007, 0x4210427 };
	struct machine *machine = machine_create(EXT_TOGETHER);

	machine->hart.identity = (struct identity){ values[0], values[1], values[2] };
	for (u16 n = 0; n < ARRAY_SIZE(values); n++) {
		assert_int_equal(csr_get(machine, MVENDORID + n), values[n]);
		assert_false(access_csr(machine, MVENDORID + n, CSR_WRITE, 0));
	}
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_identity),
	cmocka_unit_test(test_every_access),
	cmocka_unit_test(test_every_mode),
	cmocka_unit_test(test_random_writes),
	cmocka_unit_test(test_before_the_first_instruction),
	cmocka_unit_test(test_extensions),
	cmocka_unit_test(test_writable_bits),
	cmocka_unit_test(test_mstatus),
	cmocka_unit_test(test_floating_point),
	cmocka_unit_test(test_misa),
	cmocka_unit_test(test_satp),
	cmocka_unit_test(test_modes_told),
	cmocka_unit_test(test_refused_vectors),
	cmocka_unit_test(test_vectors),
	cmocka_unit_test(test_envcfg),
	cmocka_unit_test(test_interrupt_views),
	cmocka_unit_test(test_seip),
	{ 0 },
};
