/* SPDX-License-Identifier: MIT */
/* See pollset.h. */
#include "frontends/host/pollset.h"

#include <stdlib.h>
#include <time.h>

#define ROOM_FIRST 16

void pollset_clear(struct pollset *set)
{
	set->count = 0;
	set->ns = UINT64_MAX;
}

void pollset_free(struct pollset *set)
{
	free(set->fds);
	*set = (struct pollset){ 0 };
}

unsigned pollset_add(struct pollset *set, int fd, short events)
{
	unsigned room = MAX(set->room * 2, ROOM_FIRST);
	struct pollfd *grown;

	if (set->count == set->room) {
		grown = realloc(set->fds, room * sizeof(*grown));
		if (!grown)
			return POLLSET_NONE;
		set->fds = grown;
		set->room = room;
	}
	set->fds[set->count] = (struct pollfd){ .fd = fd, .events = events };
	return set->count++;
}

short pollset_seen(const struct pollset *set, unsigned index)
{
	return index < set->count ? set->fds[index].revents : 0;
}

bool pollset_wait(struct pollset *set)
{
	struct timespec limit = { (time_t)(set->ns / NS_PER_S), (long)(set->ns % NS_PER_S) };
	bool seen = ppoll(set->fds, set->count, set->ns == UINT64_MAX ? NULL : &limit, NULL) > 0;

	for (unsigned n = 0; !seen && n < set->count; n++)
		set->fds[n].revents = 0;
	return seen;
}
