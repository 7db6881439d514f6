/* SPDX-License-Identifier: MIT */
/* memcpy of pieces of many sizes and alignments, from 32 MB to 32 MB. */
#include <string.h>
#include "../program.h"

#define SIZE (32 << 20)
#define MOST 4096

static unsigned char *from, *to;

void prepare_copy(void)
{
	from = map_pages(SIZE);
	to = map_pages(SIZE);
	for (size_t n = 0; n < SIZE; n++)
		from[n] = (unsigned char)(n * n >> 8);
	memset(to, 0, SIZE);
}

uint64_t run_copy(unsigned rounds)
{
	uint64_t state = 14, sum = 0;

	while (rounds--) {
		for (size_t at = 0; at < SIZE - MOST;) {
			uint64_t pick = random_next(&state);
			size_t size = 1 + pick % MOST;

			memcpy(to + at, from + (pick >> 32) % (SIZE - MOST), size);
			at += size;
		}
		for (size_t n = 0; n < SIZE; n += MOST)
			sum = mix(sum, to[n]);
	}
	return sum;
}
