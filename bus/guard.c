/* SPDX-License-Identifier: MIT */
/* See guard.h. */
#include "bus/guard.h"

#include <pthread.h>
#include <sys/mman.h>

void *guard_reserve(u64 size)
{
	u8 *all = mmap(NULL, size + 2 * GUARD_SIZE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return all == MAP_FAILED ? NULL : all + GUARD_SIZE;
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
