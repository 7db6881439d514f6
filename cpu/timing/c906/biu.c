/* SPDX-License-Identifier: MIT */
/* C906's bus interface. See biu.h. */
#include "cpu/timing/c906/params.h"

/* Registers between a grant and the memory, and between the memory and who asked. */
#define READ_STAGES 2
#define WRITE_STAGES 3

static bool under_way(const struct c906_env *env, const struct c906_write *write)
{
	return write->granted < env->now && env->now < write->until;
}

static u16 block_of(u64 pa)
{
	return (u16)bits(pa, 4, 10);
}

static bool same_line(u16 a, u16 b)
{
	return a >> 2 == b >> 2;
}

u64 c906_biu_writes_done(const struct c906_biu *biu)
{
	u64 done = 0;

	for (unsigned n = 0; n < C906_WRITES; n++)
		done = MAX(done, biu->write[n].until);
	return done;
}

bool c906_biu_read_waits(const struct c906_env *env, u64 pa)
{
	for (unsigned n = 0; n < C906_WRITES; n++) {
		const struct c906_write *write = &env->biu.write[n];

		if (under_way(env, write) && same_line(write->block, block_of(pa)))
			return true;
	}
	return false;
}

u64 c906_biu_write_when(const struct c906_biu *biu, u64 pa, bool burst, u64 from)
{
	u64 when = MAX(from, biu->write[biu->next].until);
	u16 block = block_of(pa);

	for (unsigned n = 0; n < C906_WRITES; n++) {
		const struct c906_write *write = &biu->write[n];

		if (write->block == block ||
		    ((burst || write->burst) && same_line(write->block, block)))
			when = MAX(when, write->until);
	}
	return when;
}

bool c906_biu_write_waits(const struct c906_env *env, u64 pa, bool burst)
{
	return c906_biu_write_when(&env->biu, pa, burst, env->now) > env->now;
}

u64 c906_biu_read(struct c906_env *env)
{
	u64 first = env->now + READ_STAGES + env->params.memory_latency;

	first = MAX(first, env->biu.last_beat + 1);
	env->biu.last_beat = first + C906_BEATS - 1;
	return first;
}

static unsigned create(struct c906_biu *biu, u64 pa, bool burst)
{
	unsigned entry = biu->next;

	biu->write[entry].block = block_of(pa);
	biu->write[entry].burst = burst;
	biu->next = (u8)((entry + 1) % C906_WRITES);
	return entry;
}

unsigned c906_biu_write(struct c906_env *env, u64 pa, bool burst)
{
	unsigned entry = create(&env->biu, pa, burst);
	struct c906_write *write = &env->biu.write[entry];

	write->granted = env->now;
	write->until = UINT64_MAX;
	return entry;
}

void c906_biu_write_ends(struct c906_env *env, unsigned entry)
{
	env->biu.write[entry].until = env->now + WRITE_STAGES + env->params.memory_latency;
}

u64 c906_biu_write_line(struct c906_biu *biu, const struct c906_params *params, u64 pa, u64 from)
{
	u64 when = c906_biu_write_when(biu, pa, true, from);
	struct c906_write *write = &biu->write[create(biu, pa, true)];

	write->granted = when;
	write->until = when + C906_BEATS + WRITE_STAGES + params->memory_latency;
	return when;
}
