/* SPDX-License-Identifier: MIT */
/*
 * Tests how the guest's place is found from the host's place in native code, which samples of a run
 * need.
 */
#include "tests/cpu/jit/native.h"

#include "cpu/jit/impl.h"

#define ADDI 0x00128293u /* addi t0, t0, 1 */
#define BACK 0xffdff06fu /* jal zero, . - 4 */
#define PLACES 3

/* Runs a loop until it is native code, and returns the beginning of that code. */
static const u8 *run_loop(struct native_machine *native, u64 pc)
{
	const u32 loop[] = { ADDI, BACK };
	struct hart *hart = &native->machine->hart;
	bool trapped;

	native_put(native, pc, loop, ARRAY_SIZE(loop));
	hart->pc = pc;
	hart_run(hart, jit_run, 100);
	hart->pc = pc;
	return block_cache_find(hart, &trapped)->entry;
}

static u64 pc_of(const struct native_machine *native, const void *code, u64 below)
{
	const u64 stack[] = { 0, below };
	u64 pc = 0;

	jit_pc(native->jit, &native->machine->hart, code, stack, &pc);
	return pc;
}

static void test_places(void **unused)
{
	static const u64 pcs[PLACES] = { RAM_BASE + 8, RAM_BASE + 0x420, RAM_BASE + 0x300 };
	struct native_machine native;
	const u8 *entry[PLACES];

	native_setup(&native);
	for (unsigned n = 0; n < PLACES; n++)
		entry[n] = run_loop(&native, pcs[n]);
	for (unsigned n = 0; n < PLACES; n++) {
		assert_int_equal(pc_of(&native, entry[n], 0), pcs[n]);
		assert_int_equal(pc_of(&native, entry[n] + 9, 0), pcs[n]);
	}
	native_teardown(&native);
}

/*
 * A stub that a block has called counts as the block; other code belongs to no block, whatever is
 * on the stack.
 */
static void test_elsewhere(void **unused)
{
	struct native_machine native;
	const void *call, *leave;
	const u8 *entry;

	native_setup(&native);
	entry = run_loop(&native, RAM_BASE + 8);
	call = jit_arena_run(&native.jit->arena, native.jit->stubs.call[0][0]);
	leave = jit_arena_run(&native.jit->arena, native.jit->stubs.leave_pc);
	assert_int_equal(pc_of(&native, call, (u64)(uintptr_t)entry), RAM_BASE + 8);
	assert_int_equal(pc_of(&native, call, (u64)(uintptr_t)&native), 0);
	assert_int_equal(pc_of(&native, leave, (u64)(uintptr_t)entry), 0);
	assert_int_equal(pc_of(&native, native.jit->arena.run + native.jit->arena.used, 0), 0);
	assert_int_equal(pc_of(&native, &native, (u64)(uintptr_t)entry), 0);
	block_cache_drop_all(native.harts.blocks);
	assert_int_equal(pc_of(&native, entry, 0), 0);
	native_teardown(&native);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_places),
	cmocka_unit_test(test_elsewhere),
	{ 0 },
};
