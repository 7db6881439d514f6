/* SPDX-License-Identifier: MIT */
/*
 * The name somebody may have meant: for errors that suggest one. Knows no list of names itself.
 */
#ifndef BUS_NEAREST_H
#define BUS_NEAREST_H

/* Steps (insert, delete, replace, swap neighbours) from a to b, letters' case ignored. */
unsigned nearest_distance(const char *a, const char *b);

/* The one of `count` names nearest to text; name(ctx, i) gives the i-th. NULL when count is 0. */
const char *nearest_name(const char *text, const char *(*name)(const void *ctx, unsigned i),
			 const void *ctx, unsigned count);

#endif
