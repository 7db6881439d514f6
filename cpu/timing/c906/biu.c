/* SPDX-License-Identifier: MIT */
/* C906's bus interface. See biu.h. */
#include "cpu/timing/c906/params.h"

/* Registers between a grant and the memory, and between the memory and who asked. */
#define READ_STAGES 2
#define WRITE_STAGES 3
#define SINGLE_STAGES 4 /* of a write of one beat, counted from its grant */

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

bool c906_biu_read_waits(const struct c906_env *env, u64 pa)
{
	for (unsigned n = 0; n < C906_WRITES; n++) {
		const struct c906_write *write = &env->biu.write[n];

		if (under_way(env, write) && same_line(write->block, block_of(pa)))
			return true;
	}
	return false;
}

bool c906_biu_write_waits(const struct c906_env *env, u64 pa, bool burst)
{
	u16 block = block_of(pa);

	if (env->biu.write[env->biu.next].until > env->now)
		return true;
	for (unsigned n = 0; n < C906_WRITES; n++) {
		const struct c906_write *write = &env->biu.write[n];

		if (write->until <= env->now)
			continue;
		if (write->block == block ||
		    ((burst || write->burst) && same_line(write->block, block)))
			return true;
	}
	return false;
}

u64 c906_biu_read(struct c906_env *env)
{
	u64 first = env->now + READ_STAGES + env->params.memory_latency;

	first = MAX(first, env->biu.last_beat + 1);
	env->biu.last_beat = first + C906_BEATS - 1;
	return first;
}

unsigned c906_biu_write(struct c906_env *env, u64 pa, bool burst)
{
	struct c906_biu *biu = &env->biu;
	unsigned entry = biu->next;

	biu->write[entry] = (struct c906_write){
		.granted = env->now,
		.until = burst ? UINT64_MAX : env->now + SINGLE_STAGES + env->params.memory_latency,
		.block = block_of(pa),
		.burst = burst,
	};
	biu->next = (u8)((entry + 1) % C906_WRITES);
	return entry;
}

void c906_biu_write_ends(struct c906_env *env, unsigned entry)
{
	env->biu.write[entry].until = env->now + WRITE_STAGES + env->params.memory_latency;
}
