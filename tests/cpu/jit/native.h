/* SPDX-License-Identifier: MIT */
/* A machine of one hart with the native tier, which translates a block at its first execution. */
#ifndef TESTS_CPU_JIT_NATIVE_H
#define TESTS_CPU_JIT_NATIVE_H

#include "tests/cpu/fixture.h"

#include "cpu/engine/block_cache.h"
#include "cpu/hart/harts.h"
#include "cpu/jit/impl.h"

struct native_machine {
	struct machine *machine;
	struct harts harts;
	struct jit *jit;
};

static inline void native_setup_with(struct native_machine *native, const struct jit_config *config)
{
	*native = (struct native_machine){ .machine = machine_create(EXT_TOGETHER) };
	native->harts.hart[0] = &native->machine->hart;
	native->harts.count = 1;
	native->harts.blocks = block_cache_create(native->harts.hart, 1);
	assert_non_null(native->harts.blocks);
	native->machine->hart.blocks = native->harts.blocks;
	assert_int_equal(block_cache_watch(native->harts.blocks, &native->machine->ram, RAM_BASE),
			 0);
	native->jit = jit_create(&native->harts, config);
	assert_non_null(native->jit);
	native->jit->kept =
		JIT_KEPT_MOST; /* also in paranoid runs, because tests inspect the emitted code */
}

static inline void native_setup(struct native_machine *native)
{
	native_setup_with(native, &(struct jit_config){ .only = JIT_ALL });
}

static inline void native_teardown(struct native_machine *native)
{
	block_cache_free(native->harts.blocks);
	jit_free(native->jit);
	machine_free(native->machine);
}

static inline void native_put(struct native_machine *native, u64 addr, const u32 *words,
			      unsigned count)
{
	assert_true(
		bus_dma_write(&native->machine->platform.bus, addr, words, count * sizeof(*words)));
}

#endif
