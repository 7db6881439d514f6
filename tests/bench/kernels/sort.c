/* SPDX-License-Identifier: MIT */
/* Sorts columns of sixteen bytes, by the network of Batcher's odd-even merge sort. */
#include "kernel.h"

#define ROWS 16u
#define COLUMNS 512

static u8 in[ROWS][COLUMNS], out[ROWS][COLUMNS];

void prepare_sort(void)
{
	random_bytes(in[0], sizeof(in), 13);
}

static NOINLINE void exchange(u8 *restrict one, u8 *restrict other, size_t size)
{
	for (size_t n = 0; n < size; n++) {
		u8 a = one[n], b = other[n];

		one[n] = a < b ? a : b;
		other[n] = a < b ? b : a;
	}
}

void round_sort(void)
{
	for (size_t row = 0; row < ROWS; row++)
		for (size_t n = 0; n < COLUMNS; n++)
			out[row][n] = in[row][n];
	for (unsigned p = 1; p < ROWS; p *= 2)
		for (unsigned k = p; k; k /= 2)
			for (unsigned j = k % p; j + k < ROWS; j += 2 * k)
				for (unsigned n = j; n < j + k && n + k < ROWS; n++)
					if (n / (2 * p) == (n + k) / (2 * p))
						exchange(out[n], out[n + k], COLUMNS);
}

u64 sum_sort(void)
{
	return sum_bytes(out, sizeof(out));
}
