/* SPDX-License-Identifier: MIT */
/* A core of kind inorder as a whole, and the part of it that is state of the machine. */
#ifndef CPU_TIMING_INORDER_STATE_H
#define CPU_TIMING_INORDER_STATE_H

#include "cpu/timing/inorder/data.h"
#include "cpu/timing/inorder/front.h"
#include "cpu/timing/inorder/issue.h"
#include "cpu/timing/inorder/lsu.h"
#include "cpu/timing/inorder/stall.h"
#include "cpu/timing/inorder/vector/vector.h"
#include "cpu/timing/kind.h"
#include "cpu/timing/layout.h"

/* Arrays whose lengths are parameters: of three caches and three TLBs. */
#define INORDER_ARRAYS 12
struct inorder_array {
	struct state_type type;
	struct state_field field;
	void *self;
};

struct inorder_state {
	struct layout_state core;
	struct inorder_array array[INORDER_ARRAYS];
	unsigned arrays;
};

#define UNITS "cpu/timing/inorder/state/core.def"
#include "cpu/timing/fields/structs.inc"

/* Lets a record pass the whole pipeline. */
void inorder_step(struct inorder *core, const struct timing_record *record);

/*
 * Returns false when out of memory. pre_save is called before the core is saved, post_load after it
 * was loaded; both get the core.
 */
bool inorder_state_init(struct inorder_state *state, void (*pre_save)(void *core),
			int (*post_load)(void *core));

/* Checks a loaded core. Returns 0, or -EINVAL if no core can have this state. */
int inorder_state_loaded(struct inorder *core);
void inorder_state_free(struct inorder_state *state);

/* Registers the core as parts whose names begin with `name`; the core outlives `state`. */
void inorder_state_register(struct inorder *core, struct state *state, const char *name);

#endif
