/* SPDX-License-Identifier: MIT */
/* The length of a string. */
#include "kernel.h"

#define SIZE 8192

static char text[SIZE];
static u64 result;

void prepare_strlen(void)
{
	u64 state = 9;

	for (size_t n = 0; n < SIZE - 1; n++)
		text[n] = (char)('a' + random_next(&state) % 26);
	text[SIZE - 1] = 0;
}

#if VECTOR
static NOINLINE size_t length(const char *string)
{
	const u8 *at = (const u8 *)string;
	size_t vl = __riscv_vsetvlmax_e8m8();
	long found;

	for (;; at += vl) {
		vuint8m8_t bytes = __riscv_vle8ff_v_u8m8(at, &vl, vl);

		found = __riscv_vfirst(__riscv_vmseq(bytes, 0, vl), vl);
		if (found >= 0)
			return (size_t)(at - (const u8 *)string) + (size_t)found;
	}
}
#else
static NOINLINE size_t length(const char *string)
{
	size_t n = 0;

	while (string[n])
		n++;
	return n;
}
#endif

void round_strlen(void)
{
	result = length(text);
}

u64 sum_strlen(void)
{
	return result;
}
