/* SPDX-License-Identifier: MIT */
/*
 * What a core of kind inorder will do follows from its key, and from what it asks (actions.h): its
 * timestamps as cycles since one of them, where they lie so far back that nothing can come to wait
 * for them 0. No addresses of data are in it.
 */
#ifndef CPU_TIMING_INORDER_KEY_H
#define CPU_TIMING_INORDER_KEY_H

#include "cpu/timing/inorder/state.h"

struct inorder_key {
	u64 next; /* pc: so that a state has few traces, none of which begins elsewhere */
	u64 word;
	s32 at, ask, busy; /* at and ask may lie before the base */
	u32 room[INORDER_QUEUE_MAX]; /* the instruction that left the queue last comes first */
	u32 jump_room[INORDER_TARGETS_MAX], jump_pushed;
	u32 issued[2], last;
	u32 retired[INORDER_WINDOW_MAX];
	u32 ready[INORDER_REGISTERS];
	u32 shared, behind_mul, mul, div, fdiv, fp_result;
	u32 left[INORDER_ACCESSES_MAX];
	u8 causes[INORDER_REGISTERS];
	u8 known, jumped, cause, restarted, jumps;
	u8 popped_together, retiring, issuing, branching;
	u8 together[INORDER_GROUPS];
	u8 after;
};

/* What cycles are counted from: never less than it was. */
static inline u64 inorder_key_base(const struct inorder *core)
{
	return core->issue.popped[0];
}

/* False: times lie too far apart. */
bool inorder_key_take(struct inorder_key *key, const struct inorder *core);

/* The core as it would be with that key, from which its cycles are those behind `base`. */
void inorder_key_put(const struct inorder_key *key, struct inorder *core, u64 base);

#endif
