/* SPDX-License-Identifier: MIT */
/* A machine of one hart that each engine can run; native code is made when a block first runs. */
#ifndef TESTS_CPU_ENGINES_H
#define TESTS_CPU_ENGINES_H

#include "tests/cpu/fixture.h"

#include "cpu/debug/triggers/trigger.h"
#include "cpu/hart/harts.h"
#include "cpu/jit/jit.h"

struct engines {
	struct machine machine; /* without its hart */
	struct harts harts;
	struct hart *hart;
	struct jit *jit;
};

/* Returns a new machine whose hart has these extensions, for engines_free. */
static inline struct engines *engines_create(struct ext_set extensions)
{
	const struct harts_config config = { .count = 1, .extensions = extensions };
	struct engines *engines = hart_storage(sizeof(*engines));

	assert_non_null(engines);
	machine_platform(&engines->machine);
	assert_int_equal(harts_init(&engines->harts, &engines->machine.platform,
				    &engines->machine.timebase, &config),
			 0);
	engines->hart = engines->harts.hart[0];
	engines->jit = jit_create(&engines->harts, &(struct jit_config){ .only = JIT_ALL });
	assert_non_null(engines->jit);
	hart_hooks_add(engines->hart, &trigger_hooks);
	assert_int_equal(harts_watch(&engines->harts, &engines->machine.ram, RAM_BASE), 0);
	return engines;
}

static inline void engines_free(struct engines *engines)
{
	jit_free(engines->jit);
	harts_free(&engines->harts);
	platform_free(&engines->machine.platform);
	ram_free(&engines->machine.ram);
	free(engines);
}

#endif
