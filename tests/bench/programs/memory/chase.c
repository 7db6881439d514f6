/* SPDX-License-Identifier: MIT */
/* A chain of pointers through 64 MB in random order: each load depends on the one before. */
#include "../program.h"

#define LINES (1 << 20)

struct line {
	const struct line *next;
	char padding[56]; /* a cache line */
};

static struct line *lines;

/* Sattolo's shuffle gives one cycle through all lines. */
void prepare_chase(void)
{
	uint64_t state = 13;

	lines = map_pages(LINES * sizeof(*lines));
	for (size_t n = 0; n < LINES; n++)
		lines[n].next = &lines[n];
	for (size_t n = LINES - 1; n > 0; n--) {
		size_t other = random_next(&state) % n;
		const struct line *next = lines[n].next;

		lines[n].next = lines[other].next;
		lines[other].next = next;
	}
}

uint64_t run_chase(unsigned rounds)
{
	const struct line *line = lines;
	uint64_t sum = 0;

	while (rounds--) {
		for (size_t n = 0; n < LINES; n++)
			line = line->next;
		sum = mix(sum, (uint64_t)(line - lines));
		line = line->next;
	}
	return sum;
}
