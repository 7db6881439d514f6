/* SPDX-License-Identifier: MIT */
/*
 * The choices of registers and instructions that the units of random programs share, and the units
 * of units_float.c.
 */
#ifndef TESTS_CYCLES_RANDOM_UNITS_H
#define TESTS_CYCLES_RANDOM_UNITS_H

#include "tests/cycles/random/program.h"

static inline u32 op(const struct program *program, unsigned row)
{
	return program->emit.match[row];
}

/* Returns a random register whose value does not matter. */
static inline unsigned any(struct program *program)
{
	static const u8 pool[] = { 6, 10, 11, 12, 13, 14, 15, 16, 17 };

	return pool[program_below(program, ARRAY_SIZE(pool))];
}

static inline u32 one_of(struct program *program, const u16 *rows, size_t count)
{
	return op(program, rows[program_below(program, count)]);
}

#define ONE_OF(program, ...)                                                                       \
	one_of(program, (const u16[]){ __VA_ARGS__ },                                              \
	       sizeof((const u16[]){ __VA_ARGS__ }) / sizeof(u16))

/*
 * Return a random register for a double, which is even, and for a float, which is odd: not all
 * models implement NaN boxing. f0 and f1 are never written, because models differ on whether
 * fcvt.s.d and fcvt.d.s wait for the register that their rs2 field would name.
 */
static inline unsigned d(struct program *program)
{
	return 2 + 2 * (unsigned)program_below(program, 15);
}

static inline unsigned s(struct program *program)
{
	return d(program) + 1;
}

void unit_floats(struct program *program);
void unit_float_converts(struct program *program);
void unit_float_resizes(struct program *program);
void unit_float_divides(struct program *program);
void unit_float_roots(struct program *program);

#endif
