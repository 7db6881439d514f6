/* SPDX-License-Identifier: MIT */
/* The tags of C906's data cache. See lsu.h. */
#include "cpu/timing/c906/asked.h"
#include "cpu/timing/c906/lsu.h"

static unsigned set_of(const struct c906_env *env, u64 va)
{
	return (unsigned)(va / C906_LINE) & (unsigned)(env->params.dcache_sets - 1);
}

static struct c906_dcache_line *find(const struct c906_env *env, unsigned set, u64 pa)
{
	for (unsigned way = 0; way < C906_DCACHE_WAYS; way++) {
		struct c906_dcache_line *line = &env->tables->dcache[set][way];

		if (line->valid && line->frame == align_down(pa, PAGE_SIZE))
			return line;
	}
	return NULL;
}

struct c906_dcache_line *c906_dcache_find(const struct c906_env *env, u64 va, u64 pa)
{
	return find(env, set_of(env, va), pa);
}

struct c906_dcache_line *c906_dcache_alias(const struct c906_env *env, u64 va, u64 pa)
{
	unsigned other = set_of(env, va) ^ (unsigned)(env->params.dcache_sets / 2);

	return env->params.dcache_sets * C906_LINE > PAGE_SIZE ? find(env, other, pa) : NULL;
}

/* aq_lsu_icc.v: states of a set, of a dirty line in it before and while it is read out. */
#define SET_LOOK 3 /* DIRTY_RD, DIRTY_WEN, CHECK */
#define SET_END 1 /* TAG_WT */
#define LINE_TAG 2 /* TAG_RD, TAG_WEN */
#define LINE_READ 5 /* WFVB, DATA */
#define VICTIM_TAKES 6 /* from WFVB to the victim buffer's request */
#define VICTIM_SENDS 5 /* from its grant to the buffer's being free */

/* The physical address of a line. */
static u64 address_of(const struct c906_dcache_line *line, unsigned set)
{
	return line->frame | (u64)set * C906_LINE % PAGE_SIZE;
}

struct c906_dcache_line *c906_dcache_victim(const struct c906_env *env, u64 va, u64 *pa)
{
	unsigned set = set_of(env, va);
	struct c906_dcache_line *line = &env->tables->dcache[set][env->tables->dcache_next[set]];

	*pa = address_of(line, set);
	return line;
}

void c906_dcache_fill(const struct c906_env *env, u64 va, u64 pa, bool dirty)
{
	unsigned set = set_of(env, va);
	u8 *next = &env->tables->dcache_next[set];

	env->tables->dcache[set][*next] = (struct c906_dcache_line){
		.frame = align_down(pa, PAGE_SIZE), .valid = true, .dirty = dirty,
	};
	*next = (u8)((*next + 1) % C906_DCACHE_WAYS);
}

u64 c906_lsu_clean(const struct c906_env *env)
{
	u64 now = env->now, victim_free = 0;
	struct c906_biu biu = env->biu;

	for (unsigned set = (unsigned)env->params.dcache_sets; set-- > 0;) {
		now += SET_LOOK;
		for (unsigned way = 0; way < C906_DCACHE_WAYS; way++) {
			struct c906_dcache_line *line = &env->tables->dcache[set][way];

			if (!line->valid || !line->dirty)
				continue;
			line->dirty = false;
			now = MAX(now + LINE_TAG, victim_free);
			victim_free = VICTIM_SENDS +
				      c906_biu_write_line(env, &biu, address_of(line, set),
							  now + VICTIM_TAKES);
			now += LINE_READ;
		}
		now += SET_END;
	}
	return MAX(now, c906_biu_writes_done(&biu)) - env->now;
}
