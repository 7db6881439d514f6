/* SPDX-License-Identifier: MIT */
/*
 * Allocates memory for harts, and for structs that contain one, at the beginning of a cache line.
 */
#ifndef CPU_HART_STORAGE_H
#define CPU_HART_STORAGE_H

#include "bus/base.h"

#include <stdlib.h>
#include <string.h>

#define HART_ALIGNMENT 64

/* Returns zeroed memory, to be freed by free(), or NULL. */
static inline void *hart_storage(size_t size)
{
	const size_t whole = align_up(size, HART_ALIGNMENT);
	void *memory = aligned_alloc(HART_ALIGNMENT, whole);

	return memory ? memset(memory, 0, whole) : NULL;
}

#endif
