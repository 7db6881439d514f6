/* SPDX-License-Identifier: MIT */
/*
 * Tests what stops a hart in S-mode at the target of an indirect jump, while landing pads are in
 * force: a trigger's breakpoint has priority over the check of the pad, a debugger stops before it,
 * and ELP stays set until the landing pad has been executed.
 */
#include "cpu/debug/debug.h"
#include "cpu/engine/block_cache.h"
#include "cpu/engine/threaded.h"
#include "cpu/isa/csr_bits.h"
#include "tests/cpu/engines.h"

#define JR_A1 0x00058067u
#define NOP 0x00000013u
#define LPAD 0x00000017u /* any label */
#define LD_A2 0x00063603u /* ld a2, 0(a2) */
#define TARGET (RAM_BASE + 0x40)
#define HANDLER (RAM_BASE + 0x100)
#define DATA (RAM_BASE + 0x800)
#define SOFTWARE_CHECK 2 /* the value of tval that stands for landing pads */

#define IN_S BIT(4) /* mcontrol6.s */
#define COUNTS_IN_S BIT(7) /* icount.s */
#define EXECUTE ((u64)TRIGGER_MCONTROL6 << 60 | IN_S | MCONTROL_EXECUTE)
#define EXECUTE_4 (EXECUTE | 3ull << 16) /* instructions of 4 bytes */
#define LOAD ((u64)TRIGGER_MCONTROL6 << 60 | IN_S | MCONTROL_LOAD)
#define ICOUNT_1 ((u64)TRIGGER_ICOUNT << 60 | COUNTS_IN_S | 1ull << 10)

static const hart_tier tiers[] = { interp_run, threaded_run, jit_run, observe_run };

static void stopped_free(struct engines *stopped)
{
	debug_detach(stopped->hart->debug);
	engines_free(stopped);
}

/* The hart is in S-mode, at an indirect jump to `target`. */
static struct hart *at_jump(struct engines *stopped, u32 target)
{
	const u32 jump[] = { JR_A1 }, there[] = { target, NOP, NOP, JR_A1 };
	struct bus *bus = &stopped->machine.platform.bus;
	struct hart *hart = stopped->hart;

	assert_true(bus_dma_write(bus, RAM_BASE, jump, sizeof(jump)));
	assert_true(bus_dma_write(bus, TARGET, there, sizeof(there)));
	harts_reset(&stopped->harts, RAM_BASE);
	hart_open_pmp(hart);
	hart->priv = PRIV_S;
	hart->menvcfg = MENVCFG_LPE;
	hart->mtvec = HANDLER;
	hart->x[11] = TARGET;
	hart->x[12] = DATA;
	hart_regime_changed(hart);
	return hart;
}

struct breakpoint {
	u64 trigger, address;
	u32 target;
	u8 cause;
	u64 tval;
};

static const struct breakpoint breakpoints[] = {
	{ EXECUTE, TARGET, NOP, CAUSE_BREAKPOINT, TARGET },
	{ EXECUTE, TARGET, LPAD, CAUSE_BREAKPOINT, TARGET },
	{ EXECUTE_4, TARGET, NOP, CAUSE_BREAKPOINT, TARGET },
	{ EXECUTE_4, TARGET, LPAD, CAUSE_BREAKPOINT, TARGET },
	{ ICOUNT_1, 0, NOP, CAUSE_BREAKPOINT, 0 },
	{ ICOUNT_1, 0, LPAD, CAUSE_BREAKPOINT, 0 },
	/* The check comes before the trigger on an access, and before one of another address. */
	{ LOAD, DATA, LD_A2, CAUSE_SOFTWARE_CHECK, SOFTWARE_CHECK },
	{ EXECUTE, TARGET + 4, NOP, CAUSE_SOFTWARE_CHECK, SOFTWARE_CHECK },
};

static void test_triggers(void **state)
{
	struct engines *stopped = engines_create(EXT_TOGETHER);

	for (unsigned n = 0; n < ARRAY_SIZE(tiers) * ARRAY_SIZE(breakpoints); n++) {
		const struct breakpoint *breakpoint = &breakpoints[n / ARRAY_SIZE(tiers)];
		struct hart *hart = at_jump(stopped, breakpoint->target);

		hart->triggers = (struct triggers){ .armed = true };
		hart->triggers.control[0] = breakpoint->trigger;
		hart->triggers.data[0] = breakpoint->address;
		hart_run(hart, tiers[n % ARRAY_SIZE(tiers)], 2);
		assert_int_equal(hart->mcause, breakpoint->cause);
		assert_int_equal(hart->mepc, TARGET);
		assert_int_equal(hart->mtval, breakpoint->tval);
		assert_true(hart->mstatus & MSTATUS_MPELP);
		assert_false(hart->elp);
	}
	stopped_free(stopped);
}

/* A landing pad on which no trigger fires clears ELP, also while triggers are checked. */
static void test_landed(void **state)
{
	struct engines *stopped = engines_create(EXT_TOGETHER);

	for (unsigned n = 0; n < ARRAY_SIZE(tiers) * 2; n++) {
		struct hart *hart = at_jump(stopped, LPAD);

		hart->triggers = (struct triggers){ .armed = n % 2 };
		hart->triggers.control[0] = n % 2 ? EXECUTE : 0;
		hart_run(hart, tiers[n / 2], 1);
		assert_true(hart->elp);
		hart_run(hart, tiers[n / 2], 2);
		assert_int_equal(hart->pc, TARGET + 8);
		assert_false(hart->elp);
		assert_int_equal(hart->traps, 0);
	}
	stopped_free(stopped);
}

/* The debugger stops the hart at the target, within a slice. */
static void to_stop(struct engines *stopped)
{
	assert_int_equal(harts_run(&stopped->harts), HARTS_STOPPED);
	assert_int_not_equal(debug_take(stopped->hart->debug, stopped->hart).why, DEBUG_NO_STOP);
	assert_int_equal(stopped->hart->pc, TARGET);
	assert_true(stopped->hart->elp);
	assert_int_equal(stopped->hart->traps, 0);
}

static void single_step(struct engines *stopped, u64 pc)
{
	debug_step(stopped->hart->debug, stopped->hart, 0, 0);
	assert_int_equal(harts_run(&stopped->harts), HARTS_STOPPED);
	assert_int_equal(debug_take(stopped->hart->debug, stopped->hart).why, DEBUG_STEPPED);
	assert_int_equal(stopped->hart->pc, pc);
	assert_false(stopped->hart->elp);
}

/* A debugger's breakpoint, or its single step over the jump. */
static void check_debugger(struct engines *stopped, u32 target, bool steps)
{
	const struct debug_range range = { stopped->hart, stopped->hart->fetch_regime,
					   DEBUG_EVERYWHERE, TARGET, 4 };
	struct hart *hart = at_jump(stopped, target);

	if (steps)
		debug_step(hart->debug, hart, 0, 0);
	else
		assert_int_equal(debug_insert(hart->debug, DEBUG_HARDWARE, &range), 0);
	to_stop(stopped);
	single_step(stopped, target == LPAD ? TARGET + 4 : HANDLER);
	if (target != LPAD) {
		assert_int_equal(hart->mcause, CAUSE_SOFTWARE_CHECK);
		assert_int_equal(hart->mepc, TARGET);
	}
	if (!steps)
		assert_int_equal(debug_remove(hart->debug, DEBUG_HARDWARE, TARGET, 4), 0);
	debug_go(hart->debug, hart);
}

/* The check comes before the access that a watchpoint is about. */
static void check_watchpoint(struct engines *stopped)
{
	const struct debug_range range = { stopped->hart, stopped->hart->data_regime,
					   DEBUG_EVERYWHERE, DATA, 8 };
	struct hart *hart = at_jump(stopped, LD_A2);

	assert_int_equal(debug_insert(hart->debug, DEBUG_READ, &range), 0);
	hart_run(hart, debug_run, 2);
	assert_int_equal(debug_take(hart->debug, hart).why, DEBUG_NO_STOP);
	assert_int_equal(hart->mcause, CAUSE_SOFTWARE_CHECK);
	assert_int_equal(debug_remove(hart->debug, DEBUG_READ, DATA, 8), 0);
}

static void test_debugger(void **state)
{
	struct engines *stopped = engines_create(EXT_TOGETHER);

	assert_non_null(debug_attach(&stopped->harts));
	stopped->harts.tier = debug_run;
	for (unsigned n = 0; n < ARRAY_SIZE(tiers) * 4; n++) {
		stopped->hart->debug->tier = tiers[n / 4];
		check_debugger(stopped, n % 2 ? LPAD : NOP, n / 2 % 2);
		check_watchpoint(stopped);
	}
	stopped_free(stopped);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_triggers),
	cmocka_unit_test(test_landed),
	cmocka_unit_test(test_debugger),
	{ 0 },
};
