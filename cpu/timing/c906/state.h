/* SPDX-License-Identifier: MIT */
/* What of a C906 is state of the machine: save, load, hash and diff go by these tables. */
#ifndef CPU_TIMING_C906_STATE_H
#define CPU_TIMING_C906_STATE_H

#include "cpu/hart/trap.h" /* the bound of utlb.priv */
#include "cpu/timing/c906/core.h"
#include "cpu/timing/layout.h"

struct c906_state {
	struct layout_state core, ring, tables;
};

/* `settle` and `loaded` as of the core's state_type. False: no memory. */
bool c906_state_init(struct c906_state *state, void (*settle)(void *core),
		     int (*loaded)(void *core));

/* What was loaded into a core: -EINVAL if it is none. */
int c906_core_loaded(struct c906_core *core);
void c906_state_free(struct c906_state *state);

/* As parts that begin with `name`; core and state outlive the register. */
void c906_state_register(struct c906_state *own, struct c906_core *core, struct state *state,
			 const char *name);

#endif
