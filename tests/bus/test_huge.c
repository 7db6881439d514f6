/* SPDX-License-Identifier: MIT */
/* Tests memory that is put into huge pages: its mapping by /proc/self/smaps, and its contents. */
#include "bus/huge.h"

#include "bus/guard.h"
#include "tests/cmocka.h"

#include <linux/mman.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE (3 * HUGE_PAGE)

/* Returns how many bytes of the mapping that begins at `place` are in huge pages. */
static u64 huge_bytes(const void *place)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	char line[256];
	unsigned long long begin, kib, bytes = 0;
	bool here = false;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx-%*x %*s", &begin) == 1 && strchr(line, '-'))
			here = begin == (uintptr_t)place;
		else if (here && sscanf(line, "ShmemPmdMapped: %llu kB", &kib) == 1)
			bytes = kib * KiB;
	}
	fclose(file);
	return bytes;
}

/*
 * Allocates memory that is aligned to a huge page, and fills it with words that are all different.
 * It is shared memory, like that for native code: with usual settings the host never puts such
 * memory into huge pages by itself.
 */
static u64 *huge_fill(void)
{
	u64 *place = guard_reserve(SIZE, HUGE_PAGE);

	assert_non_null(place);
	assert_ptr_equal(mmap(place, SIZE, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			 place);
	for (u64 n = 0; n < SIZE / sizeof(u64); n++)
		place[n] = n;
	return place;
}

/* Returns whether this host puts such memory into a huge page on request, and not before. */
static bool huge_possible(void)
{
	u64 *place = huge_fill();
	bool possible = !huge_bytes(place) && !madvise(place, HUGE_PAGE, MADV_COLLAPSE);

	guard_release(place, SIZE);
	return possible;
}

/* Only huge pages that are completely within the range are made, and the contents do not change. */
static void test_collapse(void **unused)
{
	const struct {
		u64 from, size, huge;
	} cases[] = {
		{ 0, SIZE, SIZE },
		{ 0, 2 * HUGE_PAGE + PAGE_SIZE, 2 * HUGE_PAGE },
		{ 8, SIZE - 8, 2 * HUGE_PAGE },
		{ 8, SIZE - 16, HUGE_PAGE },
		{ PAGE_SIZE, HUGE_PAGE, 0 },
		{ HUGE_PAGE, 0, 0 },
		{ 8, 16, 0 },
	};

	if (!huge_possible())
		skip();
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		u64 *place = huge_fill();

		huge_collapse((u8 *)place + cases[n].from, cases[n].size);
		assert_int_equal(huge_bytes(place), cases[n].huge);
		for (u64 word = 0; word < SIZE / sizeof(u64); word++)
			assert_int_equal(place[word], word);
		guard_release(place, SIZE);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_collapse),
	{ 0 },
};
