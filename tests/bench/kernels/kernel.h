/* SPDX-License-Identifier: MIT */
/*
 * Declarations that the kernels share. A kernel is compiled as C for the host and for rv64gc, and
 * once more with V: either by the compiler alone, or, where V has instructions for it that no
 * compiler chooses, with the intrinsics in its VECTOR part. All results are the same bit for bit:
 * the numbers are chosen such that no sum is rounded, whatever the order of the additions.
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
 * prepare_NAME makes the operands; round_NAME does the work, which is the same each time; sum_NAME
 * returns a checksum of the last round's results.
 */
#define KERNEL(name, class, items)                                                                 \
	void prepare_##name(void);                                                                 \
	void round_##name(void);                                                                   \
	u64 sum_##name(void);
#include "kernels.def"
#undef KERNEL

/* The functions that differ between a machine without an operating system and the host. */
int read_char(void); /* returns a negative number at the end of the input */
void write_char(char c);

/* Returns the next number of a fixed sequence (xorshift64), whose state is not 0. */
static inline u32 random_next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (u32)(*state >> 16);
}

/* Fills an array with bytes of the sequence that begins at `seed`. */
void random_bytes(u8 *to, size_t size, u64 seed);

/* Returns a checksum of bytes. */
u64 sum_bytes(const void *data, size_t size);

#endif
