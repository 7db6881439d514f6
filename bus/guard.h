/* SPDX-License-Identifier: MIT */
/*
 * Guard pages: an access beyond either end of guarded memory faults, so it never reaches what
 * happens to lie beside it.
 */
#ifndef BUS_GUARD_H
#define BUS_GUARD_H

#include "bus/base.h"

#define GUARD_SIZE (64 * KiB)

/*
 * Reserves `size` bytes of address space (whole pages), which begin at a multiple of `alignment` (a
 * power of two, PAGE_SIZE at least), between guards. No byte can be accessed until the caller maps
 * or protects it otherwise. NULL with errno when the host has no room.
 */
void *guard_reserve(u64 size, u64 alignment);
/* Releases a range of guard_reserve, given with its size, and its guards. */
void guard_release(void *place, u64 size);

/*
 * Gives the stacks of threads created from now on, also by libraries, a guard of GUARD_SIZE below.
 */
void guard_threads(void);

#endif
