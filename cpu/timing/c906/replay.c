/* SPDX-License-Identifier: MIT */
/* A C906 with a memo; see replay.h. */
#include "cpu/timing/c906/replay.h"

#include "cpu/isa/isa.h"

static struct c906_core *core_of(const struct recall *recall)
{
	return container_of(recall, const struct c906_recall, recall)->core;
}

static bool exists(const struct recall *recall)
{
	return c906_key_exists(core_of(recall));
}

static unsigned take(struct recall *recall, u64 from[ASKER_PLACES])
{
	c906_key_take(recall->key, core_of(recall));
	return c906_key_number(recall->key, from);
}

static void put(struct recall *recall)
{
	c906_key_put(recall->key, core_of(recall));
	c906_key_put_records(recall->key, core_of(recall));
}

static void resolve(struct recall *recall)
{
	c906_core_resolve(core_of(recall), &recall->asker);
}

static void replace(struct recall *recall, const struct timing_record *records, unsigned count)
{
	struct c906_records *own = &core_of(recall)->records;
	unsigned left = 0;

	/* Shadows are told with their record. */
	for (unsigned n = 0; n < count; n += 1u + records[n].shadows)
		left++;
	for (unsigned n = 0; n < count; n += 1u + records[n].shadows) {
		struct c906_told *told = &own->ring[(own->end - left--) % C906_RECORDS];

		c906_tell(told, &records[n], told->number);
	}
}

static void write_down(struct recall *recall, bool on)
{
	struct c906_recall *own = container_of(recall, struct c906_recall, recall);

	if (on)
		own->later = (struct c906_later){ .count = 0 };
	else if (own->core->env.asker)
		c906_ask_later(&own->core->env);
	own->writes_down = on;
	own->core->env.asker = on ? &recall->asker : NULL;
}

/* What is not to be kept goes on by itself, with addresses. */
static void step(struct recall *recall, const struct timing_record *records, unsigned count)
{
	const struct c906_recall *own = container_of(recall, const struct c906_recall, recall);
	struct timing_record group[1 + C906_BEHIND];

	if (!own->writes_down || own->core->env.asker) {
		c906_core_consume(own->core, own->still, records);
		return;
	}
	for (unsigned n = 0; n < MIN(count, ARRAY_SIZE(group)); n++) {
		group[n] = records[n];
		c906_record_resolve(&group[n], &recall->asker);
	}
	c906_core_consume(own->core, own->still, group);
}

static struct recall_progress progress(const struct recall *recall)
{
	const struct c906_core *core = core_of(recall);
	const struct c906_records *records = &core->records;
	const struct c906_told *next = &records->ring[records->commit % C906_RECORDS];

	return (struct recall_progress){
		.end = records->told,
		.left = records->commit == records->end ? records->told : next->number,
		.cycle = core->env.now, .last = core->last_commit,
	};
}

static void pass(struct recall *recall, const struct recall_progress *to)
{
	struct c906_core *core = core_of(recall);
	struct c906_records *records = &core->records;
	const struct c906_key *key = recall->key;

	core->last_commit = to->last;
	records->end += to->end - records->told;
	records->told = to->end;
	records->issue = records->end - key->waiting;
	records->commit = records->end - key->under_way;
	core->env.now = to->cycle;
}

static u8 operands(struct recall *recall, u32 raw, const u64 *values)
{
	const struct c906_core *core = core_of(recall);

	return c906_facts(core, c906_decode(core->env.decoder, raw), values);
}

static bool passes(u16 op, u32 raw)
{
	(void)raw;
	return isa_ops[op].class == CLASS_DIV;
}

static const struct recall_kind kind = {
	.key_size = sizeof(struct c906_key),
	.exists = exists,
	.take = take,
	.put = put,
	.resolve = resolve,
	.replace = replace,
	.write_down = write_down,
	.step = step,
	.progress = progress,
	.pass = pass,
	.follow = c906_follow,
	.steps = c906_is_rare,
	.passes = passes,
	.has_operands = c906_has_facts,
	.operands = operands,
};

int c906_recall_init(struct c906_recall *own, struct c906_core *core, struct c906_still *still)
{
	struct recall *recall = &own->recall;

	own->core = core;
	own->still = still;
	recall->kind = &kind;
	core->env.later = &own->later;
	recall->version = &core->env.tables->version;
	recall->asker.tape.changed = core->env.tables->changed;
	recall->tally = core->env.tally;
	recall->seen = core->env.seen;
	recall->asker.core = &core->env;
	recall->asker.host = &core->env.host;
	recall->asker.tape.answer = c906_answer;
	return recall_init(recall);
}

void c906_recall_free(struct c906_recall *own)
{
	recall_free(&own->recall);
}

void c906_recall_show(struct c906_recall *own)
{
	struct c906_core *core = own->core;
	const struct c906_key *key = own->recall.key;

	recall_settle(&own->recall);
	if (core->records.end != core->records.commit)
		timing_tally_reset(core->env.seen);
	c906_key_take(own->recall.key, core);
	c906_key_renumber(core);
	c906_key_put(key, core);
	c906_key_forget_records(key, core);
	if (c906_key_exists(core))
		c906_key_put_records(key, core);
}
