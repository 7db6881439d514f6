/* SPDX-License-Identifier: MIT */
/*
 * Who called whom: follows the calls and returns in a hart's records, by the link registers x1 and
 * x5, a stack for each mode and for each address space of user modes; and counts events by stack.
 * Stacks are cut where they are too deep, and where a return leads to nobody known they begin anew.
 */
#ifndef CPU_TIMING_PROFILE_CALLS_H
#define CPU_TIMING_PROFILE_CALLS_H

#include "bus/base.h"
#include "cpu/timing/record.h"

/* Functions in their contexts, and one in how many of them; a power of two, and a half of that. */
#define CALLS_ROOM 262144
#define CALLS_MAX (CALLS_ROOM / 2)
#define CALLS_DEPTH_MAX 128

/* A function, called by its parent: a node of a tree. */
struct call_node {
	u32 parent; /* itself: a root, which is a mode and no function */
	u16 depth;
	u8 mode;
	u64 begin; /* address of the function */
	u64 calls, self; /* how often called here, and what was counted in it here */
};

/* A function that has not returned. */
struct call_frame {
	u32 node;
	bool traps; /* what is here came by a trap */
	u64 back; /* where its caller goes on */
	u64 begin, end; /* of the code that is in it */
};

struct call_stack {
	u64 space, used; /* satp or vsatp; when it was used last */
	unsigned depth;
	struct call_frame frames[CALLS_DEPTH_MAX];
};

/* Of S and M, which have one, and of address spaces of U and VU. */
#define CALLS_SPACES 32
#define CALLS_STACKS (3 + 2 * CALLS_SPACES)

/* Code around an address that has one name. */
struct call_names {
	void (*around)(void *ctx, u64 pc, u64 *begin, u64 *end);
	void *ctx;
};

struct calls {
	struct call_names names;
	struct call_node nodes[CALLS_MAX]; /* the roots are those of the modes, in their order */
	u32 count;
	u32 found[CALLS_ROOM]; /* a hash table of nodes, from 1; 0: none */
	u64 space[2], clock; /* satp, vsatp */
	struct call_stack stacks[CALLS_STACKS];
	struct call_stack *stack; /* of `mode`, and of the address space in force; NULL: look */
	enum timing_mode mode;
};

struct calls *calls_create(const struct call_names *names); /* NULL: no memory */
void calls_free(struct calls *calls);

/* Nothing has been called or counted. */
void calls_clear(struct calls *calls);

/* The next record, fetched in this mode: the node that it is in. */
u32 calls_follow(struct calls *calls, const struct timing_record *record, enum timing_mode mode);

#endif
