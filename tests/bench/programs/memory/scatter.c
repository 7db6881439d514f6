/* SPDX-License-Identifier: MIT */
/* Random reads and writes in 128 MB: the translation of a page is almost never in a TLB. */
#include "../program.h"

#define WORDS (16 << 20)
#define ACCESSES (1 << 18)

static uint64_t *words;

void prepare_scatter(void)
{
	words = map_pages(WORDS * sizeof(*words));
	for (size_t n = 0; n < WORDS; n += 512)
		words[n] = n;
}

uint64_t run_scatter(unsigned rounds)
{
	uint64_t state = 15, sum = 0;

	while (rounds--)
		for (size_t n = 0; n < ACCESSES; n++) {
			uint64_t pick = random_next(&state);

			sum += words[pick % WORDS];
			words[(pick >> 32) % WORDS] += pick;
		}
	return sum;
}
