/* SPDX-License-Identifier: MIT */
/*
 * The base of every benchmark. A program defines bench_round, which does the same work and returns
 * the same sum each time it is called, and bench_expected, the right sum; main calls bench_round
 * ROUNDS times (defined by the build). The result is written to the sifive_test device.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

u64 bench_round(void);
extern const u64 bench_expected;

/*
 * Calls bench_round ROUNDS times. Returns 0, or 1 if a sum was wrong, after printing it on the
 * UART.
 */
int bench_run(void);

/* Ends the machine: code 0 is success, any other code is a failure. Does not return. */
void bench_end(int code);

/* Returns a sum into which a value is mixed such that the order of the values matters. */
static inline u64 mix(u64 sum, u64 value)
{
	sum = (sum ^ value) * 0x9e3779b97f4a7c15ull;
	return sum ^ sum >> 29;
}

/* Returns the next number of a reproducible sequence (xorshift64). */
static inline u64 next_random(u64 *state)
{
	u64 x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

#endif
