/* SPDX-License-Identifier: MIT */
/*
 * Tests traps (privileged manual): their targets, what entry and return do to the status stacks,
 * which interrupt is taken first, and who may execute the privileged instructions. The cases are
 * run through all combinations and compared with the manual's sentences written as one expression.
 */
#include "tests/cpu/fixture.h"
#include "tests/cpu/random.h"

#include "cpu/hart/interrupt.h"

#define PC (RAM_BASE + 0x1000)
#define M_VECTOR (RAM_BASE + 0x2000)
#define S_VECTOR (RAM_BASE + 0x3000)
#define S_BITS 0x222ull
#define M_BITS 0x888ull

static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };

static struct machine *trap_create(void)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	machine->hart.mtvec = M_VECTOR;
	machine->hart.s[BANK_HS].tvec = S_VECTOR;
	machine_open_pmp(machine);
	return machine;
}

static void trap_set_mode(struct hart *hart, u8 priv, u64 mstatus)
{
	hart->priv = priv;
	csr_set_mstatus(hart, mstatus);
	hart_regime_changed(hart);
}

/* The bit of the cause decides about delegation; traps from M-mode are never delegated. */
static void test_target(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;
	bool virt = true;

	for (unsigned code = 0; code < 16; code++)
		for (unsigned n = 0; n < 6; n++) {
			bool bit = n & 1;
			u64 own = bit ? BIT(code) : ~BIT(code);
			u8 target;

			/* mideleg has the opposite value, and must not matter. */
			hart->medeleg = own;
			hart->mideleg = ~own;
			hart->priv = privs[n / 2];
			target = trap_target(hart, code, &virt);
			assert_int_equal(target, bit && hart->priv != PRIV_M ? PRIV_S : PRIV_M);
			assert_false(virt);
		}
	machine_free(machine);
}

/*
 * Checks the entry of a handler: xPP, xPIE, xIE, xepc, xcause, xtval and pc of the target change;
 * no register of the other mode does.
 */
static void check_entry(struct machine *machine, u8 from, bool to_s, u64 mstatus)
{
	struct hart *hart = &machine->hart;
	struct sbank *s = &hart->s[BANK_HS];
	u64 before, after, expected;

	hart->medeleg = to_s ? BIT(CAUSE_LOAD_PAGE) : 0;
	hart->mepc = hart->mcause = hart->mtval = s->epc = s->cause = s->tval = 77;
	trap_set_mode(hart, from, mstatus);
	before = csr_mstatus(hart);
	hart->pc = PC;
	hart_trap(hart, CAUSE_LOAD_PAGE, 0xabc, REASON_pte_read);
	trap_take(hart);
	after = csr_mstatus(hart);
	if (to_s) {
		assert_int_equal(hart->priv, PRIV_S);
		assert_int_equal(hart->pc, S_VECTOR);
		assert_int_equal(s->epc, PC);
		assert_int_equal(s->cause, CAUSE_LOAD_PAGE);
		assert_int_equal(s->tval, 0xabc);
		assert_int_equal(hart->mepc, 77);
		assert_int_equal(hart->mcause, 77);
		assert_int_equal(hart->mtval, 77);
		expected = before & ~(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP);
		expected |= from == PRIV_S ? MSTATUS_SPP : 0;
		expected |= before & MSTATUS_SIE ? MSTATUS_SPIE : 0;
	} else {
		assert_int_equal(hart->priv, PRIV_M);
		assert_int_equal(hart->pc, M_VECTOR);
		assert_int_equal(hart->mepc, PC);
		assert_int_equal(hart->mcause, CAUSE_LOAD_PAGE);
		assert_int_equal(hart->mtval, 0xabc);
		assert_int_equal(s->epc, 77);
		assert_int_equal(s->cause, 77);
		assert_int_equal(s->tval, 77);
		expected = before & ~(MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP);
		expected |= (u64)from << 11;
		expected |= before & MSTATUS_MIE ? MSTATUS_MPIE : 0;
	}
	assert_int_equal(after, expected);
}

/* Returns a value of mstatus with all fields random and legal. */
static u64 random_mstatus(u64 *seed)
{
	u64 value = random_u64(seed) & ~(MSTATUS_MPV | MSTATUS_GVA | MSTATUS_SDT | MSTATUS_MDT |
					 MSTATUS_SPELP | MSTATUS_MPELP);

	return field_get(value, MSTATUS_MPP) == 2 ? value ^ MSTATUS_MPP : value;
}

static void test_entry(void **unused)
{
	struct machine *machine = trap_create();
	u64 seed = 41;

	for (unsigned n = 0; n < 3000; n++) {
		u8 from = privs[n % 3];

		check_entry(machine, from, from != PRIV_M && (n & 1), random_mstatus(&seed));
	}
	machine_free(machine);
}

/* In vectored mode interrupts go to base + 4 * cause, exceptions to the base. */
static void test_vectors(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	for (unsigned n = 0; n < 8; n++) {
		bool vectored = n & 1, to_s = n & 2, interrupt = n & 4;
		u64 base = to_s ? S_VECTOR : M_VECTOR;

		hart->mtvec = M_VECTOR | (!to_s && vectored);
		hart->s[BANK_HS].tvec = S_VECTOR | (to_s && vectored);
		hart->medeleg = to_s ? UINT64_MAX : 0;
		hart->mideleg = to_s ? S_BITS : 0;
		hart->mie = hart->mip = interrupt ? BIT(IRQ_SEI) : 0;
		trap_set_mode(hart, PRIV_U, 0);
		hart->pc = PC;
		if (interrupt) {
			assert_true(trap_interrupt(hart));
			assert_int_equal(to_s ? hart->s[BANK_HS].cause : hart->mcause,
					 CAUSE_INTERRUPT | IRQ_SEI);
			assert_int_equal(to_s ? hart->s[BANK_HS].tval : hart->mtval, 0);
		} else {
			hart_trap(hart, CAUSE_ECALL_U, 0, REASON_ecall);
			trap_take(hart);
		}
		assert_int_equal(hart->pc, vectored && interrupt ? base + 4 * IRQ_SEI : base);
	}
	machine_free(machine);
}

/*
 * A return sets the mode and xIE from the status stack, sets the stack to its state after reset,
 * and clears MPRV if the new mode is below M.
 */
static void test_returns(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;
	u64 seed = 42;

	for (unsigned n = 0; n < 3000; n++) {
		u64 mstatus = random_mstatus(&seed), before, expected;
		bool mret = n & 1;
		u8 to;

		trap_set_mode(hart, PRIV_M, mstatus);
		before = csr_mstatus(hart);
		hart->mepc = PC + 0x100;
		hart->s[BANK_HS].epc = PC + 0x200;
		if (mret) {
			assert_int_equal(trap_mret(hart), PC + 0x100);
			to = (u8)(before >> 11 & 3);
			expected = before & ~(MSTATUS_MIE | MSTATUS_MPP);
			expected |= MSTATUS_MPIE | (before & MSTATUS_MPIE ? MSTATUS_MIE : 0);
		} else {
			assert_int_equal(trap_sret(hart), PC + 0x200);
			to = before & MSTATUS_SPP ? PRIV_S : PRIV_U;
			expected = before & ~(MSTATUS_SIE | MSTATUS_SPP);
			expected |= MSTATUS_SPIE | (before & MSTATUS_SPIE ? MSTATUS_SIE : 0);
		}
		if (to != PRIV_M)
			expected &= ~MSTATUS_MPRV;
		assert_int_equal(hart->priv, to);
		assert_int_equal(csr_mstatus(hart), expected);
	}
	machine_free(machine);
}

/*
 * Returns the interrupt that must be taken. M-mode takes those that are not delegated: below M, or
 * in M with MIE. The delegated ones are taken below S, or in S with SIE, if M-mode takes none.
 * Within a mode the order is MEI, MSI, MTI, SEI, SSI, STI.
 */
static u64 oracle_interrupt(const struct hart *hart, u64 pending, u8 *to)
{
	static const u8 order[] = { 11, 3, 7, 9, 1, 5 };
	u64 status = csr_mstatus(hart);

	for (unsigned pass = 0; pass < 2; pass++) {
		bool for_m = pass == 0;
		bool on = for_m ? hart->priv != PRIV_M || (status & BIT(3)) :
				  hart->priv == PRIV_U ||
					  (hart->priv == PRIV_S && (status & BIT(1)));

		*to = for_m ? PRIV_M : PRIV_S;
		for (unsigned i = 0; on && i < ARRAY_SIZE(order); i++)
			if ((pending & hart->mie & BIT(order[i])) &&
			    for_m == !(hart->mideleg & BIT(order[i])))
				return BIT(63) | order[i];
	}
	return 0;
}

static void test_interrupts(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;
	u64 seed = 43, taken = 0;

	for (unsigned n = 0; n < 200000; n++) {
		u64 wires = random_u64(&seed) & (M_BITS | BIT(IRQ_SEI)), cause;
		u8 to;

		hart->mip = random_u64(&seed) & S_BITS;
		hart->lines = wires;
		hart->mie = random_u64(&seed) & (S_BITS | M_BITS);
		hart->mideleg = random_u64(&seed) & S_BITS;
		hart->pc = PC;
		trap_set_mode(hart, privs[n % 3], random_mstatus(&seed));
		cause = oracle_interrupt(hart, hart->mip | wires, &to);
		assert_int_equal(trap_interrupt(hart), cause != 0);
		if (!cause)
			continue;
		taken++;
		assert_int_equal(hart->priv, to);
		assert_int_equal(to == PRIV_M ? hart->mcause : hart->s[BANK_HS].cause, cause);
		assert_int_equal(to == PRIV_M ? hart->mepc : hart->s[BANK_HS].epc, PC);
		/* It is not taken again at once. */
		if (to == PRIV_M)
			assert_false(trap_interrupt(hart));
	}
	assert_in_range(taken, 50000, 190000);
	machine_free(machine);
}

/* MEIP, MSIP, MTIP and SEIP follow the level of their pins, and a change makes the hart check. */
static void test_pins(void **unused)
{
	static const u8 pins[] = { IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_MEI };
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	for (unsigned i = 0; i < ARRAY_SIZE(pins); i++) {
		struct irq line = hart_irq(hart, pins[i]);

		hart->stop = false;
		irq_set(line, true);
		assert_int_equal(interrupt_pending(hart), BIT(pins[i]));
		assert_true(hart->stop);
		irq_set(line, false);
		assert_int_equal(interrupt_pending(hart), 0);
	}
	/* SEIP is the pin or what software wrote; clearing one leaves the other. */
	hart->mip = BIT(IRQ_SEI);
	irq_set(hart_irq(hart, IRQ_SEI), true);
	irq_set(hart_irq(hart, IRQ_SEI), false);
	assert_int_equal(interrupt_pending(hart), BIT(IRQ_SEI));
	machine_free(machine);
}

/* The modes that may execute an instruction; others get an illegal instruction for this reason. */
struct right {
	const char *what;
	u32 raw;
	u8 priv;
	u64 mstatus;
	enum trap_reason reason; /* none: legal */
};

#define MRET 0x30200073
#define SRET 0x10200073
#define WFI 0x10500073
#define SFENCE 0x12000073
#define SINVAL 0x16000073
#define W_INVAL 0x18000073
#define INVAL_IR 0x18100073

static const struct right rights[] = {
	{ "mret in M", MRET, PRIV_M, 0, REASON_none },
	{ "mret in S", MRET, PRIV_S, 0, REASON_privilege },
	{ "mret in U", MRET, PRIV_U, 0, REASON_privilege },
	{ "sret in M", SRET, PRIV_M, MSTATUS_TSR, REASON_none },
	{ "sret in S", SRET, PRIV_S, 0, REASON_none },
	{ "sret in S, TSR", SRET, PRIV_S, MSTATUS_TSR, REASON_tsr },
	{ "sret in U", SRET, PRIV_U, 0, REASON_privilege },
	{ "wfi in M", WFI, PRIV_M, MSTATUS_TW, REASON_none },
	{ "wfi in S", WFI, PRIV_S, 0, REASON_none },
	{ "wfi in S, TW", WFI, PRIV_S, MSTATUS_TW, REASON_tw },
	{ "wfi in U", WFI, PRIV_U, 0, REASON_privilege },
	{ "sfence.vma in M", SFENCE, PRIV_M, MSTATUS_TVM, REASON_none },
	{ "sfence.vma in S", SFENCE, PRIV_S, 0, REASON_none },
	{ "sfence.vma in S, TVM", SFENCE, PRIV_S, MSTATUS_TVM, REASON_tvm },
	{ "sfence.vma in U", SFENCE, PRIV_U, 0, REASON_privilege },
	{ "sinval.vma in S", SINVAL, PRIV_S, 0, REASON_none },
	{ "sinval.vma in S, TVM", SINVAL, PRIV_S, MSTATUS_TVM, REASON_tvm },
	{ "sinval.vma in U", SINVAL, PRIV_U, 0, REASON_privilege },
	{ "sfence.w.inval in S, TVM", W_INVAL, PRIV_S, MSTATUS_TVM, REASON_none },
	{ "sfence.w.inval in U", W_INVAL, PRIV_U, 0, REASON_privilege },
	{ "sfence.inval.ir in S, TVM", INVAL_IR, PRIV_S, MSTATUS_TVM, REASON_none },
	{ "sfence.inval.ir in U", INVAL_IR, PRIV_U, 0, REASON_privilege },
};

static void test_rights(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	for (unsigned i = 0; i < ARRAY_SIZE(rights); i++) {
		bool legal;

		trap_set_mode(hart, rights[i].priv, rights[i].mstatus);
		hart->waiting = false;
		legal = machine_step(machine, PC, rights[i].raw);
		if (legal != !rights[i].reason)
			fail_msg("%s", rights[i].what);
		if (legal)
			continue;
		assert_int_equal(hart->trap.reason, rights[i].reason);
		assert_int_equal(hart->mcause, CAUSE_ILLEGAL);
		assert_int_equal(hart->mtval, rights[i].raw);
		assert_int_equal(hart->mepc, PC);
	}
	machine_free(machine);
}

/* CBIE, CBCFE and CBZE of menvcfg permit cbo.* below M, and those of senvcfg in U. */
static void test_cache_block_rights(void **unused)
{
	static const struct {
		u32 raw;
		u64 field;
	} cbos[] = {
		{ 0x0005200f, 0x10 }, { 0x0005200f, 0x30 }, /* cbo.inval (a0) */
		{ 0x0015200f, 0x40 }, { 0x0025200f, 0x40 }, /* cbo.clean, cbo.flush */
		{ 0x0045200f, 0x80 }, /* cbo.zero */
	};
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	for (unsigned n = 0; n < 12 * ARRAY_SIZE(cbos); n++) {
		unsigned i = n / 12;
		bool legal, expected;

		hart->menvcfg = n & 1 ? cbos[i].field : ~0xf0ull & ~MENVCFG_STCE;
		hart->senvcfg = n & 2 ? cbos[i].field : 0;
		trap_set_mode(hart, privs[n % 12 / 4], 0);
		hart->x[10] = RAM_BASE + 0x8000;
		expected = hart->priv == PRIV_M || ((n & 1) && (hart->priv == PRIV_S || (n & 2)));
		legal = machine_step(machine, PC, cbos[i].raw);
		assert_int_equal(legal, expected);
		if (!legal) {
			assert_int_equal(hart->mcause, CAUSE_ILLEGAL);
			assert_int_equal(hart->trap.reason, REASON_envcfg);
		}
	}
	machine_free(machine);
}

/* Tests cause and tval of calls, breakpoints and illegal instructions. */
static void test_exceptions(void **unused)
{
	static const struct {
		u32 raw;
		u64 cause[3], tval;
	} cases[] = {
		{ 0x00000073, { 8, 9, 11 }, 0 }, /* ecall */
		{ 0x00100073, { 3, 3, 3 }, PC }, /* ebreak */
		{ 0xabcd9002, { 3, 3, 3 }, PC }, /* c.ebreak */
		{ 0x0000000b, { 2, 2, 2 }, 0x0000000b },
		{ 0xffffffff, { 2, 2, 2 }, 0xffffffff },
		{ 0xabcd0000, { 2, 2, 2 }, 0 }, /* only the two bytes of it */
		{ 0xabcd8002, { 2, 2, 2 }, 0x8002 }, /* c.jr x0 */
		{ 0x02b57553, { 2, 2, 2 }, 0x02b57553 }, /* fadd.d, FS off */
		{ 0x00052503, { 5, 5, 5 }, HOLE }, /* lw a0, 0(a0) */
		{ 0x00a52023, { 7, 7, 7 }, HOLE }, /* sw a0, 0(a0) */
		{ 0x0005a52f | 2 << 27, { 4, 4, 4 }, HOLE + 13 }, /* lr.w a0, (a1) */
		{ 0x00a5a52f, { 6, 6, 6 }, HOLE + 13 }, /* amoadd.w a0, a0, (a1) */
	};
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		for (unsigned mode = 0; mode < ARRAY_SIZE(privs); mode++) {
			u64 steps = hart->steps, retired = hart_retired(hart);

			trap_set_mode(hart, privs[mode], 0);
			hart->x[10] = HOLE;
			hart->x[11] = HOLE + 13;
			assert_false(machine_step(machine, PC, cases[i].raw));
			assert_int_equal(hart->mcause, cases[i].cause[mode]);
			assert_int_equal(hart->mtval, cases[i].tval);
			assert_int_equal(hart->mepc, PC);
			assert_int_equal(hart->pc, M_VECTOR);
			/* Registers do not change; a trap takes a step but retires nothing. */
			assert_int_equal(hart->x[10], HOLE);
			assert_int_equal(hart->steps, steps + 1);
			assert_int_equal(hart_retired(hart), retired);
		}
	machine_free(machine);
}

/* An instruction whose second half cannot be fetched reports that half. */
static void test_fetch(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;
	u64 last = RAM_BASE + RAM_SIZE - 2;

	memcpy(machine->ram.host + RAM_SIZE - 2, &(u16){ 0x0513 }, 2);
	hart->pc = last;
	assert_int_equal(interp_step(hart), EXIT_TRAP);
	trap_take(hart);
	assert_int_equal(hart->mcause, CAUSE_FETCH_ACCESS);
	assert_int_equal(hart->mepc, last);
	assert_int_equal(hart->mtval, last + 2);
	/* A compressed instruction there is complete. */
	memcpy(machine->ram.host + RAM_SIZE - 2, &(u16){ 0x4501 }, 2);
	hart->pc = last;
	assert_int_equal(interp_step(hart), EXIT_NEXT);
	/* Nothing can be fetched from a device. */
	hart->pc = DEVICE_BASE;
	assert_int_equal(interp_step(hart), EXIT_TRAP);
	assert_int_equal(hart->trap.cause, CAUSE_FETCH_ACCESS);
	assert_int_equal(hart->trap.tval, DEVICE_BASE);
	machine_free(machine);
}

/* WFI ends when an enabled interrupt is pending, whatever MIE and delegation say. */
static void test_wfi(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;
	struct irq timer = hart_irq(hart, IRQ_MTI);

	assert_true(machine_step(machine, PC, WFI));
	assert_true(hart->waiting);
	irq_set(timer, true);
	assert_false(hart_wakes(hart));
	hart->mie = BIT(IRQ_MTI);
	assert_true(hart_wakes(hart));
	hart->waiting = false;
	/* If it is pending already, WFI does not wait, and the hart continues after it. */
	assert_true(machine_step(machine, PC, WFI));
	assert_false(hart->waiting);
	assert_int_equal(hart->pc, PC + 4);
	assert_false(trap_interrupt(hart));
	trap_set_mode(hart, PRIV_M, MSTATUS_MIE);
	assert_true(trap_interrupt(hart));
	assert_int_equal(hart->mepc, PC + 4);
	machine_free(machine);
}

/* A hart whose handler cannot even begin is soon considered dead. */
static void test_dead_at_once(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	hart->mtvec = HOLE;
	hart->pc = HOLE;
	hart_run(hart, interp_run, 10 * TRAP_STREAK_BARREN);
	assert_true(hart->dead);
	assert_in_range(hart->traps, TRAP_STREAK_BARREN, TRAP_STREAK_BARREN + 3);
	machine_free(machine);
}

/*
 * A hart whose handler faults on a stack that grows down, each time at another address, is
 * considered dead later.
 */
static void test_dead_in_the_handler(void **unused)
{
	const u32 handler[] = { 0xff010113, 0x00113023 }; /* addi sp, sp, -16; sd ra, 0(sp) */
	const u64 skipped = TRAP_STREAK_DEAD - 20 * TRAP_STREAK_BARREN;
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;

	memcpy(machine_ram(machine, M_VECTOR), handler, sizeof(handler));
	hart->x[2] = HOLE;
	hart->pc = M_VECTOR;
	hart->mtvec = M_VECTOR;
	hart_run(hart, interp_run, 20 * TRAP_STREAK_BARREN);
	assert_false(hart->dead);
	assert_true(hart->streak.count >= 2 * TRAP_STREAK_BARREN);
	/* Most of the traps in between are skipped, because they would test nothing more. */
	hart->streak.count += skipped;
	hart_run(hart, interp_run, 40 * TRAP_STREAK_BARREN);
	assert_true(hart->dead);
	assert_in_range(hart->traps + skipped, TRAP_STREAK_DEAD, TRAP_STREAK_DEAD + 2);
	machine_free(machine);
}

/* A hart that returns from its handler is not dead, whether it returns by MRET or by a jump. */
static void test_alive(void **unused)
{
	const u32 jump_back[] = { 0x34102373, 0x00430067 }; /* csrr t1, mepc; jr 4(t1) */
	const u32 again[] = { 0x00000073, 0xffdff06f }; /* ecall; j . - 4 */
	const u32 mret = MRET;

	for (unsigned with_mret = 0; with_mret < 2; with_mret++) {
		struct machine *machine = trap_create();
		struct hart *hart = &machine->hart;

		memcpy(machine_ram(machine, M_VECTOR), with_mret ? &mret : jump_back,
		       with_mret ? sizeof(mret) : sizeof(jump_back));
		memcpy(machine_ram(machine, PC), again, sizeof(again));
		hart->pc = PC;
		hart->mtvec = M_VECTOR;
		hart_run(hart, interp_run, 10 * TRAP_STREAK_BARREN);
		assert_false(hart->dead);
		assert_true(hart->traps >= 2 * TRAP_STREAK_BARREN);
		machine_free(machine);
	}
}

/* -d int says why an exception was raised; an interrupt has no such reason. */
static void test_log(void **unused)
{
	struct machine *machine = trap_create();
	struct hart *hart = &machine->hart;
	struct log *log = &machine->platform.log;
	char text[1024] = "";

	*log = (struct log){ .items = LOG_INT, .file = tmpfile() };
	hart->lines = hart->mie = BIT(IRQ_MTI);
	trap_set_mode(hart, PRIV_M, MSTATUS_MIE);
	hart->pc = PC;
	assert_true(trap_interrupt(hart));
	machine_step(machine, PC, 0x00000073);
	rewind(log->file);
	assert_true(fread(text, 1, sizeof(text) - 1, log->file) > 0);
	assert_non_null(strstr(text, "machine timer interrupt at M 0x80001000, tval 0x0 -> M "
				     "0x80002000\n"));
	assert_non_null(strstr(text, ": the program asked for it (ECALL)\n"));
	fclose(log->file);
	machine_free(machine);
}

/* The names for people are never NULL, whatever the cause. */
static void test_names(void **unused)
{
	assert_string_equal(trap_name(13), "load page fault");
	assert_string_equal(trap_name(CAUSE_DOUBLE_TRAP), "double trap");
	assert_string_equal(trap_name(CAUSE_SOFTWARE_CHECK), "software check");
	assert_string_equal(trap_name(CAUSE_STORE_GUEST_PAGE), "store/AMO guest-page fault");
	assert_string_equal(trap_name(CAUSE_INTERRUPT | 5), "supervisor timer interrupt");
	for (u64 code = 0; code < 100; code++) {
		assert_non_null(trap_name(code));
		assert_non_null(trap_name(CAUSE_INTERRUPT | code));
	}
	assert_non_null(trap_name(UINT64_MAX));
	for (unsigned reason = 0; reason < REASON_COUNT; reason++)
		assert_true(strlen(trap_reason_text(reason)) > 5);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_target),
	cmocka_unit_test(test_entry),
	cmocka_unit_test(test_vectors),
	cmocka_unit_test(test_returns),
	cmocka_unit_test(test_interrupts),
	cmocka_unit_test(test_pins),
	cmocka_unit_test(test_rights),
	cmocka_unit_test(test_cache_block_rights),
	cmocka_unit_test(test_exceptions),
	cmocka_unit_test(test_fetch),
	cmocka_unit_test(test_wfi),
	cmocka_unit_test(test_dead_at_once),
	cmocka_unit_test(test_dead_in_the_handler),
	cmocka_unit_test(test_alive),
	cmocka_unit_test(test_log),
	cmocka_unit_test(test_names),
	{ 0 },
};
