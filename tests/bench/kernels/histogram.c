/* SPDX-License-Identifier: MIT */
/* Counts how often each byte occurs. With vectors, each lane has its own counters. */
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
#define BLOCK 65535 /* the most that a lane can count */

static u16 lanes[256 * LANES];

static size_t lane_count(size_t left)
{
	return __riscv_vsetvl_e16m2(left < LANES ? left : LANES);
}

/* Adds the counters of the lanes. */
static NOINLINE void add_lanes(u32 *to, size_t most)
{
	size_t vl;

	for (size_t n = 0; n < 256; n += vl) {
		vuint32m4_t all;

		vl = lane_count(256 - n);
		all = __riscv_vle32_v_u32m4(to + n, vl);
		for (const u16 *lane = lanes + n; lane < lanes + 256 * most; lane += 256)
			all = __riscv_vwaddu_wv(all, __riscv_vle16_v_u16m2(lane, vl), vl);
		__riscv_vse32(to + n, all, vl);
	}
}

static NOINLINE void count_block(const u8 *restrict from, size_t size, size_t most)
{
	vuint16m2_t first = __riscv_vsll(__riscv_vid_v_u16m2(most), 8, most);
	size_t vl;

	for (size_t n = 0; n < 256 * most; n++)
		lanes[n] = 0;
	for (size_t n = 0; n < size; n += vl) {
		vuint16m2_t value, place;

		vl = lane_count(size - n);
		value = __riscv_vzext_vf2(__riscv_vle8_v_u8m1(from + n, vl), vl);
		place = __riscv_vsll(__riscv_vadd(value, first, vl), 1, vl);
		value = __riscv_vadd(__riscv_vluxei16(lanes, place, vl), 1, vl);
		__riscv_vsuxei16(lanes, place, value, vl);
	}
}

static NOINLINE void count_bytes(u32 *restrict to, const u8 *restrict from, size_t size)
{
	size_t most = lane_count(LANES);

	for (size_t n = 0; n < 256; n++)
		to[n] = 0;
	for (size_t n = 0; n < size; n += BLOCK) {
		count_block(from + n, size - n < BLOCK ? size - n : BLOCK, most);
		add_lanes(to, most);
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
