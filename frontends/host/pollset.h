/* SPDX-License-Identifier: MIT */
/*
 * The descriptors and the time limit for which the run loop waits while the guest idles: an array
 * for ppoll(2).
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

/* Empties the set, which keeps its memory. A struct of zeros is an empty set. */
void pollset_clear(struct pollset *set);
void pollset_free(struct pollset *set);

/*
 * Adds a descriptor, which may be -1, and returns its index. Without memory it is not added, and
 * POLLSET_NONE returned; the loop polls again after a while anyway.
 */
unsigned pollset_add(struct pollset *set, int fd, short events);

/* Returns the events (POLLIN and so on) that the last pollset_wait has found on a descriptor. */
short pollset_seen(const struct pollset *set, unsigned index);

/*
 * Waits for an event on one of the descriptors, at most for set->ns. Returns whether there was one.
 */
bool pollset_wait(struct pollset *set);

#endif
