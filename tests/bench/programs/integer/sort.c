/* SPDX-License-Identifier: MIT */
/* Quicksort, with insertion sort for short parts: of numbers in random order, then reversed. */
#include "../program.h"

#define COUNT 65536
#define SHORT 12

static void insertion_sort(uint64_t *values, size_t count)
{
	for (size_t n = 1; n < count; n++) {
		uint64_t value = values[n];
		size_t at = n;

		for (; at && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
}

static void quicksort(uint64_t *values, size_t count)
{
	while (count > SHORT) {
		uint64_t pivot = values[count / 2];
		size_t low = 0, high = count - 1;

		for (;; low++, high--) {
			while (values[low] < pivot)
				low++;
			while (values[high] > pivot)
				high--;
			if (low >= high)
				break;
			uint64_t value = values[low];

			values[low] = values[high];
			values[high] = value;
		}
		quicksort(values, high + 1);
		values += high + 1;
		count -= high + 1;
	}
	insertion_sort(values, count);
}

uint64_t run_sort(unsigned rounds)
{
	static uint64_t values[COUNT];
	uint64_t state = 1, sum = 0;

	while (rounds--) {
		for (size_t n = 0; n < COUNT; n++)
			values[n] = random_next(&state);
		quicksort(values, COUNT);
		for (size_t n = 0; n < COUNT / 2; n++) {
			uint64_t value = values[n];

			values[n] = values[COUNT - 1 - n];
			values[COUNT - 1 - n] = value;
		}
		quicksort(values, COUNT);
		for (size_t n = 0; n < COUNT; n += 64)
			sum = mix(sum, values[n]);
	}
	return sum;
}
