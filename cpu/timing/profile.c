/* SPDX-License-Identifier: MIT */
/* A hash table by pc; see profile.h. */
#include "cpu/timing/profile.h"

#include <errno.h>
#include <stdlib.h>

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

/* Where a pc is, or where it would be put. */
static struct timing_cost *place(struct timing_cost *costs, size_t room, u64 pc)
{
	size_t at = (pc >> 1) * 0x9e3779b97f4a7c15ull >> 20 & (room - 1);

	while (costs[at].used && costs[at].pc != pc)
		at = (at + 1) & (room - 1);
	return &costs[at];
}

/* Twice the room, where there is memory for it; the table works with less. */
static void grow(struct timing_profile *profile)
{
	size_t room = profile->room * 2;
	struct timing_cost *costs = calloc(room, sizeof(*costs));

	if (!costs)
		return;
	for (size_t n = 0; n < profile->room; n++)
		if (profile->costs[n].used)
			*place(costs, room, profile->costs[n].pc) = profile->costs[n];
	free(profile->costs);
	profile->costs = costs;
	profile->room = room;
}

static struct timing_cost *find(struct timing_profile *profile, u64 pc)
{
	struct timing_cost *cost = place(profile->costs, profile->room, pc);

	if (cost->used)
		return cost;
	if (profile->count >= profile->room / 2 && profile->count < TIMING_PROFILE_MAX) {
		grow(profile);
		cost = place(profile->costs, profile->room, pc);
	}
	if (profile->count >= profile->room / 2)
		return &profile->elsewhere;
	profile->count++;
	*cost = (struct timing_cost){ .pc = pc, .used = true };
	return cost;
}

void timing_profile_add(struct timing_profile *profile, u64 pc,
			const u64 cycles[TIMING_CAUSES], bool retired)
{
	struct timing_cost *cost = find(profile, pc);

	for (unsigned n = 0; n < TIMING_CAUSES; n++)
		cost->cycles[n] += cycles[n];
	cost->instructions += retired;
}
