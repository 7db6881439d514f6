/* SPDX-License-Identifier: MIT */
/* Bit-manipulation operations that scalar and vector instructions share. */
#ifndef CPU_ISA_BITMANIP_H
#define CPU_ISA_BITMANIP_H

#include "bus/base.h"

/* Returns value with the bits of each byte in reverse order. */
static inline u64 reverse_bytes_bits(u64 value)
{
	value = (value & 0x5555555555555555ull) << 1 | (value >> 1 & 0x5555555555555555ull);
	value = (value & 0x3333333333333333ull) << 2 | (value >> 2 & 0x3333333333333333ull);
	return (value & 0x0f0f0f0f0f0f0f0full) << 4 | (value >> 4 & 0x0f0f0f0f0f0f0f0full);
}

static inline u64 rotate_right64(u64 value, u64 count)
{
	return value >> (count & 63) | value << (-count & 63);
}

static inline u32 rotate_right32(u32 value, u64 count)
{
	return value >> (count & 31) | value << (-count & 31);
}

static inline u32 rotate_left32(u32 value, u64 count)
{
	return rotate_right32(value, -count);
}

static inline u128 carryless_product(u64 a, u64 b)
{
	u128 product = 0;

	for (unsigned n = 0; n < 64; n++)
		if (b >> n & 1)
			product ^= (u128)a << n;
	return product;
}

#endif
