/* SPDX-License-Identifier: MIT */
/*
 * Tests the counters and the supervisor timer as instructions see them: what counts, when a write
 * takes effect, inhibition, who may read (mcounteren, scounteren), and stimecmp with its interrupt.
 */
#include "tests/cpu/fixture.h"

#define PC (RAM_BASE + 0x1000)
#define NOP 0x00000013
#define ECALL 0x00000073

enum {
	STIMECMP = 0x14d, VSTIMECMP = 0x24d, HTIMEDELTA = 0x605, HENVCFG = 0x60a,
	MCOUNTEREN = 0x306, MENVCFG = 0x30a, MCOUNTINHIBIT = 0x320, MIP = 0x344,
	MCYCLE = 0xb00, MINSTRET = 0xb02, SCOUNTEREN = 0x106, SIP = 0x144, MIDELEG = 0x303,
	MHPMEVENT3 = 0x323, MHPMCOUNTER3 = 0xb03,
	CYCLE = 0xc00, TIME = 0xc01, INSTRET = 0xc02,
};

/* Executes csrr a0, number. */
static u64 read_csr(struct machine *machine, u16 number)
{
	assert_true(machine_step(machine, PC, (u32)number << 20 | 0x2573));
	return machine->hart.x[10];
}

/* Executes csrw number, a0. */
static void counters_write_csr(struct machine *machine, u16 number, u64 value)
{
	machine->hart.x[10] = value;
	assert_true(machine_step(machine, PC, (u32)number << 20 | 0x51073));
}

/* Returns whether an instruction may read the register in the hart's mode; the value is dropped. */
static bool may_read(struct machine *machine, u16 number)
{
	const struct csr_access access = { .number = number, .how = CSR_SET, .reads = true };
	u64 value;

	return csr_access(&machine->hart, &access, &value);
}

static void counters_set_mode(struct machine *machine, u8 priv)
{
	machine->hart.priv = priv;
	hart_regime_changed(&machine->hart);
}

/* The next instruction reads the value that was written; then each retired instruction adds one. */
static void test_counting(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	static const u16 numbers[] = { MCYCLE, MINSTRET };

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		counters_write_csr(machine, numbers[i], 100);
		assert_int_equal(read_csr(machine, numbers[i]), 100);
		assert_int_equal(read_csr(machine, numbers[i]), 101);
		assert_true(machine_step(machine, PC, NOP));
		assert_int_equal(read_csr(machine, numbers[i]), 103);
		/* The user's view shows the same counter. */
		assert_int_equal(read_csr(machine, numbers[i] + CYCLE - MCYCLE), 104);
		counters_write_csr(machine, numbers[i], UINT64_MAX);
		assert_int_equal(read_csr(machine, numbers[i]), UINT64_MAX);
		assert_int_equal(read_csr(machine, numbers[i]), 0);
	}
	machine_free(machine);
}

/*
 * A debugger's write is no instruction: the value is read back unchanged, and no other counter
 * changes.
 */
static void test_pokes(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	static const u16 numbers[] = { MCYCLE, MINSTRET };
	struct hart *hart = &machine->hart;
	u64 value;

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		assert_true(csr_poke(hart, numbers[i], 100));
		assert_true(csr_peek(hart, numbers[i], &value));
		assert_int_equal(value, 100);
		assert_true(machine_step(machine, PC, NOP));
		assert_int_equal(read_csr(machine, numbers[i]), 101);
		assert_true(csr_poke(hart, MCOUNTINHIBIT, 5));
		assert_true(csr_peek(hart, numbers[i], &value));
		assert_int_equal(value, 102);
		assert_true(csr_poke(hart, MCOUNTINHIBIT, 0));
		assert_true(csr_peek(hart, numbers[i], &value));
		assert_int_equal(value, 102);
		/* A write by an instruction behaves as before. */
		counters_write_csr(machine, numbers[i], 7);
		assert_int_equal(read_csr(machine, numbers[i]), 7);
	}
	assert_true(csr_poke(hart, MHPMEVENT3, pmu_selector(PMU_instructions)));
	assert_true(csr_poke(hart, MHPMCOUNTER3, 50));
	assert_true(csr_poke(hart, MHPMEVENT3, 0));
	assert_true(csr_peek(hart, MHPMCOUNTER3, &value));
	assert_int_equal(value, 50);
	machine_free(machine);
}

/* An instruction that traps does not retire, but takes time. */
static void test_traps(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);

	counters_write_csr(machine, MINSTRET, 10);
	counters_write_csr(machine, MCYCLE, 10);
	assert_false(machine_step(machine, PC, ECALL));
	assert_false(machine_step(machine, PC, 0));
	assert_int_equal(read_csr(machine, MINSTRET), 11);
	assert_int_equal(read_csr(machine, MCYCLE), 13);
	machine_free(machine);
}

/* C906's counter counts everything that passes its retire unit. These counts can overflow, too. */
static void test_counted_traps(void **unused)
{
	struct machine *machine = machine_create(ext_with(EXT_TOGETHER, EXT_counttraps));

	counters_write_csr(machine, MINSTRET, 10);
	assert_false(machine_step(machine, PC, ECALL));
	assert_false(machine_step(machine, PC, 0));
	assert_int_equal(read_csr(machine, MINSTRET), 12);
	counters_write_csr(machine, MCOUNTINHIBIT, 4);
	assert_false(machine_step(machine, PC, ECALL));
	counters_write_csr(machine, MCOUNTINHIBIT, 0);
	assert_int_equal(read_csr(machine, MINSTRET), 14);
	counters_write_csr(machine, MHPMEVENT3, pmu_selector(PMU_instructions));
	counters_write_csr(machine, MHPMCOUNTER3, UINT64_MAX - 1);
	assert_true(machine_step(machine, PC, NOP));
	assert_false(machine->hart.mip >> IRQ_LCOFI & 1);
	assert_false(machine_step(machine, PC, ECALL));
	assert_true(machine->hart.mip >> IRQ_LCOFI & 1);
	assert_int_equal(read_csr(machine, MHPMCOUNTER3), 0);
	machine_free(machine);
}

static void test_inhibit(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 stopped;

	counters_write_csr(machine, MINSTRET, 100);
	/* While the counter is inhibited it does not count, but can be written. */
	counters_write_csr(machine, MCOUNTINHIBIT, 4);
	stopped = read_csr(machine, MINSTRET);
	assert_in_range(stopped, 100, 101);
	assert_int_equal(read_csr(machine, MINSTRET), stopped);
	counters_write_csr(machine, MINSTRET, 500);
	assert_int_equal(read_csr(machine, MINSTRET), 500);
	assert_int_equal(read_csr(machine, MINSTRET), 500);
	/* The other counter continues as if nothing had been written. */
	counters_write_csr(machine, MCYCLE, 200);
	counters_write_csr(machine, MCOUNTINHIBIT, 4);
	counters_write_csr(machine, MCOUNTINHIBIT, 0);
	assert_int_equal(read_csr(machine, MCYCLE), 202);
	/* The counter continues from its last value, and rewriting mcountinhibit loses no count. */
	counters_write_csr(machine, MINSTRET, 700);
	counters_write_csr(machine, MCOUNTINHIBIT, 0);
	counters_write_csr(machine, MCOUNTINHIBIT, 1);
	assert_int_equal(read_csr(machine, MINSTRET), 702);
	/* mcycle does not count now. */
	stopped = read_csr(machine, MCYCLE);
	assert_int_equal(read_csr(machine, MCYCLE), stopped);
	machine_free(machine);
}

/* Below M the counter's bit in mcounteren must be set, and in U also that in scounteren. */
static void test_enables(void **unused)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };
	struct machine *machine = machine_create(EXT_TOGETHER);

	for (u16 number = CYCLE; number < CYCLE + 32; number++)
		for (unsigned n = 0; n < 12; n++) {
			u32 bit = 1u << (number - CYCLE);
			u8 priv = privs[n / 4];
			bool good;

			/* All other bits have the opposite value. */
			machine->hart.mcounteren = n & 1 ? bit : ~bit;
			machine->hart.scounteren = n & 2 ? bit : ~bit;
			counters_set_mode(machine, priv);
			good = priv == PRIV_M || ((n & 1) && (priv == PRIV_S || (n & 2)));
			assert_int_equal(may_read(machine, number), good);
			if (!good)
				assert_int_equal(machine->hart.trap.reason, REASON_csr_counteren);
		}
	machine_free(machine);
}

static void advance(struct machine *machine, u64 ticks)
{
	struct clock *clock = &machine->platform.clock;

	clock_advance(clock, clock_now(clock) + ticks * (CLOCK_HZ / TIMEBASE_HZ));
	clock_fire(clock);
}

static void test_time(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 start = read_csr(machine, TIME);

	advance(machine, 1234);
	assert_int_equal(read_csr(machine, TIME), start + 1234);
	machine_free(machine);
}

/* With Sstc, STIP is time >= stimecmp, and nothing else, while STCE is set. */
static void test_stimecmp(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 now = read_csr(machine, TIME);

	/* While STCE is clear, stimecmp has no effect, and software writes STIP. */
	counters_write_csr(machine, STIMECMP, 0);
	assert_int_equal(read_csr(machine, MIP), 0);
	counters_write_csr(machine, MIP, BIT(IRQ_STI));
	assert_int_equal(read_csr(machine, MIP), BIT(IRQ_STI));
	/* While STCE is set, the comparison holds at once, and a write to mip changes nothing. */
	counters_write_csr(machine, STIMECMP, now + 10);
	counters_write_csr(machine, MENVCFG, MENVCFG_STCE);
	assert_int_equal(read_csr(machine, MIP), 0);
	counters_write_csr(machine, MIP, BIT(IRQ_STI));
	assert_int_equal(read_csr(machine, MIP), 0);
	advance(machine, 9);
	assert_int_equal(read_csr(machine, MIP), 0);
	advance(machine, 1);
	assert_int_equal(read_csr(machine, MIP), BIT(IRQ_STI));
	counters_write_csr(machine, MIP, 0);
	assert_int_equal(read_csr(machine, MIP), BIT(IRQ_STI));
	counters_write_csr(machine, MIDELEG, BIT(IRQ_STI));
	assert_int_equal(read_csr(machine, SIP), BIT(IRQ_STI));
	/* A later stimecmp clears STIP, an earlier one sets it. */
	counters_write_csr(machine, STIMECMP, UINT64_MAX);
	assert_int_equal(read_csr(machine, MIP), 0);
	counters_write_csr(machine, STIMECMP, now);
	assert_int_equal(read_csr(machine, MIP), BIT(IRQ_STI));
	counters_write_csr(machine, MENVCFG, 0);
	counters_write_csr(machine, MIP, 0);
	assert_int_equal(read_csr(machine, MIP), 0);
	machine_free(machine);
}

/* A guest's time may be just below 2^64: it passes vstimecmp, wraps to 0, and is less again. */
static void test_vstimecmp_behind_the_wrap(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 now = read_csr(machine, TIME);

	counters_write_csr(machine, HTIMEDELTA, -now - 20);
	counters_write_csr(machine, MENVCFG, MENVCFG_STCE);
	counters_write_csr(machine, HENVCFG, MENVCFG_STCE);
	counters_write_csr(machine, VSTIMECMP, 5);
	assert_int_equal(read_csr(machine, MIP) & BIT(IRQ_VSTI), BIT(IRQ_VSTI));
	advance(machine, 19);
	assert_int_equal(read_csr(machine, MIP) & BIT(IRQ_VSTI), BIT(IRQ_VSTI));
	advance(machine, 1);
	assert_int_equal(read_csr(machine, MIP) & BIT(IRQ_VSTI), 0);
	advance(machine, 5);
	assert_int_equal(read_csr(machine, MIP) & BIT(IRQ_VSTI), BIT(IRQ_VSTI));
	machine_free(machine);
}

/* Below M stimecmp needs STCE and mcounteren.TM; in U it does not exist. */
static void test_stimecmp_rights(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);

	for (unsigned n = 0; n < 4; n++) {
		machine->hart.menvcfg = n & 1 ? MENVCFG_STCE : 0;
		machine->hart.mcounteren = n & 2 ? 2 : ~2u;
		counters_set_mode(machine, PRIV_M);
		assert_true(may_read(machine, STIMECMP));
		counters_set_mode(machine, PRIV_S);
		assert_int_equal(may_read(machine, STIMECMP), n == 3);
		counters_set_mode(machine, PRIV_U);
		assert_false(may_read(machine, STIMECMP));
	}
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_counting),
	cmocka_unit_test(test_pokes),
	cmocka_unit_test(test_traps),
	cmocka_unit_test(test_counted_traps),
	cmocka_unit_test(test_inhibit),
	cmocka_unit_test(test_enables),
	cmocka_unit_test(test_time),
	cmocka_unit_test(test_stimecmp),
	cmocka_unit_test(test_vstimecmp_behind_the_wrap),
	cmocka_unit_test(test_stimecmp_rights),
	{ 0 },
};
