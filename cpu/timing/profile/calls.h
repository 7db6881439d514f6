/* SPDX-License-Identifier: MIT */
/*
 * The calls and returns in a hart's records, followed by the link registers x1 and x5: there is a
 * stack for each mode and for each address space of user modes, and events are counted by stack.
 * Stacks that are too deep are cut, and they begin anew where a return leads to no caller on the
 * stack.
 */
#ifndef CPU_TIMING_PROFILE_CALLS_H
#define CPU_TIMING_PROFILE_CALLS_H

#include "bus/base.h"
#include "cpu/timing/profile/names.h"
#include "cpu/timing/record.h"

/*
 * The size of the hash table, a power of two, and the most nodes: functions by all their callers.
 */
#define CALLS_ROOM 262144
#define CALLS_MAX (CALLS_ROOM / 2)
#define CALLS_DEPTH_MAX 128

/* A function with its callers: a node of a tree. */
struct call_node {
	u32 parent; /* its own number: a root, which is a mode and no function */
	u16 depth;
	u8 mode;
	u64 begin; /* of the function, where symbols name it (names.h) */
	u64 calls, self; /* calls of it here, and events counted in it here */
	u64 site; /* of the first of these calls, where symbols name it */
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

/* The address spaces that are followed in U and in VU; S, VS and M have a stack each. */
#define CALLS_SPACES 32
#define CALLS_STACKS (3 + 2 * CALLS_SPACES)

struct calls {
	struct place_names names;
	struct call_node nodes[CALLS_MAX]; /* the first are the roots, in the order of the modes */
	u32 count;
	u32 found[CALLS_ROOM]; /* a hash table of nodes' numbers, from 1; 0: none */
	u64 space[2], clock; /* satp, vsatp; time of uses */
	struct call_stack stacks[CALLS_STACKS];
	struct call_stack *stack; /* that of `mode` and its address space; NULL: to be looked up */
	enum timing_mode mode;
};

struct calls *calls_create(const struct place_names *names); /* NULL: no memory */
void calls_free(struct calls *calls);

/* Forget all calls and counts. */
void calls_clear(struct calls *calls);

/* Take the next record, fetched in this mode, and return the node that it is in. */
u32 calls_follow(struct calls *calls, const struct timing_record *record, enum timing_mode mode);

#endif
