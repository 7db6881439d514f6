/* SPDX-License-Identifier: MIT */
/*
 * The parts that kernels have in common. A kernel is compiled as C for the host and for rv64gc, and
 * with V once more: by the compiler alone, or, where the point of V is in instructions that no
 * compiler chooses, by the intrinsics in its VECTOR part. All results are the same bit for bit:
 * numbers are such that no sum is rounded, in whatever order it is made.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __riscv_vector
#define VECTOR 1
#include <riscv_vector.h>
#else
#define VECTOR 0
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef __uint128_t u128;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;

#define NOINLINE __attribute__((noinline))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/*
 * prepare_NAME makes the operands, round_NAME does the work, the same each time, and sum_NAME
 * returns a checksum of what the last round made.
 */
#define KERNEL(name, class, items)                                                                 \
	void prepare_##name(void);                                                                 \
	void round_##name(void);                                                                   \
	u64 sum_##name(void);
#include "kernels.def"
#undef KERNEL

/* The functions that differ between a machine without an operating system and the host. */
int read_char(void); /* negative at the end of the input */
void write_char(char c);

/* The next of a fixed sequence of numbers; its state is not 0. */
static inline u32 random_next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (u32)(*state >> 16);
}

/* Fills an array with bytes of the sequence that begins at `seed`. */
void random_bytes(u8 *to, size_t size, u64 seed);

/* A checksum of bytes. */
u64 sum_bytes(const void *data, size_t size);

#endif
