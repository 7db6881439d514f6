/* SPDX-License-Identifier: MIT */
/* A C906 with a memo; see replay.h. */
#include "cpu/timing/c906/replay.h"

#include "cpu/isa/isa.h"

static struct c906_core *core_of(const struct replay *replay)
{
	return container_of(replay, const struct c906_replay, replay)->core;
}

static bool c906_replay_exists(const struct replay *replay)
{
	return c906_key_exists(core_of(replay));
}

static unsigned c906_replay_take(struct replay *replay, u64 from[ACTIONS_PLACES])
{
	c906_key_take(replay->key, core_of(replay));
	return c906_key_number(replay->key, from);
}

static void c906_replay_put(struct replay *replay)
{
	c906_key_put(replay->key, core_of(replay));
	c906_key_put_records(replay->key, core_of(replay));
}

static void c906_replay_resolve(struct replay *replay)
{
	c906_core_resolve(core_of(replay), &replay->actions);
}

static void c906_replay_replace(struct replay *replay, const struct timing_record *records,
				unsigned count)
{
	struct c906_records *own = &core_of(replay)->records;
	unsigned left = 0;

	/* Shadows are part of the input of their record. */
	for (unsigned n = 0; n < count; n += 1u + records[n].shadows)
		left++;
	for (unsigned n = 0; n < count; n += 1u + records[n].shadows) {
		struct c906_input *input = &own->ring[(own->end - left--) % C906_RECORDS];

		c906_input_take(input, &records[n], input->number);
	}
}

static void c906_replay_record_actions(struct replay *replay, bool on)
{
	struct c906_replay *own = container_of(replay, struct c906_replay, replay);

	if (on)
		own->later = (struct c906_later){ .count = 0 };
	else if (own->core->env.actions)
		c906_action_later(&own->core->env);
	own->recording = on;
	own->core->env.actions = on ? &replay->actions : NULL;
}

/* Steps a record. If the trace will not be kept, its tokens are replaced by addresses before. */
static void c906_replay_step(struct replay *replay, const struct timing_record *records,
			     unsigned count)
{
	const struct c906_replay *own = container_of(replay, const struct c906_replay, replay);
	struct timing_record group[1 + C906_SHADOWS];

	if (!own->recording || own->core->env.actions) {
		c906_core_consume(own->core, own->still, records);
		return;
	}
	for (unsigned n = 0; n < MIN(count, ARRAY_SIZE(group)); n++) {
		group[n] = records[n];
		c906_record_resolve(&group[n], &replay->actions);
	}
	c906_core_consume(own->core, own->still, group);
}

static struct replay_progress c906_replay_progress(const struct replay *replay)
{
	const struct c906_core *core = core_of(replay);
	const struct c906_records *records = &core->records;
	const struct c906_input *next = &records->ring[records->commit % C906_RECORDS];

	return (struct replay_progress){
		.end = records->next_number,
		.retired = records->commit == records->end ? records->next_number : next->number,
		.cycle = core->env.now, .last = core->last_commit,
	};
}

static void c906_replay_pass(struct replay *replay, const struct replay_progress *to)
{
	struct c906_core *core = core_of(replay);
	struct c906_records *records = &core->records;
	const struct c906_key *key = replay->key;

	core->last_commit = to->last;
	records->end += to->end - records->next_number;
	records->next_number = to->end;
	records->issue = records->end - key->kept.waiting;
	records->commit = records->end - key->kept.in_flight;
	core->env.now = to->cycle;
}

static u8 c906_replay_operands(struct replay *replay, u32 raw, const u64 *values)
{
	const struct c906_core *core = core_of(replay);

	return c906_operand_timing(core, c906_decode(core->env.decoder, raw), values);
}

static bool c906_replay_passes(u16 op, u32 raw)
{
	(void)raw;
	return isa_ops[op].class == CLASS_DIV;
}

static const struct replay_kind kind = {
	.key_size = sizeof(struct c906_key),
	.exists = c906_replay_exists,
	.take = c906_replay_take,
	.put = c906_replay_put,
	.resolve = c906_replay_resolve,
	.replace = c906_replay_replace,
	.record_actions = c906_replay_record_actions,
	.step = c906_replay_step,
	.progress = c906_replay_progress,
	.pass = c906_replay_pass,
	.follow = c906_follow,
	.steps = c906_is_rare,
	.passes = c906_replay_passes,
	.has_operands = c906_time_depends_on_operands,
	.operands = c906_replay_operands,
};

int c906_replay_init(struct c906_replay *own, struct c906_core *core,
		     struct c906_idle_snapshot *still)
{
	struct replay *replay = &own->replay;

	own->core = core;
	own->still = still;
	replay->kind = &kind;
	core->env.later = &own->later;
	replay->version = &core->env.tables->version;
	replay->actions.log.changed = core->env.tables->changed;
	replay->tally = core->env.tally;
	replay->seen = core->env.seen;
	replay->actions.core = &core->env;
	replay->actions.host = &core->env.host;
	replay->actions.log.perform = c906_perform;
	return replay_init(replay);
}

void c906_replay_free(struct c906_replay *own)
{
	replay_free(&own->replay);
}

void c906_replay_show(struct c906_replay *own)
{
	struct c906_core *core = own->core;
	const struct c906_key *key = own->replay.key;

	replay_synchronize(&own->replay);
	if (core->records.end != core->records.commit)
		timing_tally_reset(core->env.seen);
	own->replay.keyed = NULL;
	c906_key_take(own->replay.key, core);
	c906_key_renumber(core);
	c906_key_put(key, core);
	c906_key_forget_records(key, core);
	if (c906_key_exists(core))
		c906_key_put_records(key, core);
}
