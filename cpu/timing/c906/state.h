/* SPDX-License-Identifier: MIT */
/*
 * The part of a C906 that is state of the machine: saving, loading, hashing and comparing use it.
 */
#ifndef CPU_TIMING_C906_STATE_H
#define CPU_TIMING_C906_STATE_H

#include "cpu/hart/exception.h" /* the bound of utlb.priv */
#include "cpu/timing/c906/core.h"
#include "cpu/timing/layout.h"

struct c906_state {
	struct layout_state core, ring, tables;
};

/* `pre_save` and `post_load` as of the core's state_type. Returns false when out of memory. */
bool c906_state_init(struct c906_state *state, void (*pre_save)(void *core),
		     int (*post_load)(void *core));

/* Checks a state that was loaded into a core. Returns 0, or -EINVAL if no core can have it. */
int c906_core_loaded(struct c906_core *core);
void c906_state_free(struct c906_state *state);

/* Registers the core as parts whose names begin with `name`; core and own outlive `state`. */
void c906_state_register(struct c906_state *own, struct c906_core *core, struct state *state,
			 const char *name);

#endif
