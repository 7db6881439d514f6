/* SPDX-License-Identifier: MIT */
/*
 * A table of slots. The number of an entry has the slot's index in its lower half, and in its upper
 * half the count of the slot's earlier uses, so that an old number does not find a new entry.
 */
#include "devices/share/slots.h"

#include <stdlib.h>

#define ROOM_FIRST 64

struct slot {
	void *thing;
	u32 uses;
	u32 next; /* next free slot */
};

static bool slots_grow(struct slots *slots)
{
	u32 room = slots->room ? slots->room * 2 : ROOM_FIRST;
	struct slot *more = realloc(slots->slots, room * sizeof(*more));

	if (!more)
		return false;
	slots->slots = more;
	slots->room = room;
	slots->used = MAX(slots->used, 1u); /* 0 is not a valid number */
	return true;
}

u64 slots_add(struct slots *slots, void *thing)
{
	u32 index = slots->free;
	struct slot *slot;

	if (slots->count == slots->max)
		return 0;
	if (!index) {
		if (slots->used == slots->room && !slots_grow(slots))
			return 0;
		index = slots->used++;
		slots->slots[index] = (struct slot){ 0 };
	}
	slot = &slots->slots[index];
	slots->free = slot->next;
	slot->thing = thing;
	slots->count++;
	return (u64)slot->uses << 32 | index;
}

void *slots_get(const struct slots *slots, u64 number)
{
	u32 index = (u32)number;

	if (!index || index >= slots->used || slots->slots[index].uses != number >> 32)
		return NULL;
	return slots->slots[index].thing;
}

void slots_remove(struct slots *slots, u64 number)
{
	struct slot *slot = &slots->slots[(u32)number];

	assert(slots_get(slots, number));
	slot->thing = NULL;
	slot->uses++;
	slot->next = slots->free;
	slots->free = (u32)number;
	slots->count--;
}

void slots_clear(struct slots *slots, void (*drop)(void *ctx, void *thing), void *ctx)
{
	u32 max = slots->max;

	for (u32 index = 1; index < slots->used; index++)
		if (slots->slots[index].thing)
			drop(ctx, slots->slots[index].thing);
	free(slots->slots);
	*slots = (struct slots){ .max = max };
}
