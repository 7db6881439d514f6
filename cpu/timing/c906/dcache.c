/* SPDX-License-Identifier: MIT */
/* The tags of C906's data cache. See lsu.h. */
#include "cpu/timing/c906/lsu.h"

unsigned c906_dcache_set(const struct c906_env *env, u64 va)
{
	return (unsigned)(va / C906_LINE) & (unsigned)(env->params.dcache_sets - 1);
}

int c906_dcache_find(const struct c906_dcache *dcache, unsigned set, u64 pa)
{
	for (unsigned way = 0; way < C906_DCACHE_WAYS; way++) {
		const struct c906_dcache_line *line = &dcache->line[set][way];

		if (line->valid && line->frame == align_down(pa, PAGE_SIZE))
			return (int)way;
	}
	return -1;
}

bool c906_dcache_alias(const struct c906_dcache *dcache, const struct c906_env *env, u64 va,
		       u64 pa)
{
	unsigned set = c906_dcache_set(env, va);
	unsigned other = set ^ (unsigned)(env->params.dcache_sets / 2);

	return env->params.dcache_sets * C906_LINE > PAGE_SIZE &&
	       c906_dcache_find(dcache, other, pa) >= 0;
}

unsigned c906_lsu_clean(struct c906_lsu *lsu)
{
	unsigned count = 0;

	for (unsigned set = 0; set < C906_DCACHE_SETS_MAX; set++) {
		for (unsigned way = 0; way < C906_DCACHE_WAYS; way++) {
			struct c906_dcache_line *line = &lsu->dcache.line[set][way];

			count += line->valid && line->dirty;
			line->dirty = false;
		}
	}
	return count;
}
