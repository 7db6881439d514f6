/* SPDX-License-Identifier: MIT */
/*
 * Follows calls and returns in a hart's records, by the link registers x1 and x5, and counts events
 * by stack. There is a stack for each mode, and for each thread: a return that leads to a call of
 * another stack, by address and stack pointer, continues with that one. Stacks that get too deep
 * are cut. A return to no caller of any stack begins a new one.
 */
#ifndef CPU_TIMING_PROFILE_CALLS_H
#define CPU_TIMING_PROFILE_CALLS_H

#include "bus/base.h"
#include "cpu/timing/profile/call_insns.h"
#include "cpu/timing/profile/call_sp.h"
#include "cpu/timing/profile/call_stacks.h"
#include "cpu/timing/profile/names.h"
#include "cpu/timing/record.h"

/* The size of the hash table, a power of two, and the most nodes. */
#define CALLS_ROOM 2097152
#define CALLS_MAX (CALLS_ROOM / 2)

/* A node of a tree: a function with its callers. */
struct call_node {
	u32 parent; /* the caller's node; its own number: a root, which stands for a mode */
	u16 depth;
	u8 mode;
	u64 begin; /* the function's address at which symbols name it (names.h) */
	u64 calls, self; /* calls of the function by these callers, and events in it */
	u64 site; /* the address of the first of these calls, as symbols name it */
};

struct calls {
	struct place_names names;
	/* the first nodes are the roots, in the order of the modes */
	struct call_node nodes[CALLS_MAX];
	u32 count;
	u64 unplaced; /* calls whose function found no room among the nodes */
	u32 found[CALLS_ROOM]; /* a hash table of nodes' numbers, from 1; 0: none */
	u64 space[2]; /* satp, vsatp */
	struct call_insns insns;
	struct call_sp sp;
	struct call_stacks stacks;
	struct call_stack *stack; /* the stack of `mode` and its thread; NULL: there is none yet */
	enum timing_mode mode;
};

/* Returns NULL when out of memory. */
struct calls *calls_create(const struct place_names *names, const struct isa *isa);
void calls_free(struct calls *calls);

/* Forgets all calls and counts. */
void calls_clear(struct calls *calls);

/*
 * Called when the next record may not follow the last one: nothing is known of the stack pointer.
 */
void calls_begin(struct calls *calls);

/* Follows the next record, fetched in this mode, and returns its node. */
u32 calls_follow(struct calls *calls, const struct timing_record *record, enum timing_mode mode);

#endif
