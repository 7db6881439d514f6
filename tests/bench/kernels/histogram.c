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

/* Adds up what the lanes have counted. */
static NOINLINE void add_lanes(u32 *to, size_t most)
{
	size_t vl;

	for (size_t n = 0; n < 256; n += vl) {
		vuint32m4_t all;

		vl = lane_count(256 - n);
		all = __riscv_vle32_v_u32m4(lanes + n, vl);
		for (size_t lane = 1; lane < most; lane++)
			all = __riscv_vadd(all, __riscv_vle32_v_u32m4(lanes + lane * 256 + n, vl),
					   vl);
		__riscv_vse32(to + n, all, vl);
	}
}

static NOINLINE void count_bytes(u32 *restrict to, const u8 *restrict from, size_t size)
{
	size_t vl, most = lane_count(LANES);
	vuint32m4_t first = __riscv_vsll(__riscv_vid_v_u32m4(most), 8, most);

	for (size_t n = 0; n < 256 * most; n++)
		lanes[n] = 0;
	for (size_t n = 0; n < size; n += vl) {
		vuint32m4_t value, place;

		vl = lane_count(size - n);
		value = __riscv_vzext_vf4(__riscv_vle8_v_u8m1(from + n, vl), vl);
		place = __riscv_vsll(__riscv_vadd(value, first, vl), 2, vl);
		value = __riscv_vadd(__riscv_vluxei32(lanes, place, vl), 1, vl);
		__riscv_vsuxei32(lanes, place, value, vl);
	}
	add_lanes(to, most);
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
