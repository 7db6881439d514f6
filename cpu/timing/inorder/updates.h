/* SPDX-License-Identifier: MIT */
/*
 * Updates: the outcomes of branches and jumps, with which the predictors are trained after the
 * cycle that resolves them. They are in a ring, in the order of these cycles.
 */
#ifndef CPU_TIMING_INORDER_UPDATES_H
#define CPU_TIMING_INORDER_UPDATES_H

#include "bus/base.h"

/* The flags of a update's `what`. */
#define INORDER_UPDATE_TAKEN BIT(0)
#define INORDER_UPDATE_STORED BIT(1) /* the target goes to the BTB */
#define INORDER_UPDATE_BRANCH BIT(2) /* the counter is trained */

#define INORDER_UPDATES_MAX 16 /* if there are more, the first is learnt too early */
#define INORDER_UPDATES_RING 32

#define UNITS "cpu/timing/inorder/state/updates.def"
#include "cpu/timing/fields/structs.inc"

static ALWAYS_INLINE struct inorder_update *inorder_update(struct inorder_updates *updates,
							   unsigned n)
{
	return &updates->ring[(updates->first + n) % INORDER_UPDATES_RING];
}

/* Returns whether the first update was known before `cycle`. */
static ALWAYS_INLINE bool inorder_updates_due(struct inorder_updates *updates, u64 cycle)
{
	return updates->count && inorder_update(updates, 0)->cycle < cycle;
}

/* Removes the first update and returns it. */
static ALWAYS_INLINE struct inorder_update inorder_updates_take(struct inorder_updates *updates)
{
	struct inorder_update update = *inorder_update(updates, 0);

	updates->first = (updates->first + 1) % INORDER_UPDATES_RING;
	updates->count--;
	return update;
}

/* Appends a update of `cycle`, which the caller fills in. */
static ALWAYS_INLINE struct inorder_update *inorder_updates_add(struct inorder_updates *updates,
								u64 cycle)
{
	struct inorder_update *update = inorder_update(updates, updates->count++);

	update->cycle = cycle;
	return update;
}

/* Returns whether there are too many updates, or the last one is not in its place. */
static ALWAYS_INLINE bool inorder_updates_unsorted(struct inorder_updates *updates)
{
	unsigned count = updates->count;

	return count > 1 && (inorder_update(updates, count - 2)->cycle >
				     inorder_update(updates, count - 1)->cycle ||
			     count > INORDER_UPDATES_MAX);
}

#endif
