/* SPDX-License-Identifier: MIT */
/* Actions: the effects of a model outside of its states, and its reads there. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_ACTION_H
#define CPU_TIMING_MEMO_MEMO_ACTION_H

#include "bus/base.h"

/*
 * An action either reads something outside of the state, which is its result; or it changes
 * something there, and its result is 0.
 */
struct memo_action {
	u8 kind; /* the model's number for it, above MEMO_END and below MEMO_KINDS */
	u8 which; /* the model decides what `which`, a and b mean */
	union {
		struct {
			u8 how; /* enum memo_how */
			/*
			 * For a lasting result, the group of changes that can change it, below
			 * MEMO_GROUPS. A change applies to the groups from this one on.
			 */
			u8 group;
		};
		/*
		 * In a chain of the memo `how` is not needed: it follows from the action's place in
		 * the chain.
		 */
		struct {
			u16 index : 10; /* index in the chain */
			u16 group : 6;
		} at;
	};
	/*
	 * In a chain, the distance in words to the chain that continues with another result; 0:
	 * none.
	 */
	s32 other;
	u64 a, b;
};
#define MEMO_END 0
#define MEMO_KINDS 64
#define MEMO_GROUPS 64 /* each group is a bit of a word */

/*
 * Notes that all groups changed at this version. `changed` has the version of each group's last
 * change.
 */
static inline void memo_groups_change(u64 changed[MEMO_GROUPS], u64 version)
{
	for (unsigned group = 0; group < MEMO_GROUPS; group++)
		changed[group] = version;
}

enum memo_how {
	MEMO_LASTS = BIT(0), /* the result lasts while a version is unchanged */
	MEMO_CHANGES = BIT(1), /* the version may have changed after it */
	MEMO_ALWAYS = BIT(2), /* the result does not change during a trace */
};

static inline bool memo_same_action(const struct memo_action *one, const struct memo_action *other)
{
	return one->kind == other->kind && one->which == other->which && one->a == other->a &&
	       one->b == other->b;
}

typedef u64 memo_perform(void *ctx, const struct memo_action *action);

#endif
