/* SPDX-License-Identifier: MIT */
/* A copy in the first-level cache. */
#include "kernel.h"

#define SIZE 12288

typedef u64 __attribute__((may_alias)) word;

static u8 from[SIZE] __attribute__((aligned(8))), to[SIZE] __attribute__((aligned(8)));

void prepare_memcpy(void)
{
	random_bytes(from, sizeof(from), 8);
}

#if VECTOR
static NOINLINE void copy(u8 *restrict out, const u8 *restrict in, size_t size)
{
	for (size_t vl; size; size -= vl, in += vl, out += vl) {
		vl = __riscv_vsetvl_e8m8(size);
		__riscv_vse8(out, __riscv_vle8_v_u8m8(in, vl), vl);
	}
}
#else
static NOINLINE void copy(u8 *restrict out, const u8 *restrict in, size_t size)
{
	for (size_t n = 0; n < size; n += sizeof(word))
		*(word *)(out + n) = *(const word *)(in + n);
}
#endif

void round_memcpy(void)
{
	copy(to, from, SIZE);
}

u64 sum_memcpy(void)
{
	return sum_bytes(to, sizeof(to));
}
