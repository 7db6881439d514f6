/* SPDX-License-Identifier: MIT */
/* Bytes as base64: three become four characters (RFC 4648). */
#include "kernel.h"

#define GROUPS 1024

static u8 in[3 * GROUPS], out[4 * GROUPS];

void prepare_base64(void)
{
	random_bytes(in, sizeof(in), 11);
}

/* Returns the character for six bits. */
static inline u8 character(u8 six)
{
	u8 offset = six < 26 ? 'A' : six < 52 ? 'a' - 26 : six < 62 ? (u8)('0' - 52) : 0;

	offset = six == 62 ? '+' - 62 : offset;
	offset = six == 63 ? (u8)('/' - 63) : offset;
	return six + offset;
}

static NOINLINE void encode(u8 *restrict to, const u8 *restrict from, size_t groups)
{
	for (size_t n = 0; n < groups; n++) {
		u8 a = from[3 * n], b = from[3 * n + 1], c = from[3 * n + 2];

		to[4 * n] = character(a >> 2);
		to[4 * n + 1] = character((u8)(a << 4 | b >> 4) & 63);
		to[4 * n + 2] = character((u8)(b << 2 | c >> 6) & 63);
		to[4 * n + 3] = character(c & 63);
	}
}

void round_base64(void)
{
	encode(out, in, GROUPS);
}

u64 sum_base64(void)
{
	return sum_bytes(out, sizeof(out));
}
