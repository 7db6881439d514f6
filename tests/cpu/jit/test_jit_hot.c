/* SPDX-License-Identifier: MIT */
/* Tests how threaded code ends before a block that has become hot (cpu/jit/threaded_warm.h). */
#include "tests/cpu/jit/native.h"

#define ADD_1 0x00128293u /* addi t0, t0, 1 */
#define ADD_2 0x00228293u /* addi t0, t0, 2 */
#define HERE 0x0000006fu /* jal zero, 0 */
#define BY_A0 0x00050067u /* jalr zero, 0(a0) */
#define AGAIN 0x00038067u /* jalr zero, 0(t2) */
#define THRESHOLD 4

enum { T0 = 5, T2 = 7, A0 = 10 };

static void begin(struct native_machine *native, const u32 *words, unsigned count)
{
	native_setup_with(native, &(struct jit_config){ .only = JIT_ALL, .threshold = THRESHOLD });
	native_put(native, RAM_BASE, words, count);
	native->machine->hart.x[T2] = RAM_BASE;
	native->machine->hart.pc = RAM_BASE;
}

/* Runs a number of instructions, and returns by how much t0 has grown. */
static u64 run(struct native_machine *native, u64 steps)
{
	struct hart *hart = &native->machine->hart;
	u64 before = hart->x[T0];

	hart_run(hart, jit_run, steps);
	return hart->x[T0] - before;
}

/*
 * An indirect jump that requires a landing pad leads to a block that has become hot and has no pad.
 */
static void test_landing_pad(void **unused)
{
	struct native_machine native;
	struct hart *hart;

	begin(&native, (u32[]){ ADD_1, BY_A0, ADD_2, AGAIN }, 4);
	hart = &native.machine->hart;
	hart->pc = hart->x[T2] = hart->x[A0] = RAM_BASE + 8;
	assert_int_equal(run(&native, 2 * THRESHOLD), 2 * THRESHOLD);
	hart->pc = RAM_BASE;
	hart->mtvec = RAM_BASE + PAGE_SIZE;
	hart->mseccfg = MSECCFG_MLPE;
	hart_regime_changed(hart);
	native_put(&native, hart->mtvec, &(const u32){ HERE }, 1);
	assert_int_equal(run(&native, 10), 1);
	assert_int_equal(hart->mcause, CAUSE_SOFTWARE_CHECK);
	assert_int_equal(hart->mepc, RAM_BASE + 8);
	native_teardown(&native);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_landing_pad),
	{ 0 },
};
