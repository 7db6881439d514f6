/* SPDX-License-Identifier: MIT */
/*
 * Follows calls and returns in a hart's records, by the link registers x1 and x5. There is a stack
 * for each mode, in user modes for each address space, and events are counted by stack. Stacks that
 * get too deep are cut. A return to no caller of the stack begins it anew.
 */
#ifndef CPU_TIMING_PROFILE_CALLS_H
#define CPU_TIMING_PROFILE_CALLS_H

#include "bus/base.h"
#include "cpu/timing/profile/names.h"
#include "cpu/timing/record.h"

/* The size of the hash table, a power of two, and the most nodes. */
#define CALLS_ROOM 262144
#define CALLS_MAX (CALLS_ROOM / 2)
#define CALLS_DEPTH_MAX 128

/* A node of a tree: a function with its callers. */
struct call_node {
	u32 parent; /* the caller's node; its own number: a root, which stands for a mode */
	u16 depth;
	u8 mode;
	u64 begin; /* the function's address at which symbols name it (names.h) */
	u64 calls, self; /* calls of the function by these callers, and events in it */
	u64 site; /* the address of the first of these calls, as symbols name it */
};

/* A call that has not returned. */
struct call_frame {
	u32 node;
	bool traps; /* it was entered by a trap */
	u64 back; /* return address */
	u64 begin, end; /* range of its code */
};

struct call_stack {
	u64 space, used; /* satp or vsatp; the time of its last use */
	unsigned depth;
	struct call_frame frames[CALLS_DEPTH_MAX];
};

/* The most address spaces of U-mode, and of VU-mode; S, VS and M have a stack each. */
#define CALLS_SPACES 32
#define CALLS_STACKS (3 + 2 * CALLS_SPACES)

struct calls {
	struct place_names names;
	/* the first nodes are the roots, in the order of the modes */
	struct call_node nodes[CALLS_MAX];
	u32 count;
	u32 found[CALLS_ROOM]; /* a hash table of nodes' numbers, from 1; 0: none */
	u64 space[2], clock; /* satp, vsatp; time of uses */
	struct call_stack stacks[CALLS_STACKS];
	/* the stack of `mode` and its address space; NULL: to be looked up */
	struct call_stack *stack;
	enum timing_mode mode;
};

struct calls *calls_create(const struct place_names *names); /* NULL: no memory */
void calls_free(struct calls *calls);

/* Forget all calls and counts. */
void calls_clear(struct calls *calls);

/* Follow the next record, fetched in this mode, and return its node. */
u32 calls_follow(struct calls *calls, const struct timing_record *record, enum timing_mode mode);

#endif
