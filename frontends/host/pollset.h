/* SPDX-License-Identifier: MIT */
/* What the run loop waits for when the guest idles: descriptors of the host, and a time. */
#ifndef FRONTENDS_HOST_POLLSET_H
#define FRONTENDS_HOST_POLLSET_H

#include <poll.h>

#include "bus/base.h"

struct pollset {
	struct pollfd *fds;
	unsigned count, room;
	u64 ns; /* no longer than this; UINT64_MAX: for ever */
};

#define POLLSET_NONE UINT32_MAX /* index of what could not be added */

/* Begin anew, with what memory there is. All zeros is an empty set. */
void pollset_clear(struct pollset *set);
void pollset_free(struct pollset *set);

/* Its index. Without memory it is left out: the loop looks again in a while anyway. */
unsigned pollset_add(struct pollset *set, int fd, short events);

/* What was seen of it by pollset_wait. */
short pollset_seen(const struct pollset *set, unsigned index);

/* Wait for one of them or until set->ns have passed; false: nothing was seen. */
bool pollset_wait(struct pollset *set);

#endif
