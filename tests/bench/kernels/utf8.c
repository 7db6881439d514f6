/* SPDX-License-Identifier: MIT */
/* Checks whether bytes are UTF-8. Each byte is checked with the three bytes before it. */
#include "kernel.h"

#define SIZE 8192
#define BEFORE 3 /* bytes of 0 before and after the text */

static u8 text[BEFORE + SIZE + BEFORE];
static u8 result[2];

void prepare_utf8(void)
{
	static const u8 samples[4][4] = {
		{ 'a', 'b', 'c', 'd' }, { 0xc3, 0xa4, 0xc3, 0xb6 }, { 0xe2, 0x82, 0xac, 'e' },
		{ 0xf0, 0x9f, 0x90, 0xa6 },
	};
	u64 state = 12;

	for (size_t n = 0; n < SIZE; n += 4)
		for (size_t k = 0, which = random_next(&state) % 4; k < 4; k++)
			text[BEFORE + n + k] = samples[which][k];
}

/* Returns 0 if the bytes of `in` are UTF-8. The three bytes before them can be read, and are not
 * text. */
static NOINLINE u8 check(const u8 *in, size_t size)
{
	u8 wrong = 0;

	for (size_t n = 0; n < size; n++) {
		u8 byte = in[n], last = in[n - 1];
		u8 follows = (byte & 0xc0) == 0x80;
		u8 must = (last >= 0xc0) | (in[n - 2] >= 0xe0) | (in[n - 3] >= 0xf0);

		wrong |= follows ^ must;
		wrong |= (byte == 0xc0) | (byte == 0xc1) | (byte > 0xf4);
		wrong |= (last == 0xe0) & (byte < 0xa0);
		wrong |= (last == 0xed) & (byte >= 0xa0);
		wrong |= (last == 0xf0) & (byte < 0x90);
		wrong |= (last == 0xf4) & (byte >= 0x90);
	}
	return wrong;
}

void round_utf8(void)
{
	u8 *last = text + BEFORE + SIZE - 1, kept = *last;

	result[0] = check(text + BEFORE, SIZE + BEFORE);
	*last = 0xe2;
	result[1] = check(last, 1 + BEFORE);
	*last = kept;
}

u64 sum_utf8(void)
{
	return sum_bytes(result, sizeof(result));
}
