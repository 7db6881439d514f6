/* SPDX-License-Identifier: MIT */
/* See guard.h. */
#include "bus/guard.h"

#include <pthread.h>
#include <sys/mman.h>

void *guard_reserve(u64 size, u64 alignment)
{
	u64 room = size + 2 * GUARD_SIZE + alignment - PAGE_SIZE;
	u8 *all = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *place, *end;

	if (all == MAP_FAILED)
		return NULL;
	place = (u8 *)align_up((uintptr_t)all + GUARD_SIZE, alignment);
	end = place + size + GUARD_SIZE;
	/* These lengths can be 0, which unmaps nothing. */
	munmap(all, (size_t)(place - GUARD_SIZE - all));
	munmap(end, (size_t)(all + room - end));
	return place;
}

void guard_release(void *place, u64 size)
{
	munmap((u8 *)place - GUARD_SIZE, size + 2 * GUARD_SIZE);
}

void guard_threads(void)
{
	pthread_attr_t defaults;

	if (pthread_getattr_default_np(&defaults))
		return;
	if (!pthread_attr_setguardsize(&defaults, GUARD_SIZE))
		pthread_setattr_default_np(&defaults);
	pthread_attr_destroy(&defaults);
}
