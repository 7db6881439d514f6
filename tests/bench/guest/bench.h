/* SPDX-License-Identifier: MIT */
/*
 * The base that every benchmark stands on. A program defines bench_round, which does the same work
 * and returns the same sum each time it is called, and says which sum is right; main calls it
 * ROUNDS times (given by the build). The end is written to the sifive_test device.
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

/* Call bench_round ROUNDS times: 0, or 1 after saying on the UART which sum came instead. */
int bench_run(void);

/* End the machine: 0 is success, all else the code of a failure. Never returns. */
void bench_end(int code);

/* Mixes a value into a sum so that order counts. */
static inline u64 mix(u64 sum, u64 value)
{
	sum = (sum ^ value) * 0x9e3779b97f4a7c15ull;
	return sum ^ sum >> 29;
}

/* A reproducible sequence (xorshift64). */
static inline u64 next_random(u64 *state)
{
	u64 x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

#endif
