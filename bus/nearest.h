/* SPDX-License-Identifier: MIT */
/*
 * Finds the name that a user may have meant, for error messages that suggest one. The callers give
 * the list of names.
 */
#ifndef BUS_NEAREST_H
#define BUS_NEAREST_H

/*
 * Returns the number of steps (insert, delete, replace, swap neighbours) from a to b; the case of
 * letters is ignored.
 */
unsigned nearest_distance(const char *a, const char *b);

/*
 * Returns the one of `count` names that is nearest to text; name(ctx, i) gives the i-th. NULL when
 * none is so near that it may be meant: a third of the letters may be wrong, or missing at the end.
 */
const char *nearest_name(const char *text, const char *(*name)(const void *ctx, unsigned i),
			 const void *ctx, unsigned count);

/* The part of a message that proposes a name. */
struct nearest_hint {
	char text[96];
};

/* Returns before, name and after as one text; an empty one if name is NULL. */
struct nearest_hint nearest_hint(const char *before, const char *name, const char *after);

#endif
