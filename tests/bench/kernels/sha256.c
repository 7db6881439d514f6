/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4) of whole blocks; with vectors by Zvknha and Zvkb. */
#include "kernel.h"

#define BLOCK 64
#define SIZE 4096

static u8 in[SIZE] __attribute__((aligned(8)));
static u32 constants[64], initial[8], state[8];

/* Returns the first 32 bits of the fractional part of a number's root, square or cube. */
static u32 root_fraction(unsigned number, unsigned power)
{
	u64 root = 0;

	for (unsigned bit = 36; bit-- > 0;) {
		u128 try = root | 1ull << bit, value = try;

		for (unsigned n = 1; n < power; n++)
			value *= try;
		if (value <= (u128)number << 32 * power)
			root = (u64)try;
	}
	return (u32)root;
}

void prepare_sha256(void)
{
	unsigned found = 0;

	for (unsigned number = 2; found < ARRAY_SIZE(constants); number++) {
		unsigned divisor = 2;

		while (number % divisor)
			divisor++;
		if (divisor < number)
			continue;
		if (found < ARRAY_SIZE(initial))
			initial[found] = root_fraction(number, 2);
		constants[found++] = root_fraction(number, 3);
	}
	random_bytes(in, SIZE, 18);
}

#if VECTOR
/* Makes four rounds with the words of the schedule at `at`. This is in assembly, because clang 19
 * makes vsha2ch of the intrinsic for vsha2cl. */
#define FOUR_ROUNDS(words, at)                                                                     \
	{                                                                                          \
		vuint32m1_t sum_ = __riscv_vadd(words, __riscv_vle32_v_u32m1(constants + (at), 4), \
						4);                                                \
                                                                                                   \
		__asm__("vsetivli zero, 4, e32, m1, ta, ma\n\t"                                    \
			"vsha2cl.vv %0, %1, %2\n\t"                                                \
			"vsha2ch.vv %1, %0, %2"                                                    \
			: "+&vr"(cdgh), "+&vr"(abef)                                               \
			: "vr"(sum_)                                                               \
			: "vl", "vtype");                                                          \
	}
/* Replaces the first of four vectors by the words of the schedule that are sixteen positions
 * later. */
#define SCHEDULE(first, second, third, fourth)                                                     \
	(first = __riscv_vsha2ms(first, __riscv_vmerge(third, second, lowest, 4), fourth, 4))

static NOINLINE void hash(u32 *to, const u8 *from, size_t blocks)
{
	const u32 abef_in[] = { to[5], to[4], to[1], to[0] };
	const u32 cdgh_in[] = { to[7], to[6], to[3], to[2] };
	vuint32m1_t abef = __riscv_vle32_v_u32m1(abef_in, 4);
	vuint32m1_t cdgh = __riscv_vle32_v_u32m1(cdgh_in, 4);
	const vbool32_t lowest = __riscv_vmseq(__riscv_vid_v_u32m1(4), 0, 4);
	u32 out[8];

	for (const u32 *words = (const u32 *)from; blocks--; words += 16) {
		vuint32m1_t w0 = __riscv_vrev8(__riscv_vle32_v_u32m1(words, 4), 4);
		vuint32m1_t w1 = __riscv_vrev8(__riscv_vle32_v_u32m1(words + 4, 4), 4);
		vuint32m1_t w2 = __riscv_vrev8(__riscv_vle32_v_u32m1(words + 8, 4), 4);
		vuint32m1_t w3 = __riscv_vrev8(__riscv_vle32_v_u32m1(words + 12, 4), 4);
		const vuint32m1_t abef_before = abef, cdgh_before = cdgh;

		for (unsigned n = 0; n < 64; n += 16) {
			FOUR_ROUNDS(w0, n)
			FOUR_ROUNDS(w1, n + 4)
			FOUR_ROUNDS(w2, n + 8)
			FOUR_ROUNDS(w3, n + 12)
			SCHEDULE(w0, w1, w2, w3);
			SCHEDULE(w1, w2, w3, w0);
			SCHEDULE(w2, w3, w0, w1);
			SCHEDULE(w3, w0, w1, w2);
		}
		abef = __riscv_vadd(abef, abef_before, 4);
		cdgh = __riscv_vadd(cdgh, cdgh_before, 4);
	}
	__riscv_vse32(out, abef, 4);
	__riscv_vse32(out + 4, cdgh, 4);
	to[0] = out[3], to[1] = out[2], to[2] = out[7], to[3] = out[6];
	to[4] = out[1], to[5] = out[0], to[6] = out[5], to[7] = out[4];
}
#else
static inline u32 rotate(u32 value, unsigned by)
{
	return value >> by | value << (32 - by);
}

static void hash_block(u32 *to, const u8 *from)
{
	u32 words[64], s[8];

	for (unsigned n = 0; n < 16; n++, from += 4)
		words[n] = (u32)from[0] << 24 | (u32)from[1] << 16 | (u32)from[2] << 8 | from[3];
	for (unsigned n = 16; n < 64; n++) {
		u32 a = words[n - 15], b = words[n - 2];

		words[n] = words[n - 16] + words[n - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
			   (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
	for (unsigned n = 0; n < 8; n++)
		s[n] = to[n];
	for (unsigned n = 0; n < 64; n++) {
		u32 a = s[0], e = s[4];
		u32 one = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
			  ((e & s[5]) ^ (~e & s[6])) + constants[n] + words[n];
		u32 two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
			  ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		s[7] = s[6], s[6] = s[5], s[5] = e, s[4] = s[3] + one;
		s[3] = s[2], s[2] = s[1], s[1] = a, s[0] = one + two;
	}
	for (unsigned n = 0; n < 8; n++)
		to[n] += s[n];
}

static NOINLINE void hash(u32 *to, const u8 *from, size_t blocks)
{
	for (; blocks--; from += BLOCK)
		hash_block(to, from);
}
#endif

void round_sha256(void)
{
	for (unsigned n = 0; n < 8; n++)
		state[n] = initial[n];
	hash(state, in, SIZE / BLOCK);
}

u64 sum_sha256(void)
{
	return sum_bytes(state, sizeof(state));
}
