/* SPDX-License-Identifier: MIT */
/*
 * Keeps the caches of a machine's harts coherent. The harts share it. There is no directory: a
 * cache that is about to read or write a line that it does not own snoops every other cache, so the
 * result is exact for any number of lines. Harts take turns, and at the end of a turn the hart's
 * model has consumed all its records; caches are snooped in that order.
 */
#ifndef CPU_TIMING_UNITS_COHERENCE_H
#define CPU_TIMING_UNITS_COHERENCE_H

#include "bus/base.h"

/* The answer to a snoop: other caches have nothing of a line, the same as memory, or newer data. */
enum coherence_found { COHERENCE_NOTHING, COHERENCE_CLEAN, COHERENCE_CHANGED };

/*
 * A cache that takes part. snoop() returns the state of the line around pa in it. Afterwards the
 * cache does not own the line any more; with `invalidate` it does not contain it either. Its
 * changes are written back.
 */
struct coherence_cache {
	void *ctx;
	enum coherence_found (*snoop)(void *ctx, u64 pa, bool invalidate);
};

struct timing_coherence {
	unsigned count, size; /* the caches that take part, and the most that can */
	u64 taken; /* transfers so far of a changed line, or of one that is to be written */
	struct timing_coherence *twin; /* for the models that check these (check.h) */
	void *shared; /* belongs to the first model; how it is used depends on the kind */
	struct coherence_cache cache[];
};

/*
 * Makes this struct for `harts` harts. It must outlive the models. Returns NULL when out of memory.
 */
struct timing_coherence *coherence_create(unsigned harts);
void coherence_free(struct timing_coherence *coherence);

/* Forgets all caches: their models are gone, and others may join. */
void coherence_leave(struct timing_coherence *coherence);

/* Returns the number of harts for which it was made; 1 for NULL. */
static inline unsigned coherence_harts(const struct timing_coherence *coherence)
{
	return coherence ? coherence->size : 1;
}

void coherence_join(struct timing_coherence *coherence, const struct coherence_cache *cache);

/*
 * Called when the cache whose ctx is `self` is about to read the line, or to write it. They return
 * the highest answer of the others.
 */
enum coherence_found coherence_read(struct timing_coherence *coherence, const void *self, u64 pa);
enum coherence_found coherence_write(struct timing_coherence *coherence, const void *self, u64 pa);

#endif
