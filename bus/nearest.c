/* SPDX-License-Identifier: MIT */
/*
 * Distances between words, by dynamic programming over three rows.
 */
#include "bus/nearest.h"

#include <ctype.h>
#include <string.h>

#include "bus/base.h"

#define WORD_MAX 48 /* longer words are compared by their beginning */

unsigned nearest_distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	size_t la = MIN(strlen(a), (size_t)WORD_MAX), lb = MIN(strlen(b), (size_t)WORD_MAX);

	for (unsigned j = 0; j <= lb; j++)
		last[j] = j;
	for (unsigned i = 1; i <= la; i++) {
		unsigned *oldest = before;

		row[0] = i;
		for (unsigned j = 1; j <= lb; j++) {
			int ca = tolower((unsigned char)a[i - 1]);
			int cb = tolower((unsigned char)b[j - 1]);

			row[j] = MIN(last[j] + 1, row[j - 1] + 1);
			row[j] = MIN(row[j], last[j - 1] + (ca != cb));
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]))
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = oldest;
	}
	return last[lb];
}

const char *nearest_name(const char *text, const char *(*name)(const void *ctx, unsigned i),
			 const void *ctx, unsigned count)
{
	const char *best = NULL;
	unsigned best_distance = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned distance = nearest_distance(text, name(ctx, i));

		if (!best || distance < best_distance) {
			best = name(ctx, i);
			best_distance = distance;
		}
	}
	return best;
}
