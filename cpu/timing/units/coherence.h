/* SPDX-License-Identifier: MIT */
/*
 * The caches of a machine's harts share this, to know which other one has a line. No directory
 * keeps that: a cache that is about to read or write a line which it does not own snoops every
 * other cache, so that the result is exact whatever the number of lines. Harts run in turn, and at
 * the end of a turn the hart's model has all its records: caches are snooped in that order.
 */
#ifndef CPU_TIMING_UNITS_COHERENCE_H
#define CPU_TIMING_UNITS_COHERENCE_H

#include "bus/base.h"

/* A snoop finds that others have nothing of a line, or what memory has, or something newer. */
enum coherence_found { COHERENCE_NOTHING, COHERENCE_CLEAN, COHERENCE_CHANGED };

/*
 * A cache that takes part. snoop() says what it had of the line around pa; the cache does not own
 * the line any more or, with `invalidate`, does not have it any more, and its changes are being
 * written back.
 */
struct coherence_cache {
	void *ctx;
	enum coherence_found (*snoop)(void *ctx, u64 pa, bool invalidate);
};

struct timing_coherence {
	unsigned count, size; /* caches that take part, and the most of them */
	u64 taken; /* transfers so far of a line that was changed, or that is to be written */
	struct timing_coherence *twin; /* that of the models that run beside these (check.h) */
	void *shared; /* the first model's, for all to use as their kind likes */
	struct coherence_cache cache[];
};

/* Make one for so many harts, which outlives the models. Return NULL where there is no memory. */
struct timing_coherence *coherence_create(unsigned harts);
void coherence_free(struct timing_coherence *coherence);

/* Forget all caches: their models are gone, and others may join. */
void coherence_leave(struct timing_coherence *coherence);

/* Returns for how many harts it was made; NULL is for one. */
static inline unsigned coherence_harts(const struct timing_coherence *coherence)
{
	return coherence ? coherence->size : 1;
}

void coherence_join(struct timing_coherence *coherence, const struct coherence_cache *cache);

/* The cache of `self` reads the line, or is about to write it: return the most that others had. */
enum coherence_found coherence_read(struct timing_coherence *coherence, const void *self, u64 pa);
enum coherence_found coherence_write(struct timing_coherence *coherence, const void *self, u64 pa);

#endif
