/* SPDX-License-Identifier: MIT */
/* Caches that snoop each other. See coherence.h. */
#include "cpu/timing/units/coherence.h"

#include <assert.h>
#include <stdlib.h>

static struct timing_coherence *coherence_alloc(unsigned harts)
{
	struct timing_coherence *coherence =
		calloc(1, sizeof(*coherence) + harts * sizeof(coherence->cache[0]));

	if (coherence)
		coherence->size = harts;
	return coherence;
}

struct timing_coherence *coherence_create(unsigned harts)
{
	struct timing_coherence *coherence = coherence_alloc(harts);

	if (!coherence)
		return NULL;
	coherence->twin = coherence_alloc(harts);
	if (coherence->twin)
		return coherence;
	free(coherence);
	return NULL;
}

void coherence_free(struct timing_coherence *coherence)
{
	if (coherence)
		free(coherence->twin);
	free(coherence);
}

static void coherence_clear(struct timing_coherence *coherence)
{
	coherence->count = 0;
	coherence->shared = NULL;
}

void coherence_leave(struct timing_coherence *coherence)
{
	coherence_clear(coherence);
	coherence_clear(coherence->twin);
}

void coherence_join(struct timing_coherence *coherence, const struct coherence_cache *cache)
{
	assert(coherence->count < coherence->size);
	coherence->cache[coherence->count++] = *cache;
}

static enum coherence_found coherence_snoop(const struct timing_coherence *coherence,
					    const void *self, u64 pa, bool invalidate)
{
	enum coherence_found most = COHERENCE_NOTHING;

	for (unsigned n = 0; n < coherence->count; n++) {
		const struct coherence_cache *cache = &coherence->cache[n];

		enum coherence_found found;

		if (cache->ctx == self)
			continue;
		found = cache->snoop(cache->ctx, pa, invalidate);
		most = MAX(most, found);
	}
	return most;
}

enum coherence_found coherence_read(struct timing_coherence *coherence, const void *self, u64 pa)
{
	enum coherence_found found = coherence_snoop(coherence, self, pa, false);

	coherence->taken += found == COHERENCE_CHANGED;
	return found;
}

enum coherence_found coherence_write(struct timing_coherence *coherence, const void *self, u64 pa)
{
	enum coherence_found found = coherence_snoop(coherence, self, pa, true);

	coherence->taken += found != COHERENCE_NOTHING;
	return found;
}
