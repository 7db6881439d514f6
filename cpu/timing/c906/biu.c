/* SPDX-License-Identifier: MIT */
/* C906's bus interface. See biu.h. */
#include "cpu/timing/c906/actions.h"

/* Registers between a grant and the memory, and between the memory and the requester. */
#define READ_STAGES 2
#define WRITE_STAGES 3

static bool is_in_flight(const struct c906_env *env, const struct c906_write *write)
{
	return write->granted < env->now && env->now < write->until;
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
	u64 others[C906_WRITES];
	unsigned count = 0;

	for (unsigned n = 0; n < C906_WRITES; n++)
		if (is_in_flight(env, &env->biu.write[n]))
			others[count++] = env->biu.write[n].pa;
	return c906_action_same(env, C906_SAME_WRITE_LINE, pa, others, count);
}

/* Returns whether two writes are to the same place, so that one has to wait for the other. */
static bool c906_biu_collide(const struct c906_env *env, const struct c906_write *write, u64 pa,
			     bool burst)
{
	u64 mask = burst || write->burst ? C906_SAME_WRITE_LINE : C906_SAME_WRITE;

	return c906_is_same(env, mask, write->pa, pa);
}

/* Returns the first cycle, `from` or later, in which a write does not have to wait. */
static u64 write_when(const struct c906_env *env, const struct c906_biu *biu, u64 pa, bool burst,
		      u64 from)
{
	u64 when = MAX(from, biu->write[biu->next].until);

	for (unsigned n = 0; n < C906_WRITES; n++) {
		const struct c906_write *write = &biu->write[n];

		if (write->until > when && c906_biu_collide(env, write, pa, burst))
			when = write->until;
	}
	return when;
}

bool c906_biu_write_waits(const struct c906_env *env, u64 pa, bool burst)
{
	return write_when(env, &env->biu, pa, burst, env->now) > env->now;
}

static u64 first_beat(const struct c906_env *env)
{
	return env->now + READ_STAGES + env->params.memory_latency;
}

bool c906_biu_reads_wait(const struct c906_env *env)
{
	return env->biu.last_beat >= first_beat(env);
}

u64 c906_biu_read(struct c906_env *env)
{
	u64 first = MAX(first_beat(env), env->biu.last_beat + 1);

	env->biu.last_beat = first + C906_BEATS - 1;
	return first;
}

static unsigned c906_biu_create(struct c906_biu *biu, u64 pa, bool burst)
{
	unsigned entry = biu->next;

	biu->write[entry].pa = pa;
	biu->write[entry].burst = burst;
	biu->next = (u8)((entry + 1) % C906_WRITES);
	return entry;
}

unsigned c906_biu_write(struct c906_env *env, u64 pa, bool burst)
{
	unsigned entry = c906_biu_create(&env->biu, pa, burst);
	struct c906_write *write = &env->biu.write[entry];

	write->granted = env->now;
	write->until = UINT64_MAX;
	return entry;
}

void c906_biu_write_ends(struct c906_env *env, unsigned entry)
{
	env->biu.write[entry].until = env->now + WRITE_STAGES + env->params.memory_latency;
}

u64 c906_biu_write_line(const struct c906_env *env, struct c906_biu *biu, u64 pa, u64 from)
{
	u64 when = write_when(env, biu, pa, true, from);
	struct c906_write *write = &biu->write[c906_biu_create(biu, pa, true)];

	write->granted = when;
	write->until = when + C906_BEATS + WRITE_STAGES + env->params.memory_latency;
	return when;
}
