/* SPDX-License-Identifier: MIT */
/* A hash table of costs by pc; see profile.h. */
#include "cpu/timing/profile/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 1024

int timing_profile_init(struct timing_profile *profile)
{
	*profile = (struct timing_profile){ .room = ROOM_FIRST };
	profile->costs = calloc(profile->room, sizeof(*profile->costs));
	return profile->costs ? 0 : -ENOMEM;
}

void timing_profile_free(struct timing_profile *profile)
{
	free(profile->costs);
	*profile = (struct timing_profile){ 0 };
}

void timing_profile_clear(struct timing_profile *profile)
{
	memset(profile->costs, 0, profile->room * sizeof(*profile->costs));
	profile->elsewhere = (struct timing_cost){ 0 };
	profile->count = 0;
}

/* Returns the entry of a pc in the table, or the free entry where it belongs. */
static struct timing_cost *profile_place(struct timing_cost *costs, size_t room, u64 pc)
{
	size_t at = (pc >> 1) * 0x9e3779b97f4a7c15ull >> 20 & (room - 1);

	while (costs[at].used && costs[at].pc != pc)
		at = (at + 1) & (room - 1);
	return &costs[at];
}

/* Doubles the table. If there is no memory for that, the table keeps its size. */
static void profile_grow(struct timing_profile *profile)
{
	size_t room = profile->room * 2;
	struct timing_cost *costs = calloc(room, sizeof(*costs));

	if (!costs)
		return;
	for (size_t n = 0; n < profile->room; n++)
		if (profile->costs[n].used)
			*profile_place(costs, room, profile->costs[n].pc) = profile->costs[n];
	free(profile->costs);
	profile->costs = costs;
	profile->room = room;
}

struct timing_cost *timing_profile_find(struct timing_profile *profile, u64 pc, u32 raw)
{
	struct timing_cost *cost = profile_place(profile->costs, profile->room, pc);

	if (cost->used)
		return cost;
	if (profile->count >= profile->room / 2 && profile->count < TIMING_PROFILE_MAX) {
		profile_grow(profile);
		cost = profile_place(profile->costs, profile->room, pc);
	}
	if (profile->count >= profile->room / 2)
		return &profile->elsewhere;
	profile->count++;
	*cost = (struct timing_cost){ .pc = pc, .raw = raw, .used = true };
	return cost;
}
