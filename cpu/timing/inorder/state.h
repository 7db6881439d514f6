/* SPDX-License-Identifier: MIT */
/* A core of kind inorder as a whole, and what of it is state of the machine. */
#ifndef CPU_TIMING_INORDER_STATE_H
#define CPU_TIMING_INORDER_STATE_H

#include "cpu/timing/inorder/blame.h"
#include "cpu/timing/inorder/data.h"
#include "cpu/timing/inorder/front.h"
#include "cpu/timing/inorder/issue.h"
#include "cpu/timing/kind.h"
#include "cpu/timing/layout.h"

/* Arrays whose lengths are parameters: of three caches and three TLBs. */
#define INORDER_ARRAYS 18
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

struct inorder {
	struct timing_model model;
	struct timing_host host;
	const struct inorder_params *params;
	struct inorder_decoder decoder;
	struct inorder_front front;
	struct inorder_issue issue;
	struct inorder_data data;
	struct inorder_mmu mmu;
	struct inorder_memory memory;
	struct inorder_blame blame;
	struct timing_stages *stages; /* NULL: nobody watches */
	u64 records; /* so far */
	struct inorder_state state;
};

/* False: no memory. */
bool inorder_state_init(struct inorder_state *state);
void inorder_state_free(struct inorder_state *state);

/* As parts that begin with `name`; the core outlives the register. */
void inorder_state_register(struct inorder *core, struct state *state, const char *name);

#endif
