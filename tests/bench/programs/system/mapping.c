/* SPDX-License-Identifier: MIT */
/* Address space: page faults of new memory, and random mmap, mprotect and munmap. */
#include <sys/mman.h>
#include "../program.h"

#define PAGE 4096
#define FAULTS 1024
#define MAPS 128
#define CHANGES 1000

uint64_t run_fault(unsigned rounds)
{
	uint64_t sum = 0;

	while (rounds--) {
		volatile unsigned char *memory = map_pages(FAULTS * PAGE);

		for (size_t at = 0; at < FAULTS * PAGE; at += PAGE) {
			sum += memory[at] + (at & 1);
			memory[at] = 1;
			sum += memory[at];
		}
		munmap((void *)memory, FAULTS * PAGE);
	}
	return sum;
}

struct map {
	unsigned char *memory; /* NULL: none */
	size_t size;
	int locked; /* cannot be written */
};

static uint64_t change(struct map *map, uint64_t pick)
{
	if (!map->memory) {
		map->size = (1 + pick / MAPS % 16) * PAGE;
		map->memory = map_pages(map->size);
		map->memory[0] = (unsigned char)pick;
		map->locked = 0;
		return map->memory[0];
	}
	if (!map->locked) {
		map->locked = !mprotect(map->memory, map->size, PROT_READ);
		return map->memory[0];
	}
	munmap(map->memory, map->size);
	map->memory = NULL;
	return map->size;
}

uint64_t run_mmap(unsigned rounds)
{
	static struct map maps[MAPS];
	uint64_t state = 16, sum = 0;

	while (rounds--)
		for (int n = 0; n < CHANGES; n++) {
			uint64_t pick = random_next(&state) >> 16;

			sum = mix(sum, change(&maps[pick % MAPS], pick));
		}
	return sum;
}
