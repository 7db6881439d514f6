/* SPDX-License-Identifier: MIT */
/* The product of a sparse matrix, which is stored by rows with the numbers of their columns, and a
 * vector. */
#include "kernel.h"

#define ROWS 256
#define IN_ROW 32
#define COLUMNS 1024

static double values[ROWS * IN_ROW], in[COLUMNS], out[ROWS];
static u32 columns[ROWS * IN_ROW], begins[ROWS + 1];

void prepare_sparse(void)
{
	u64 state = 17;

	for (size_t n = 0; n < COLUMNS; n++)
		in[n] = random_next(&state) & 255;
	for (size_t n = 0; n < ROWS * IN_ROW; n++) {
		values[n] = random_next(&state) & 255;
		columns[n] = random_next(&state) % COLUMNS;
	}
	/* The lengths of rows vary from half of the mean to one and a half times the mean. */
	for (size_t n = 0; n < ROWS; n++)
		begins[n] = (u32)(n * IN_ROW) + (n ? random_next(&state) % (IN_ROW / 2) : 0);
	begins[ROWS] = ROWS * IN_ROW;
}

static NOINLINE double row(const double *value, const u32 *column, const double *by, size_t size)
{
	double sum = 0;

	for (size_t n = 0; n < size; n++)
		sum += value[n] * by[column[n]];
	return sum;
}

void round_sparse(void)
{
	for (size_t n = 0; n < ROWS; n++)
		out[n] =
			row(values + begins[n], columns + begins[n], in, begins[n + 1] - begins[n]);
}

u64 sum_sparse(void)
{
	return sum_bytes(out, sizeof(out));
}
