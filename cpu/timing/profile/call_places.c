/* SPDX-License-Identifier: MIT */
/* The table of call_places.h: it has open addressing with linear probing. */
#include "cpu/timing/profile/call_places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 1024

int call_places_init(struct call_places *places)
{
	*places = (struct call_places){ .room = ROOM_FIRST };
	places->list = calloc(places->room, sizeof(*places->list));
	return places->list ? 0 : -ENOMEM;
}

void call_places_free(struct call_places *places)
{
	free(places->list);
	*places = (struct call_places){ 0 };
}

void call_places_clear(struct call_places *places)
{
	memset(places->list, 0, places->room * sizeof(*places->list));
	places->count = 0;
}

/* Returns the entry of a node and place in the table, or the free entry where it belongs. */
static struct call_place *find(struct call_place *list, size_t room, u32 node, u64 place)
{
	size_t at = ((place >> 1) + node * 0x9e3779b9ull) * 0x9e3779b97f4a7c15ull >> 20;

	for (;; at++) {
		struct call_place *entry = &list[at & (room - 1)];

		if (!entry->self || (entry->node == node && entry->place == place))
			return entry;
	}
}

/* Doubles the table. If there is no memory for that, the table keeps its size. */
static void call_places_grow(struct call_places *places)
{
	size_t room = places->room * 2;
	struct call_place *list = calloc(room, sizeof(*list));

	if (!list)
		return;
	for (size_t n = 0; n < places->room; n++) {
		const struct call_place *entry = &places->list[n];

		if (entry->self)
			*find(list, room, entry->node, entry->place) = *entry;
	}
	free(places->list);
	places->list = list;
	places->room = room;
}

void call_places_add(struct call_places *places, u32 node, u64 place, u64 self)
{
	struct call_place *entry;

	if (!self)
		return;
	if (places->count >= places->room / 2 && places->count < CALL_PLACES_MAX)
		call_places_grow(places);
	entry = find(places->list, places->room, node, place);
	if (!entry->self && places->count >= places->room / 2)
		return;
	places->count += !entry->self;
	*entry = (struct call_place){ place, entry->self + self, node };
}
