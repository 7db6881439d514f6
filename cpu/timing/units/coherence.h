/* SPDX-License-Identifier: MIT */
/*
 * What the models of a machine's harts share: which other cache has a line. Nobody keeps a list
 * of that: who is about to read or write a line that it has not to itself asks every other cache,
 * so that the answer is exact whatever the number of lines. Harts run in turn, and a turn ends with
 * its model told all of it: what one does to the caches of others comes in that order.
 */
#ifndef CPU_TIMING_UNITS_COHERENCE_H
#define CPU_TIMING_UNITS_COHERENCE_H

#include "bus/base.h"

/* What others had of a line: nothing, what memory has, or something newer. */
enum coherence_found { COHERENCE_NOTHING, COHERENCE_CLEAN, COHERENCE_CHANGED };

/*
 * A cache that takes part: it has the line around pa no longer to itself, or, `invalidate`, no
 * longer at all; its changes are on their way. What it had.
 */
struct coherence_cache {
	void *ctx;
	enum coherence_found (*snoop)(void *ctx, u64 pa, bool invalidate);
};

struct timing_coherence {
	unsigned count, size; /* caches that take part, and room for them */
	u64 taken; /* lines so far that one took from another: changed, or to write them */
	struct timing_coherence *twin; /* of models that run beside these (check.h) */
	void *shared; /* what the first model has for all, as it likes */
	struct coherence_cache cache[];
};

/* For so many harts. NULL: no memory. It outlives the models. */
struct timing_coherence *coherence_create(unsigned harts);
void coherence_free(struct timing_coherence *coherence);

/* All models are gone; others may come. */
void coherence_leave(struct timing_coherence *coherence);

/* For how many harts it was made; NULL is for one. */
static inline unsigned coherence_harts(const struct timing_coherence *coherence)
{
	return coherence ? coherence->size : 1;
}

void coherence_join(struct timing_coherence *coherence, const struct coherence_cache *cache);

/* The cache of `self` reads the line, or is about to write it: the most that others had. */
enum coherence_found coherence_read(struct timing_coherence *coherence, const void *self, u64 pa);
enum coherence_found coherence_write(struct timing_coherence *coherence, const void *self, u64 pa);

#endif
