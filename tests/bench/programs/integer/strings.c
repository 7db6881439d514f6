/* SPDX-License-Identifier: MIT */
/* Text: split into words, upper case, search, replacement, reversal. */
#include <ctype.h>
#include <string.h>
#include "../program.h"

#define SIZE (32 << 10)

static char text[SIZE], result[2 * SIZE];

static void make_text(uint64_t state)
{
	for (size_t n = 0; n < SIZE - 1; n++) {
		uint64_t pick = random_next(&state) >> 32;

		text[n] = pick % 6 ? (char)('a' + pick / 6 % 8) : ' ';
	}
	text[SIZE - 1] = 0;
}

static unsigned count(const char *in, const char *what)
{
	size_t length = strlen(what);
	unsigned found = 0;

	for (; *in; in++)
		found += !strncmp(in, what, length);
	return found;
}

/* Copies the text with one word replaced by another; returns the end. */
static char *replace(const char *in, char *out, const char *old, const char *new)
{
	size_t length = strlen(old);

	while (*in) {
		if (*in == *old && !strncmp(in, old, length)) {
			for (const char *from = new; *from; from++)
				*out++ = *from;
			in += length;
		} else {
			*out++ = *in++;
		}
	}
	*out = 0;
	return out;
}

static void reverse(char *first, char *end)
{
	while (first < --end) {
		char other = *first;

		*first++ = *end;
		*end = other;
	}
}

/* Reverses each word, and makes its first letter a capital. */
static uint64_t change_words(char *at, uint64_t sum)
{
	while (*at) {
		char *end;

		while (*at == ' ')
			at++;
		for (end = at; *end && *end != ' ';)
			end++;
		reverse(at, end);
		*at = (char)toupper((unsigned char)*at);
		sum = mix(sum, (uint64_t)(end - at));
		at = end;
	}
	return sum;
}

uint64_t run_strings(unsigned rounds)
{
	uint64_t sum = 0;

	for (unsigned n = 0; n < rounds; n++) {
		char *end;

		make_text(n + 1);
		end = replace(text, result, "ab", "hgfed");
		sum = mix(sum, count(result, "dab") + count(result, "gh h"));
		sum = change_words(result, sum);
		sum = mix_bytes(sum, result, (size_t)(end - result));
	}
	return sum;
}
