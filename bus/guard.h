/* SPDX-License-Identifier: MIT */
/*
 * Guard pages: who runs past an end of memory that has them on both sides ends there, and does not
 * come into what happens to lie beside it.
 */
#ifndef BUS_GUARD_H
#define BUS_GUARD_H

#include "bus/base.h"

#define GUARD_SIZE (64 * KiB)

/*
 * Address space of `size` bytes, whole pages, between guards, in which nothing can be touched until
 * the caller maps or protects it otherwise. NULL with errno: the host has no room.
 */
void *guard_reserve(u64 size);
/* Of guard_reserve, with its size: all of it goes, guards too. */
void guard_release(void *place, u64 size);

/* From now on stacks of threads, those of libraries too, have a guard of that size below them. */
void guard_threads(void);

#endif
