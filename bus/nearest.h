/* SPDX-License-Identifier: MIT */
/* Finds the name that a user may have meant, for error messages that suggest one. */
#ifndef BUS_NEAREST_H
#define BUS_NEAREST_H

/*
 * Returns the edit distance of a and b, that is, the least number of insertions, deletions,
 * replacements and swaps of neighbours; the case of letters is ignored.
 */
unsigned nearest_distance(const char *a, const char *b);

/*
 * Returns the name that is nearest to `text` among `count` names; name(ctx, i) returns the i-th.
 * Returns NULL if none is near enough: a third of the letters may be wrong, or missing at the end.
 */
const char *nearest_name(const char *text, const char *(*name)(const void *ctx, unsigned i),
			 const void *ctx, unsigned count);

/* The part of a message that proposes a name. */
struct nearest_hint {
	char text[96];
};

/* Returns `before`, `name` and `after` joined; an empty text if name is NULL. */
struct nearest_hint nearest_hint(const char *before, const char *name, const char *after);

#endif
