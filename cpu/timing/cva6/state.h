/* SPDX-License-Identifier: MIT */
/*
 * The part of a CVA6 that is state of the machine: saving, loading, hashing and comparing use it.
 */
#ifndef CPU_TIMING_CVA6_STATE_H
#define CPU_TIMING_CVA6_STATE_H

#include "cpu/timing/cva6/core.h"
#include "cpu/timing/layout.h"

/* Arrays whose lengths are parameters: the caches'. */
#define CVA6_ARRAYS 5
struct cva6_array {
	struct state_type type;
	struct state_field field;
	void *self;
};

struct cva6_state {
	struct layout_state core, ring;
	struct cva6_array array[CVA6_ARRAYS];
};

/* `pre_save` and `post_load` as of the core's state_type. Returns false when out of memory. */
bool cva6_state_init(struct cva6_state *state, void (*pre_save)(void *core),
		     int (*post_load)(void *core));

/* Checks a state that was loaded into a core. Returns 0, or -EINVAL if no core can have it. */
int cva6_core_loaded(struct cva6_core *core);
void cva6_state_free(struct cva6_state *state);

/* Registers the core as parts whose names begin with `name`; core and own outlive `state`. */
void cva6_state_register(struct cva6_state *own, struct cva6_core *core, struct state *state,
			 const char *name);

#endif
