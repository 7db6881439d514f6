/* SPDX-License-Identifier: MIT */
/* A core of kind inorder as a whole, and what of it is state of the machine. */
#ifndef CPU_TIMING_INORDER_STATE_H
#define CPU_TIMING_INORDER_STATE_H

#include "cpu/timing/inorder/data.h"
#include "cpu/timing/inorder/front.h"
#include "cpu/timing/inorder/issue.h"
#include "cpu/timing/inorder/lsu.h"
#include "cpu/timing/inorder/stall.h"
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

struct inorder {
	struct timing_model model;
	struct timing_host host;
	const struct inorder_params *params;
	struct inorder_decoder decoder;
	struct inorder_front front;
	struct inorder_issue issue;
	struct inorder_lsu lsu;
	struct inorder_data data;
	struct inorder_mmu mmu;
	struct inorder_memory memory;
	struct inorder_stall blame;
	struct inorder_actions actions;
	struct inorder_report report;
	struct timing_host reader; /* memory as far as instructions have been taken */
	struct timing_stages *stages; /* NULL: nobody watches */
	u64 records; /* so far */
	u64 next; /* pc of the next one, as far as the last one that was stepped told */
	struct inorder_state state;
};

/* One record goes its way, and leaves. */
void inorder_step(struct inorder *core, const struct timing_record *record);

/* False: no memory. The functions get the core: before it is kept, behind it was loaded. */
bool inorder_state_init(struct inorder_state *state, void (*settle)(void *core),
			int (*loaded)(void *core));

/* Can it be one that was kept? 0 or -EINVAL. */
int inorder_state_loaded(struct inorder *core);
void inorder_state_free(struct inorder_state *state);

/* As parts that begin with `name`; the core outlives the register. */
void inorder_state_register(struct inorder *core, struct state *state, const char *name);

#endif
