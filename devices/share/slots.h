/* SPDX-License-Identifier: MIT */
/*
 * Objects that a client names by numbers. Their number is limited, and finding one takes one step.
 * No number is used twice, so an old number names nothing.
 */
#ifndef DEVICES_SHARE_SLOTS_H
#define DEVICES_SHARE_SLOTS_H

#include "bus/base.h"

struct slot;

struct slots {
	struct slot *slots;
	u32 count, max; /* objects; the owner sets `max` */
	u32 used, room; /* slots ever used; slots allocated */
	u32 free; /* the first free slot; 0: none */
};

/* Returns a number that is not 0, and 1 for the first object; 0 when there is no room. */
u64 slots_add(struct slots *slots, void *thing);
void *slots_get(const struct slots *slots, u64 number); /* NULL: no such object */
void slots_remove(struct slots *slots, u64 number); /* the number must be valid */

/* Calls drop for each object that is left; the slots are empty afterwards. */
void slots_clear(struct slots *slots, void (*drop)(void *ctx, void *thing), void *ctx);

#endif
