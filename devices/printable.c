/* SPDX-License-Identifier: MIT */
/* See printable.h. UTF-8 is that of RFC 3629, section 4. */
#include "devices/printable.h"

#include <stdio.h>
#include <string.h>

#include "bus/base.h"

#define ESCAPED 4 /* characters: \x1b */

/* The first bytes of characters of several bytes, and the range of the second byte behind them. */
static const struct {
	u8 first, last, from, to;
	unsigned size;
} sequences[] = {
	{ 0xc2, 0xc2, 0xa0, 0xbf, 2 }, /* without the control characters U+0080 to U+009F */
	{ 0xc3, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Returns how many bytes the character at the beginning has, or 0 if it must be escaped. */
static unsigned character(const u8 *text)
{
	unsigned n = 0, size;

	if (*text < 0x80)
		return *text >= ' ' && *text != 0x7f;
	while (n < ARRAY_SIZE(sequences) && *text > sequences[n].last)
		n++;
	if (n == ARRAY_SIZE(sequences) || *text < sequences[n].first ||
	    text[1] < sequences[n].from || text[1] > sequences[n].to)
		return 0;
	for (size = 2; size < sequences[n].size; size++)
		if ((text[size] & 0xc0) != 0x80)
			return 0;
	return size;
}

size_t printable_copy(char *to, size_t size, const char *from)
{
	size_t length = 0, used = 0; /* of the whole copy, and of the part that fits */

	while (*from) {
		unsigned taken = character((const u8 *)from);
		size_t add = taken ? taken : ESCAPED;
		char escaped[ESCAPED + 1];

		if (!taken)
			snprintf(escaped, sizeof(escaped), "\\x%02x", (u8)*from);
		if (length == used && used + add < size) {
			memcpy(to + used, taken ? from : escaped, add);
			used += add;
		}
		length += add;
		from += taken ? taken : 1;
	}
	if (size)
		to[used] = 0;
	return length;
}
