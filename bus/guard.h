/* SPDX-License-Identifier: MIT */
/*
 * Guard pages: inaccessible pages at both ends of guarded memory. An access just beyond either end
 * faults, instead of reaching other memory next to it.
 */
#ifndef BUS_GUARD_H
#define BUS_GUARD_H

#include "bus/base.h"

#define GUARD_SIZE (64 * KiB)

/*
 * Reserves `size` bytes of address space (whole pages) between guards, and returns their address, a
 * multiple of `alignment`, which is a power of two of at least PAGE_SIZE. No byte can be accessed
 * until the caller maps memory there or changes its protection. Returns NULL with errno if the host
 * has no room. The caller releases the range with guard_release.
 */
void *guard_reserve(u64 size, u64 alignment);
/*
 * Releases a range that guard_reserve returned, with its guards; `size` is that of the reservation.
 */
void guard_release(void *place, u64 size);

/*
 * Gives the stacks of all threads created from now on, also by libraries, a guard of GUARD_SIZE
 * below them.
 */
void guard_threads(void);

#endif
