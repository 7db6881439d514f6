/* SPDX-License-Identifier: MIT */
/* A CVA6 with a memo; see replay.h. */
#include "cpu/timing/cva6/replay.h"

#include "cpu/isa/isa.h"

#include <string.h>

/* The bits of an instruction that name a CSR. */
#define CSR_SHIFT 20
#define CSR_BITS 12

/* The numbers that stand for the operands of a division or a square root: */
#define OPERANDS_KNOWN 1 /* plus the number of steps */
#define OPERANDS_END 0xff /* it ends at once */

static struct cva6_core *core_of(const struct replay *replay)
{
	return container_of(replay, const struct cva6_replay, replay)->core;
}

void cva6_core_consume(struct cva6_core *core, struct cva6_still *still,
		       const struct timing_record *records, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		core->records.ring[core->records.end++ % CVA6_RECORDS] = records[n];
	while (!cva6_issue_needs_record(core))
		cva6_core_advance(core, still);
}

static bool cva6_replay_exists(const struct replay *replay)
{
	return cva6_key_exists(core_of(replay));
}

static unsigned cva6_replay_take(struct replay *replay, u64 from[ACTIONS_PLACES])
{
	cva6_key_take(replay->key, core_of(replay));
	return cva6_key_number(replay->key, from);
}

static void cva6_replay_put(struct replay *replay)
{
	cva6_key_put(replay->key, core_of(replay));
	cva6_key_put_records(replay->key, core_of(replay));
}

static void cva6_replay_resolve(struct replay *replay)
{
	cva6_core_resolve(core_of(replay), &replay->actions);
}

static void cva6_replay_replace(struct replay *replay, const struct timing_record *records,
				unsigned count)
{
	struct cva6_records *own = &core_of(replay)->records;

	for (unsigned n = 0; n < count; n++)
		own->ring[(own->end - count + n) % CVA6_RECORDS] = records[n];
}

static void cva6_replay_record_actions(struct replay *replay, bool on)
{
	cva6_core_record_actions(core_of(replay), on ? &replay->actions : NULL);
}

static void cva6_replay_step(struct replay *replay, const struct timing_record *records,
			     unsigned count)
{
	struct cva6_replay *own = container_of(replay, struct cva6_replay, replay);

	cva6_core_consume(own->core, own->still, records, count);
}

static struct replay_progress cva6_replay_progress(const struct replay *replay)
{
	const struct cva6_core *core = core_of(replay);

	return (struct replay_progress){
		.end = core->records.end, .retired = core->records.commit,
		.cycle = core->cycle, .last = core->last_commit,
	};
}

static void cva6_replay_pass(struct replay *replay, const struct replay_progress *to)
{
	struct cva6_core *core = core_of(replay);

	if (to->retired != core->records.commit)
		core->last_commit = core->alive = to->last;
	core->records.end = core->records.issue = to->end;
	core->records.commit = to->retired;
	core->cycle = to->cycle;
}

/*
 * Returns whether a record is stepped. WFI is, because only timing_wake() says how long the hart
 * sleeps.
 */
static bool cva6_replay_steps(u16 op, u16 flags)
{
	(void)op;
	return flags & TIMING_WAITS;
}

static bool cva6_replay_passes(u16 op, u32 raw)
{
	return op == OP_sfence_vma || (isa_ops[op].class == CLASS_CSR &&
				       cva6_csr_matters((u32)bits(raw, CSR_SHIFT, CSR_BITS)));
}

static bool has_operands(u16 op)
{
	return isa_ops[op].class == CLASS_DIV || isa_ops[op].class == CLASS_FDIV;
}

static u8 cva6_replay_operands(struct replay *replay, u32 raw, const u64 *values)
{
	const struct cva6_uop *uop = cva6_decoder_find(core_of(replay)->decoder, raw);
	bool ends;
	u8 steps = 0;

	if (uop->unit == CVA6_DIV)
		ends = cva6_division_ends(uop, values[0], values[1], &steps);
	else
		ends = cva6_fpu_is_special(uop, values[0], values[1]);
	return ends ? OPERANDS_END : OPERANDS_KNOWN + steps;
}

static const struct replay_kind kind = {
	.key_size = sizeof(struct cva6_key),
	.exists = cva6_replay_exists,
	.take = cva6_replay_take,
	.put = cva6_replay_put,
	.resolve = cva6_replay_resolve,
	.replace = cva6_replay_replace,
	.record_actions = cva6_replay_record_actions,
	.step = cva6_replay_step,
	.progress = cva6_replay_progress,
	.pass = cva6_replay_pass,
	.follow = cva6_follow,
	.steps = cva6_replay_steps,
	.passes = cva6_replay_passes,
	.has_operands = has_operands,
	.operands = cva6_replay_operands,
};

int cva6_replay_init(struct cva6_replay *own, struct cva6_core *core, struct cva6_still *still)
{
	struct replay *replay = &own->replay;

	own->core = core;
	own->still = still;
	replay->kind = &kind;
	/* Results about words last until a line of their group changes. */
	replay->version = &core->icache.tags.changes;
	replay->actions.log.changed = core->icache.changed;
	replay->tally = core->tally;
	replay->seen = core->seen;
	replay->actions.core = core;
	replay->actions.host = &core->host;
	replay->actions.log.perform = cva6_perform;
	return replay_init(replay);
}

void cva6_replay_free(struct cva6_replay *own)
{
	replay_free(&own->replay);
}

void cva6_replay_show(struct cva6_replay *own)
{
	replay_synchronize(&own->replay);
	cva6_records_normalize(own->core);
	if (cva6_in_flight(&own->core->records))
		timing_tally_reset(own->core->seen);
	own->replay.keyed = NULL;
	cva6_key_take(own->replay.key, own->core);
	cva6_key_put(own->replay.key, own->core);
}
