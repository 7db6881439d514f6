/* SPDX-License-Identifier: MIT */
/*
 * Runs each loop of loops.def without vectors and with them, on the same numbers, for lengths
 * below, at and above that of a vector, and compares everything that they may write.
 */
#include "guest.h"
#include "loops.h"

#define ELEMENTS 272
#define INDICES 64
#define MSTATUS_FS_VS (3ul << 13 | 3ul << 9)

static u64 a[ELEMENTS], b[ELEMENTS], before[ELEMENTS], scalar[ELEMENTS], vector[ELEMENTS];
static u32 indices[ELEMENTS];

static const u64 floats[] = {
	0, 1ul << 63, 0x3ff0000000000000, 0xbff0000000000000, 0x4008000000000000,
	0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x0010000000000000,
	0x0000000000000001, 0x7fefffffffffffff, 0x40c3880000000000,
};

/* Returns a double, which usually has few digits, so that sums and comparisons have all
 * outcomes. */
static u64 random_float(u64 *seed)
{
	u64 random = random_next(seed);

	if (random % 32 == 0)
		return floats[random / 32 % COUNT(floats)];
	return (random & 1) << 63 | (1020 + random / 2 % 8) << 52 | (random >> 60) << 48;
}

/* Returns a double as a float: its exponent is nearer to 0, and special values stay special. */
static u32 narrowed(u64 value)
{
	u64 exponent = value >> 52 & 2047, sign = value >> 63 << 31;

	if (exponent == 2047)
		return (u32)(sign | 0x7f800000 | (value >> 29 & 0x7fffff));
	if (exponent < 897 || exponent > 1150)
		return (u32)(sign | (exponent > 1150 ? 0x7f7fffff : value & 1));
	return (u32)(sign | (exponent - 896) << 23 | (value >> 29 & 0x7fffff));
}

/* Returns four numbers of half precision; special values are special there, too. */
static u64 four_halves(u64 *seed)
{
	u64 halves = 0;

	for (unsigned n = 0; n < 4; n++) {
		u64 value = random_float(seed), exponent = value >> 52 & 2047;
		u64 five = exponent == 2047                   ? 31 :
			   exponent < 1010 || exponent > 1036 ? 0 :
								exponent - 1008;

		halves = halves << 16 | value >> 63 << 15 | five << 10 | (value >> 42 & 0x3ff);
	}
	return halves;
}

static void fill(u64 *words, const struct loop *loop, u64 *seed)
{
	for (unsigned n = 0; n < ELEMENTS; n++) {
		u64 random = random_next(seed);

		words[n] = random % 4 ? random : random % 8 ? random & 0x7f0000ff00ff80ul : ~0ul;
		if (loop->is_float)
			words[n] = random_float(seed);
		if (loop->is_float && loop->size == 4)
			words[n] = (u64)narrowed(words[n]) << 32 | narrowed(random_float(seed));
		if (loop->is_float && loop->size == 2)
			words[n] = four_halves(seed);
	}
}

/* Makes elements of b equal to those of a, or a little larger. */
static void approach(void)
{
	for (unsigned n = 0; n < ELEMENTS; n += 4)
		b[n] = a[n] + (n % 8 ? 0 : 0x0101010101010101);
}

static bool agree(const struct loop *without, const struct loop *with, s64 n)
{
	bool same = true;

	for (unsigned word = 0; word < ELEMENTS; word++)
		scalar[word] = vector[word] = before[word];
	without->run(scalar, a, b, indices, n);
	with->run(vector, a, b, indices, n);
	for (unsigned word = 0; word < ELEMENTS; word++)
		same &= scalar[word] == vector[word];
	return same;
}

void main(void)
{
	static const s64 lengths[] = { 0, 1, 2, 3, 7, 8, 17, 33, 64, 100, 131 };
	u64 seed = 1;

	csr_set(mstatus, MSTATUS_FS_VS);
	for (unsigned n = 0; n < ELEMENTS; n++)
		indices[n] = (u32)(random_next(&seed) % INDICES);
	for (unsigned n = 0; scalar_loops[n].run; n++) {
		bool good = true;

		fill(a, &scalar_loops[n], &seed);
		fill(b, &scalar_loops[n], &seed);
		approach();
		fill(before, &scalar_loops[n], &seed);
		for (unsigned length = 0; length < COUNT(lengths); length++)
			good &= agree(&scalar_loops[n], &vector_loops[n], lengths[length]);
		report(good, scalar_loops[n].name);
	}
}
