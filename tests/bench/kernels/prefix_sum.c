/* SPDX-License-Identifier: MIT */
/*
 * The sum of all elements up to each element. With vectors, this is computed by slides by half of
 * the elements, by a quarter, and so on to one, each applied to the result of the one before;
 * elements below the distance are zeros.
 */
#include "kernel.h"

#define SIZE 4096

static u32 in[SIZE], out[SIZE];

void prepare_prefix_sum(void)
{
	random_bytes((u8 *)in, sizeof(in), 16);
}

#if VECTOR
static NOINLINE void prefix_sum(u32 *restrict to, const u32 *restrict from, size_t size)
{
	const size_t half = __riscv_vsetvlmax_e32m2() / 2;
	u32 carry = 0;

	for (size_t vl; size; size -= vl, from += vl, to += vl) {
		vuint32m2_t sum, slid;

		vl = __riscv_vsetvl_e32m2(size);
		sum = __riscv_vle32_v_u32m2(from, vl);
		slid = __riscv_vmv_v_x_u32m2(0, vl);
		for (size_t by = half; by; by /= 2) {
			slid = __riscv_vslideup(slid, sum, by, vl);
			sum = __riscv_vadd(sum, slid, vl);
		}
		sum = __riscv_vadd(sum, carry, vl);
		__riscv_vse32(to, sum, vl);
		carry = to[vl - 1];
	}
}
#else
static NOINLINE void prefix_sum(u32 *restrict to, const u32 *restrict from, size_t size)
{
	u32 sum = 0;

	for (size_t n = 0; n < size; n++) {
		sum += from[n];
		to[n] = sum;
	}
}
#endif

void round_prefix_sum(void)
{
	prefix_sum(out, in, SIZE);
}

u64 sum_prefix_sum(void)
{
	return sum_bytes(out, sizeof(out));
}
