/* SPDX-License-Identifier: MIT */
/*
 * The descriptors of the host and the time limit that the run loop waits for when the guest idles.
 */
#ifndef FRONTENDS_HOST_POLLSET_H
#define FRONTENDS_HOST_POLLSET_H

#include <poll.h>

#include "bus/base.h"

struct pollset {
	struct pollfd *fds;
	unsigned count, room;
	u64 ns; /* the time limit; UINT64_MAX: none */
};

#define POLLSET_NONE UINT32_MAX /* the index of a descriptor that could not be added */

/* Empties the set and keeps its memory. All zeros is an empty set. */
void pollset_clear(struct pollset *set);
void pollset_free(struct pollset *set);

/* Adds a descriptor and returns its index. Without memory it is left out: the loop looks again
 * after a while anyway. */
unsigned pollset_add(struct pollset *set, int fd, short events);

/* Returns the events that pollset_wait has seen on a descriptor. */
short pollset_seen(const struct pollset *set, unsigned index);

/* Waits for one of the descriptors, or until set->ns have passed; false: there was no event. */
bool pollset_wait(struct pollset *set);

#endif
