/* SPDX-License-Identifier: MIT */
/*
 * C906 as a kind of timing model: it consumes records, steps the core as far as they determine what
 * happens, and finds out by looking ahead when the last of them retires.
 */
#include "cpu/timing/c906/events.h"
#include "cpu/timing/c906/replay.h"
#include "cpu/timing/c906/state.h"
#include "cpu/timing/kind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * After this many cycles a sleeping core does nothing more, and the rest of the sleep can be
 * skipped.
 */
#define SETTLES 4096

struct c906_model {
	struct timing_model model;
	struct c906_core core;
	struct c906_core probe; /* a copy of the core that looks ahead */
	struct c906_idle_snapshot still;
	struct c906_replay replay;
	struct timing_tally probe_tally; /* the tally of the copy */
	struct timing_tally at_retirement; /* the model's tally when the last record retired */
	struct timing_tally seen; /* the tally of the latest timing_cycles() */
	struct c906_tables tables, probe_tables;
	struct c906_decoder decoder; /* shared by both cores, like the records */
	struct c906_input ring[C906_RECORDS];
	struct c906_state state;
};

static const struct timing_param params_table[] = {
#define PARAM TIMING_PARAM
#include "cpu/timing/c906/params.def"
#undef PARAM
};
TIMING_PARAMS_CHECK(params_table, sizeof(struct c906_params) / sizeof(u64),
		    offsetof(struct c906_params, core_clock));

static struct c906_model *c906_model_of(struct timing_model *model)
{
	return container_of(model, struct c906_model, model);
}

static bool is_power(u64 value)
{
	return value && !(value & (value - 1));
}

static const char *c906_contradiction(const u64 *values)
{
	const struct c906_params *params = (const struct c906_params *)values;

	if (!is_power(params->icache_sets))
		return "icache.sets has to be a power of two";
	if (!is_power(params->dcache_sets))
		return "dcache.sets has to be a power of two";
	if (!is_power(params->jtlb_sets))
		return "jtlb.sets has to be a power of two";
	return NULL;
}

static void c906_free(struct timing_model *model)
{
	c906_replay_free(&c906_model_of(model)->replay);
	c906_state_free(&c906_model_of(model)->state);
	free(c906_model_of(model)->core.view);
	free(c906_model_of(model));
}

static struct c906_model *of_core(void *core)
{
	return container_of(core, struct c906_model, core);
}

static void c906_model_pre_save(void *core)
{
	c906_replay_show(&of_core(core)->replay);
}

static int c906_model_loaded(void *core)
{
	replay_reset(&of_core(core)->replay.replay);
	return c906_core_loaded(core);
}

static struct timing_model *c906_create(const struct timing_core *description,
					const struct timing_host *host)
{
	/* The values are in the order of params.def. */
	const struct c906_params *params = (const struct c906_params *)description->values;
	const struct timing_host silent = {
		.ctx = host->ctx, .isa = host->isa, .read = host->read,
	};
	struct c906_model *c906 = calloc(1, sizeof(*c906));

	if (!c906)
		return NULL;
	c906_decoder_init(&c906->decoder, host->isa);
	c906->core.env = (struct c906_env){
		.params = *params, .host = *host, .decoder = &c906->decoder,
		.tables = &c906->tables, .tally = &c906->model.tally, .seen = &c906->at_retirement,
	};
	c906->core.records.ring = c906->ring;
	c906->probe.env = (struct c906_env){
		.host = silent, .tables = &c906->probe_tables, .tally = &c906->probe_tally,
		.seen = &c906->seen,
	};
	if (c906_state_init(&c906->state, c906_model_pre_save, c906_model_loaded) &&
	    !c906_replay_init(&c906->replay, &c906->core, &c906->still)) {
		c906->replay.replay.off = description->stepped;
		c906->model.shadows = C906_SHADOWS;
		return &c906->model;
	}
	c906_free(&c906->model);
	return NULL;
}

static void c906_reset(struct timing_model *model, u64 pc)
{
	timing_tally_reset(&c906_model_of(model)->at_retirement);
	timing_tally_reset(&c906_model_of(model)->seen);
	c906_core_reset(&c906_model_of(model)->core, pc);
	replay_reset(&c906_model_of(model)->replay.replay);
	if (c906_model_of(model)->core.view)
		c906_view_reset(c906_model_of(model)->core.view);
}

static void c906_step_all(struct timing_model *model)
{
	replay_stop(&c906_model_of(model)->replay.replay);
}

static int c906_watch(struct timing_model *model, const struct timing_viewer *viewer)
{
	struct c906_view *view = calloc(1, sizeof(*view));

	if (!view)
		return -ENOMEM;
	view->stages.viewer = *viewer;
	c906_model_of(model)->core.view = view;
	/* Only traces that are stepped report to a viewer. */
	c906_step_all(model);
	return 0;
}

/* Skips the rest of a long sleep. */
static void sleep_on(struct c906_core *core)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	if (!ex1->valid || ex1->cp0 != C906_CP0_SLEEP || ex1->until <= core->env.now ||
	    core->env.now <= core->last_commit + SETTLES)
		return;
	c906_count_sleep(core, ex1->until - core->env.now);
	core->env.now = ex1->until;
}

/* Returns whether a WFI in flight will take up the time of the sleep. */
static bool takes_sleep(const struct c906_core *core)
{
	for (u64 n = core->records.commit; n != core->records.end; n++)
		if (c906_record(&core->records, n)->flags & TIMING_WAITS)
			return true;
	return false;
}

/* Lets the time of a sleep pass for which no WFI is in flight. */
static void c906_pass(struct c906_core *core)
{
	c906_count_sleep(core, core->sleep);
	core->env.now += core->sleep;
	core->alive = core->env.now;
	core->sleep = 0;
}

static void c906_enter(struct timing_model *model, const struct timing_context *context)
{
	struct c906_pipeline *pipe = &c906_model_of(model)->core.pipe;

	pipe->rtu.context.satp = context->satp;
	pipe->rtu.context.after = context->after;
	c906_mmu_use(&pipe->mmu, &c906_model_of(model)->core.env, &pipe->rtu.context);
}

static void c906_run(struct c906_core *core, struct c906_idle_snapshot *still)
{
	while (!c906_core_needs_record(core)) {
		sleep_on(core);
		c906_core_advance(core, still);
	}
}

void c906_input_take(struct c906_input *input, const struct timing_record *record, u64 number)
{
	*input = (struct c906_input){ .record = *record, .number = number };
	for (unsigned n = 0; n < MIN(record->shadows, C906_SHADOWS); n++) {
		const struct timing_record *shadow = &record[1 + n];

		input->behind[n].touches = shadow->flags & (TIMING_LOAD | TIMING_STORE);
		input->behind[n].pc = shadow->pc;
		input->behind[n].va = shadow->va;
	}
}

/* Consumes a record with its shadows. Records come one at a time, so that few are in flight. */
void c906_core_consume(struct c906_core *core, struct c906_idle_snapshot *still,
		       const struct timing_record *record)
{
	struct c906_records *own = &core->records;

	if (core->sleep && !takes_sleep(core))
		c906_pass(core);
	c906_input_take(&own->ring[own->end++ % C906_RECORDS], record, own->next_number);
	own->next_number += 1u + record->shadows;
	c906_run(core, still);
}

static void c906_consume(struct timing_model *model, const struct timing_record *records,
			 unsigned count)
{
	struct c906_model *c906 = c906_model_of(model);

	for (unsigned n = 0; n < count;) {
		unsigned group = replay_consume(&c906->replay.replay, records + n, count - n);

		if (!group) {
			c906_core_consume(&c906->core, &c906->still, records + n);
			group = 1u + records[n].shadows;
		}
		n += group;
	}
}

static void c906_runs(struct timing_model *model, const struct timing_run *run,
		      const struct timing_run *end)
{
	c906_replay_runs(&c906_model_of(model)->replay.replay, run, end);
}

/* Returns whether the last record is a CSR access that retires in the next cycle to be stepped. */
static bool c906_retires_now(const struct c906_core *core)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	return core->records.commit + 1 == core->records.end && ex1->valid && !ex1->on_wrong_path &&
	       ex1->uop.unit == C906_CP0 && ex1->uop.op == C906_CP0_CSR;
}

/* Returns the cycle in which the last record retires; *slept is the sleep after it. */
static u64 c906_look_ahead(struct c906_model *c906, u64 *slept)
{
	struct c906_core *probe = &c906->probe;

	c906_core_copy(probe, &c906->core);
	while (probe->records.commit != probe->records.end) {
		sleep_on(probe);
		c906_core_advance(probe, &c906->still);
	}
	*slept = probe->sleep;
	return probe->last_commit;
}

/*
 * Returns the cycle of a record that retires in the next cycle to be stepped, and notes the counts.
 */
static u64 c906_retire_now(struct c906_model *c906)
{
	const struct c906_records *records = &c906->core.records;
	u64 cycle = c906->core.env.now;

	c906->seen = c906->model.tally;
	timing_attribute(&c906->seen, CPI_ISSUE, 1);
	c906_count_retired(&c906->seen, c906_record(records, records->commit), cycle);
	return cycle;
}

static u64 c906_cycles(struct timing_model *model)
{
	struct c906_model *c906 = c906_model_of(model);
	struct c906_core *core = &c906->core;
	u64 retired, slept;

	replay_synchronize(&c906->replay.replay);
	if (core->cycles_returned_at == core->records.next_number)
		return core->cycles_returned;
	retired = core->last_commit;
	slept = core->sleep;
	if (core->records.commit == core->records.end)
		c906->seen = c906->at_retirement;
	else
		retired = c906_retires_now(core) ? c906_retire_now(c906) :
						   c906_look_ahead(c906, &slept);
	timing_attribute(&c906->seen, CPI_SLEEP, slept);
	core->cycles_returned = MAX(core->cycles_returned, retired + slept);
	core->cycles_returned_at = core->records.next_number;
	return core->cycles_returned;
}

/* Lets the copy retire all instructions, and report this to the core's host and tally. */
static void c906_finish(struct timing_model *model)
{
	struct c906_model *c906 = c906_model_of(model);
	struct c906_env *env = &c906->probe.env;
	const struct timing_host silent = env->host;
	u64 slept;

	replay_synchronize(&c906->replay.replay);
	env->host = c906->core.env.host;
	env->tally = c906->core.env.tally;
	c906_look_ahead(c906, &slept);
	env->host = silent;
	env->tally = &c906->probe_tally;
}

static const struct timing_tally *c906_tally(struct timing_model *model)
{
	return &c906_model_of(model)->seen;
}

static void c906_wake(struct timing_model *model, u64 cycles)
{
	struct c906_core *core = &c906_model_of(model)->core;

	replay_leave(&c906_model_of(model)->replay.replay);
	core->sleep += cycles;
	core->cycles_returned_at = 0;
}

/*
 * The most cycles of a miss beyond memory's latency, and of an instruction beyond its misses. It
 * takes longest if each access misses and it also divides.
 */
#define MISS_MOST 24
#define OTHER_MOST 72

static u64 c906_most(const u64 *values, u64 elements)
{
	const struct c906_params *params = (const struct c906_params *)values;

	(void)elements;
	return TIMING_MISSES_MOST * (params->memory_latency + MISS_MOST) + OTHER_MOST;
}

static u64 c906_cycles_bound(struct timing_model *model)
{
	const struct c906_core *core = &c906_model_of(model)->core;
	struct replay_progress now = replay_progress(&c906_model_of(model)->replay.replay);

	return now.cycle + core->sleep +
	       (now.end - now.retired) * c906_most((const u64 *)&core->env.params, 0);
}

static void c906_add_up(struct timing_model *model)
{
	replay_count(&c906_model_of(model)->replay.replay);
}

static const struct memo_stats *c906_memo(const struct timing_model *model)
{
	const struct c906_model *c906 = container_of(model, const struct c906_model, model);

	return &c906->replay.replay.memo.stats;
}

static void c906_register_state(struct timing_model *model, struct state *state, const char *name)
{
	char text[STATE_NAME_MAX];

	snprintf(text, sizeof(text), "%s.left", name);
	timing_tally_register(&c906_model_of(model)->at_retirement, state, text);
	snprintf(text, sizeof(text), "%s.seen", name);
	timing_tally_register(&c906_model_of(model)->seen, state, text);
	c906_state_register(&c906_model_of(model)->state, &c906_model_of(model)->core, state, name);
}

const struct timing_kind timing_c906 = {
	.name = "c906",
	.params = params_table,
	.count = ARRAY_SIZE(params_table),
	.contradiction = c906_contradiction,
	.one_stage = true,
	.create = c906_create,
	.free = c906_free,
	.reset = c906_reset,
	.enter = c906_enter,
	.consume = c906_consume,
	.runs = c906_runs,
	.cycles = c906_cycles,
	.cycles_bound = c906_cycles_bound,
	.most = c906_most,
	.tally = c906_tally,
	.wake = c906_wake,
	.add_up = c906_add_up,
	.finish = c906_finish,
	.memo = c906_memo,
	.register_state = c906_register_state,
	.watch = c906_watch,
	.step_all = c906_step_all,
};
