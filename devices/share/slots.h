/* SPDX-License-Identifier: MIT */
/*
 * A table of objects to which a client refers by numbers. The count of objects is limited, and
 * finding one takes constant time. No number is used twice, so an outdated number refers to
 * nothing.
 */
#ifndef DEVICES_SHARE_SLOTS_H
#define DEVICES_SHARE_SLOTS_H

#include "bus/base.h"

struct slot;

struct slots {
	struct slot *slots;
	u32 count, max; /* objects, and their limit, which the owner sets */
	u32 used, room; /* how many slots were ever used, and how many are allocated */
	u32 free; /* the first free slot; 0: none */
};

/* Adds an object. Returns its number, which is 1 for the first one, or 0 if there is no room. */
u64 slots_add(struct slots *slots, void *thing);
/* returns NULL if there is no such object */
void *slots_get(const struct slots *slots, u64 number);
void slots_remove(struct slots *slots, u64 number); /* the number must be valid */

/* Calls `drop` for each object that is left, and removes them all. */
void slots_clear(struct slots *slots, void (*drop)(void *ctx, void *thing), void *ctx);

#endif
