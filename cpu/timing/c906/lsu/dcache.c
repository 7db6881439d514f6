/* SPDX-License-Identifier: MIT */
/* Writes back all of C906's data cache. See lsu.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/lsu/dcache.h"
#include "cpu/timing/c906/lsu/lsu.h"

/*
 * Cycles of the states of aq_lsu_icc.v: for a set, and for a dirty line in it before and while it
 * is read out.
 */
#define SET_LOOK 3 /* DIRTY_RD, DIRTY_WEN, CHECK */
#define SET_END 1 /* TAG_WT */
#define LINE_TAG 2 /* TAG_RD, TAG_WEN */
#define LINE_READ 5 /* WFVB, DATA */
#define VICTIM_TAKES 6 /* from WFVB to the victim buffer's request */
#define VICTIM_SENDS 5 /* from its grant until the buffer is free */

void c906_dcache_renew(struct c906_tables *tables)
{
	for (unsigned set = 0; set < C906_DCACHE_SETS_MAX; set++)
		for (unsigned way = 0; way < C906_DCACHE_WAYS; way++)
			tables->dcache_digest[set].way[way] =
				c906_dcache_digest(tables->dcache[set][way].tag);
}

u64 c906_lsu_clean(const struct c906_env *env)
{
	u64 now = env->now, victim_free = 0;
	struct c906_biu biu = env->biu;

	for (unsigned set = (unsigned)env->params.dcache_sets; set-- > 0;) {
		now += SET_LOOK;
		for (unsigned way = 0; way < C906_DCACHE_WAYS; way++) {
			struct c906_dcache_line *line = &env->tables->dcache[set][way];

			if (!line->tag || !line->dirty)
				continue;
			line->dirty = false;
			now = MAX(now + LINE_TAG, victim_free);
			victim_free = VICTIM_SENDS +
				      c906_biu_write_line(env, &biu, c906_dcache_address(line, set),
							  now + VICTIM_TAKES);
			now += LINE_READ;
		}
		now += SET_END;
	}
	return MAX(now, c906_biu_writes_done(&biu)) - env->now;
}
