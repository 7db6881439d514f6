/* SPDX-License-Identifier: MIT */
/*
 * The stacks of calls of a hart. One of them grows and shrinks; the others are those of threads and
 * modes that do not run now. Each call has its return address and the stack pointer, which identify
 * the thread to which a return leads. If there are too many stacks, the one used longest ago is
 * forgotten.
 */
#ifndef CPU_TIMING_PROFILE_CALL_STACKS_H
#define CPU_TIMING_PROFILE_CALL_STACKS_H

#include "bus/base.h"
#include "cpu/timing/record.h"

#define CALLS_DEPTH_MAX 128
#define CALLS_STACKS 128
#define CALLS_CHAINS 16384 /* a power of two */

/* A stack pointer that is not known, and one that is not known, but was taken from elsewhere. */
#define CALLS_NO_SP UINT64_MAX
#define CALLS_OTHER_SP (UINT64_MAX - 1)

/* A call that has not returned. */
struct call_frame {
	u32 node;
	bool traps; /* it was entered by a trap */
	u64 back, sp; /* return address; the stack pointer at the call, or CALLS_NO_SP */
	u64 begin, end; /* range of its code */
	u16 next, previous; /* in its chain: numbers of frames, from 1; 0: none */
};

struct call_stack {
	u64 used; /* the time of its last use; 0: it is free */
	u64 space; /* satp or vsatp in user modes, else 0 */
	u64 sp; /* if it was left for another mode: the stack pointer then; else CALLS_NO_SP */
	u8 mode; /* enum timing_mode */
	unsigned depth;
	struct call_frame *frames; /* CALLS_DEPTH_MAX */
};

struct call_stacks {
	u64 clock; /* the time of uses */
	struct call_stack stacks[CALLS_STACKS];
	struct call_frame frames[CALLS_STACKS][CALLS_DEPTH_MAX];
	/*
	 * A hash table of the frames that a return may lead to, by stack pointer, or by return
	 * address where that is not known: the first of each chain, as in struct call_frame.
	 */
	u16 chains[CALLS_CHAINS];
};

/* The destination of a return. */
struct call_return {
	u64 pc, sp;
	bool traps; /* it returns from a trap: only sp counts, as a handler may skip code */
	bool may_jump; /* if no call is found, it is a jump and not a return */
};

void call_stacks_clear(struct call_stacks *stacks);

/* Returns an empty stack, in place of the one used longest ago if none is free. */
struct call_stack *call_stacks_new(struct call_stacks *stacks, enum timing_mode mode, u64 space);

/* Puts a call on top of a stack. A stack that gets too deep forgets the older half of its calls. */
void call_stacks_push(struct call_stacks *stacks, struct call_stack *stack, u64 back, u64 sp);

/* Forgets a stack. */
void call_stacks_end(struct call_stacks *stacks, struct call_stack *stack);

/*
 * call_stacks_leave leaves a stack for another mode. call_stacks_resume returns the stack that was
 * left in a mode, or a new one.
 */
void call_stacks_leave(struct call_stacks *stacks, struct call_stack *stack, u64 sp);
struct call_stack *call_stacks_resume(struct call_stacks *stacks, enum timing_mode mode, u64 space,
				      u64 sp);

/*
 * Returns the stack that this return leads to, without the calls that are over: this one, or
 * another of its mode and space, or a new one.
 */
struct call_stack *call_stacks_return(struct call_stacks *stacks, struct call_stack *stack,
				      const struct call_return *to);

#endif
