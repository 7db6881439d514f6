/* SPDX-License-Identifier: MIT */
/* Where the guest is by where the host is, in native code: what samples of a run go by. */
#include "tests/cpu/fixture.h"

#include "cpu/engine/block_cache.h"
#include "cpu/hart/harts.h"
#include "cpu/jit/impl.h"

#define ADDI 0x00128293u /* addi t0, t0, 1 */
#define BACK 0xffdff06fu /* jal zero, . - 4 */
#define PLACES 3

struct native_machine {
	struct machine *machine;
	struct harts harts;
	struct jit *jit;
};

static void jit_setup(struct native_machine *native)
{
	const struct jit_config config = { .only = JIT_ALL };

	*native = (struct native_machine){ .machine = machine_create(EXT_ALL) };
	native->harts.hart[0] = &native->machine->hart;
	native->harts.count = 1;
	native->harts.blocks = block_cache_create(native->harts.hart, 1);
	assert_non_null(native->harts.blocks);
	native->machine->hart.blocks = native->harts.blocks;
	assert_int_equal(block_cache_watch(native->harts.blocks, &native->machine->ram, RAM_BASE),
			 0);
	native->jit = jit_create(&native->harts, &config);
	assert_non_null(native->jit);
}

static void jit_teardown(struct native_machine *native)
{
	block_cache_free(native->harts.blocks);
	jit_free(native->jit);
	machine_free(native->machine);
}

/* Runs a loop until it is native code, and returns the code's begin. */
static const u8 *run_loop(struct native_machine *native, u64 pc)
{
	const u32 loop[] = { ADDI, BACK };
	struct hart *hart = &native->machine->hart;
	bool trapped;

	assert_true(bus_dma_write(&native->machine->platform.bus, pc, loop, sizeof(loop)));
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

	(void)unused;
	jit_setup(&native);
	assert_int_equal(jit_remember(native.jit), 0);
	for (unsigned n = 0; n < PLACES; n++)
		entry[n] = run_loop(&native, pcs[n]);
	for (unsigned n = 0; n < PLACES; n++) {
		assert_int_equal(pc_of(&native, entry[n], 0), pcs[n]);
		assert_int_equal(pc_of(&native, entry[n] + 9, 0), pcs[n]);
	}
	jit_teardown(&native);
}

/* A stub that a block has called is the block's; other code is none's, whatever the stack has. */
static void test_elsewhere(void **unused)
{
	struct native_machine native;
	const void *call, *leave;
	const u8 *entry;

	(void)unused;
	jit_setup(&native);
	assert_int_equal(jit_remember(native.jit), 0);
	entry = run_loop(&native, RAM_BASE + 8);
	call = jit_arena_run(&native.jit->arena, native.jit->stubs.call);
	leave = jit_arena_run(&native.jit->arena, native.jit->stubs.leave_pc);
	assert_int_equal(pc_of(&native, call, (u64)(uintptr_t)entry), RAM_BASE + 8);
	assert_int_equal(pc_of(&native, call, (u64)(uintptr_t)&native), 0);
	assert_int_equal(pc_of(&native, leave, (u64)(uintptr_t)entry), 0);
	assert_int_equal(pc_of(&native, native.jit->arena.run + native.jit->arena.used, 0), 0);
	assert_int_equal(pc_of(&native, &native, (u64)(uintptr_t)entry), 0);
	block_cache_drop_all(native.harts.blocks);
	assert_int_equal(pc_of(&native, entry, 0), 0);
	jit_teardown(&native);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
