/* SPDX-License-Identifier: MIT */
/* See huge.h. */
#include "bus/huge.h"

#include <linux/mman.h>
#include <sys/mman.h>

void huge_collapse(const void *begin, u64 size)
{
	u64 first = align_up((uintptr_t)begin, HUGE_PAGE);
	u64 end = align_down((uintptr_t)begin + size, HUGE_PAGE);

	/* A host that cannot do this, or has no huge page left, keeps the ordinary pages. */
	if (first < end)
		madvise((void *)first, end - first, MADV_COLLAPSE);
}

void huge_prefer(void *begin, u64 size)
{
	/* A host without huge pages refuses, and uses ordinary ones. */
	madvise(begin, size, MADV_HUGEPAGE);
}
