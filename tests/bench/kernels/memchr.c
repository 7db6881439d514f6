/* SPDX-License-Identifier: MIT */
/* Finds the position of a byte. */
#include "kernel.h"

#define SIZE 8192

static u8 bytes[SIZE];
static u64 result;

void prepare_memchr(void)
{
	random_bytes(bytes, SIZE, 10);
	for (size_t n = 0; n < SIZE; n++)
		bytes[n] |= 1;
	bytes[SIZE - 1] = 42;
}

#if VECTOR
static NOINLINE size_t find(const u8 *in, u8 wanted, size_t size)
{
	for (size_t n = 0, vl; n < size; n += vl) {
		long found;

		vl = __riscv_vsetvl_e8m8(size - n);
		found = __riscv_vfirst(__riscv_vmseq(__riscv_vle8_v_u8m8(in + n, vl), wanted, vl),
				       vl);
		if (found >= 0)
			return n + (size_t)found;
	}
	return size;
}
#else
static NOINLINE size_t find(const u8 *in, u8 wanted, size_t size)
{
	for (size_t n = 0; n < size; n++)
		if (in[n] == wanted)
			return n;
	return size;
}
#endif

void round_memchr(void)
{
	result = find(bytes, 42, SIZE);
}

u64 sum_memchr(void)
{
	return result;
}
