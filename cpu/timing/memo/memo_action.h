/* SPDX-License-Identifier: MIT */
/* An action is what a model does with what is outside of its states. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_ACTION_H
#define CPU_TIMING_MEMO_MEMO_ACTION_H

#include "bus/base.h"

/*
 * An action looks something up outside, which gives its result; or it has an effect there, and its
 * result is 0.
 */
struct memo_action {
	u8 kind; /* the model's number for it, above MEMO_END, below MEMO_KINDS */
	u8 which; /* the meaning is the model's, also of a and b */
	union {
		struct {
			u8 how; /* enum memo_how */
			/*
			 * For a result that lasts, the group of changes that can change it, below
			 * MEMO_GROUPS. For a change, it is about the groups from this one on.
			 */
			u8 group;
		};
		/* In a chain of the memo, the action's place in it says how. */
		struct {
			u16 index : 10; /* index in the chain */
			u16 group : 6;
		} at;
	};
	/*
	 * In a chain, the distance in words from here to the chain that goes on with another
	 * result; 0: there is none.
	 */
	s32 other;
	u64 a, b;
};
#define MEMO_END 0
#define MEMO_KINDS 64
#define MEMO_GROUPS 64 /* each is a bit of a word */

/* All groups have changed by this version. `changed` has that of each group's latest change. */
static inline void memo_groups_change(u64 changed[MEMO_GROUPS], u64 version)
{
	for (unsigned group = 0; group < MEMO_GROUPS; group++)
		changed[group] = version;
}

enum memo_how {
	MEMO_LASTS = BIT(0), /* the result stays the same while a version does */
	MEMO_CHANGES = BIT(1), /* the version may have changed behind it */
	MEMO_ALWAYS = BIT(2), /* the result is the same as long as a trace lasts */
};

static inline bool memo_same_action(const struct memo_action *one, const struct memo_action *other)
{
	return one->kind == other->kind && one->which == other->which && one->a == other->a &&
	       one->b == other->b;
}

typedef u64 memo_perform(void *ctx, const struct memo_action *action);

#endif
