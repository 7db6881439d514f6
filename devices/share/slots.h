/* SPDX-License-Identifier: MIT */
/*
 * Things that a client names by numbers which it was given: as many as allowed, found in one step,
 * and no number comes twice, so that one which is used too late names nothing.
 */
#ifndef DEVICES_SHARE_SLOTS_H
#define DEVICES_SHARE_SLOTS_H

#include "bus/base.h"

struct slot;

struct slots {
	struct slot *slots;
	u32 count, max; /* things; `max` is the owner's to set */
	u32 used, room; /* slots that were ever used; that are allocated */
	u32 free; /* the first one that is free again; 0: none */
};

/* A number that is not 0, and 1 for the first of all; 0 when there is no room. */
u64 slots_add(struct slots *slots, void *thing);
void *slots_get(const struct slots *slots, u64 number); /* NULL: it names nothing */
void slots_remove(struct slots *slots, u64 number); /* it names something */

/* Drop each of those that are left; empty afterwards. */
void slots_clear(struct slots *slots, void (*drop)(void *ctx, void *thing), void *ctx);

#endif
