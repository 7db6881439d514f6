/* SPDX-License-Identifier: MIT */
/* See host_time.h. */
#include "frontends/host/host_time.h"

#include <time.h>

u64 host_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * NS_PER_S + (u64)now.tv_nsec;
}
