/* SPDX-License-Identifier: MIT */
/*
 * See resident.h. The words of pagemap are described in Linux's
 * Documentation/admin-guide/mm/pagemap.rst.
 */
#include "bus/resident.h"

#include <fcntl.h>
#include <unistd.h>

#define PRESENT BIT(63)
#define SWAPPED BIT(62)
#define WORDS 512 /* the most that are read at once */

/* Reads the words of at most `count` pages; returns how many were read. */
static u64 read_words(int fd, uintptr_t page, u64 *words, u64 count)
{
	ssize_t got = pread(fd, words, MIN(count, (u64)WORDS) * sizeof(*words),
			    (off_t)(page * sizeof(*words)));

	return got > 0 ? (u64)got / sizeof(*words) : 0;
}

/*
 * Returns the first page in [page, end) that the host holds, or, if `held` is false, does not hold;
 * `end` if there is none. Pages about which nothing is known count as held.
 */
static u64 next_page(int fd, const void *memory, u64 page, u64 end, bool held)
{
	const uintptr_t first = (uintptr_t)memory >> PAGE_SHIFT;
	u64 words[WORDS];

	while (page < end) {
		u64 got = read_words(fd, first + page, words, end - page);

		if (!got)
			return held ? page : end;
		for (u64 n = 0; n < got; n++)
			if (!(words[n] & (PRESENT | SWAPPED)) != held)
				return page + n;
		page += got;
	}
	return end;
}

bool resident_next(const void *memory, u64 size, u64 *offset, u64 *len)
{
	const u64 pages = size >> PAGE_SHIFT;
	/* A descriptor that is kept open would report on the parent process after a fork. */
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	u64 begin = next_page(fd, memory, *offset >> PAGE_SHIFT, pages, true);
	u64 end = next_page(fd, memory, begin, pages, false);

	if (fd >= 0)
		close(fd);
	*offset = MAX(*offset, begin << PAGE_SHIFT);
	*len = (end << PAGE_SHIFT) - *offset;
	return begin < pages;
}
