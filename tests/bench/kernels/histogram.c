/* SPDX-License-Identifier: MIT */
/* How often each byte occurs. With vectors, each lane has counters of its own. */
#include "kernel.h"

#define SIZE 8192
#define LANES 64 /* at most */

static u8 in[SIZE];
static u32 counts[256];

void prepare_histogram(void)
{
	random_bytes(in, SIZE, 15);
}

#if VECTOR
static u32 lanes[256 * LANES];

static size_t lane_count(size_t left)
{
	return __riscv_vsetvl_e32m4(left < LANES ? left : LANES);
}

static NOINLINE void count_bytes(u32 *restrict to, const u8 *restrict from, size_t size)
{
	size_t vl, most = lane_count(LANES);

	for (size_t n = 0; n < 256 * most; n++)
		lanes[n] = 0;
	for (size_t n = 0; n < size; n += vl) {
		vuint32m4_t value, place;

		vl = lane_count(size - n);
		value = __riscv_vzext_vf4(__riscv_vle8_v_u8m1(from + n, vl), vl);
		place = __riscv_vmul(value, (u32)most, vl);
		place = __riscv_vadd(place, __riscv_vid_v_u32m4(vl), vl);
		place = __riscv_vsll(place, 2, vl);
		value = __riscv_vadd(__riscv_vluxei32(lanes, place, vl), 1, vl);
		__riscv_vsuxei32(lanes, place, value, vl);
	}
	for (size_t n = 0; n < 256; n++) {
		vuint32m4_t all = __riscv_vle32_v_u32m4(lanes + n * most, most);
		vuint32m1_t zero = __riscv_vmv_s_x_u32m1(0, 1);

		to[n] = __riscv_vmv_x(__riscv_vredsum(all, zero, most));
	}
}
#else
static NOINLINE void count_bytes(u32 *restrict to, const u8 *restrict from, size_t size)
{
	for (size_t n = 0; n < 256; n++)
		to[n] = 0;
	for (size_t n = 0; n < size; n++)
		to[from[n]]++;
}
#endif

void round_histogram(void)
{
	count_bytes(counts, in, SIZE);
}

u64 sum_histogram(void)
{
	return sum_bytes(counts, sizeof(counts));
}
