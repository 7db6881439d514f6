/* SPDX-License-Identifier: MIT */
/*
 * Edit distances between words, in which the exchange of two adjacent letters is one step (optimal
 * string alignment), by dynamic programming over three rows.
 */
#include "bus/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/* Returns whether a user who wrote `text` may have meant `name`, which is `distance` steps away. */
static bool is_meant(const char *text, const char *name, unsigned distance)
{
	size_t written = strlen(text), length = strlen(name), longer = MAX(written, length);

	if (written > 1 && written < length && !strncasecmp(text, name, written))
		return true;
	return written && longer <= WORD_MAX && distance <= (longer > 1 ? MAX(longer / 3, 1u) : 0);
}

const char *nearest_name(const char *text, const char *(*name)(const void *ctx, unsigned i),
			 const void *ctx, unsigned count)
{
	const char *best = NULL;
	unsigned best_distance = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned distance = nearest_distance(text, name(ctx, i));

		if (is_meant(text, name(ctx, i), distance) && (!best || distance < best_distance)) {
			best = name(ctx, i);
			best_distance = distance;
		}
	}
	return best;
}

struct nearest_hint nearest_hint(const char *before, const char *name, const char *after)
{
	struct nearest_hint hint = { "" };

	if (name)
		snprintf(hint.text, sizeof(hint.text), "%s%s%s", before, name, after);
	return hint;
}
