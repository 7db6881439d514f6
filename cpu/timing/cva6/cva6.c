/* SPDX-License-Identifier: MIT */
/*
 * CVA6 as a kind of timing model: it consumes records, steps the core as far as they determine what
 * happens, and finds out by looking ahead when the last of them retires.
 */
#include "cpu/mmu/regime.h"
#include "cpu/timing/cva6/replay.h"
#include "cpu/timing/cva6/state.h"
#include "cpu/timing/cva6/view.h"
#include "cpu/timing/kind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The most instructions that can be fetched, issued and in execution after one that waits; and a
 * number that mostly suffices.
 */
#define LOOKAHEAD_MOST 32
#define LOOKAHEAD_FIRST 6

/* Cycles from raising an interrupt line until mip_q has it (csr_regfile.sv). */
#define CVA6_SHOWS 1

struct cva6_model {
	struct timing_model model;
	struct cva6_core core;
	struct cva6_core probe; /* a copy of the core that looks ahead */
	struct cva6_still still;
	struct cva6_replay replay;
	struct timing_tally probe_tally; /* the tally of the copy */
	struct timing_tally at_retirement; /* the model's tally when the last record retired */
	struct timing_tally seen; /* the tally of the latest timing_cycles() */
	struct timing_tally ahead; /* the tally of a copy that looks ahead, which is not read */
	struct cva6_decoder decoder; /* shared by both cores, like the records */
	struct timing_record ring[CVA6_RECORDS];
	struct cva6_state state;
};

static const struct timing_param params_table[] = {
#define PARAM TIMING_PARAM
#include "cpu/timing/cva6/params.def"
#undef PARAM
};
TIMING_PARAMS_CHECK(params_table, sizeof(struct cva6_params) / sizeof(u64),
		    offsetof(struct cva6_params, core_clock));

static bool is_power(u64 value)
{
	return !(value & (value - 1));
}

#define POWER(group, name)                                                                         \
	{ offsetof(struct cva6_params, group##_##name), #group "." #name " must be a power of two" }

static const struct {
	size_t offset;
	const char *text;
} powers[] = {
	POWER(icache, sets), POWER(icache, ways), POWER(icache, line),
	POWER(dcache, sets), POWER(dcache, ways), POWER(dcache, line),
	POWER(bht, entries), POWER(btb, entries), POWER(itlb, entries), POWER(dtlb, entries),
};

/*
 * Returns what is wrong with the parameters, or NULL. The index of a set must be within the offset
 * in a page (cva6_icache.sv, wt_dcache_ctrl.sv), and a line must consist of whole beats.
 */
static const char *cva6_contradiction(const u64 *values)
{
	const struct cva6_params *params = (const struct cva6_params *)values;

	for (unsigned n = 0; n < ARRAY_SIZE(powers); n++)
		if (!is_power(values[powers[n].offset / sizeof(u64)]))
			return powers[n].text;
	if (params->icache_sets * params->icache_line > PAGE_SIZE)
		return "icache.sets times icache.line must be at most 4096";
	if (params->dcache_sets * params->dcache_line > PAGE_SIZE)
		return "dcache.sets times dcache.line must be at most 4096";
	if (!is_power(params->memory_width) || params->memory_width > params->icache_line ||
	    params->memory_width > params->dcache_line)
		return "memory.width must be a power of two, and at most icache.line and "
		       "dcache.line";
	return NULL;
}

static struct cva6_model *cva6_model_of(struct timing_model *model)
{
	return container_of(model, struct cva6_model, model);
}

static void cva6_free(struct timing_model *model)
{
	struct cva6_model *cva6 = cva6_model_of(model);

	cva6_core_free(&cva6->core);
	cva6_core_free(&cva6->probe);
	cva6_replay_free(&cva6->replay);
	cva6_state_free(&cva6->state);
	free(cva6->core.view);
	free(cva6);
}

static struct cva6_model *of_core(void *core)
{
	return container_of(core, struct cva6_model, core);
}

static void cva6_model_pre_save(void *core)
{
	cva6_replay_show(&of_core(core)->replay);
}

static int cva6_model_loaded(void *core)
{
	replay_reset(&of_core(core)->replay.replay);
	return cva6_core_loaded(core);
}

static struct timing_model *cva6_create(const struct timing_core *description,
					const struct timing_host *host)
{
	/* The values are in the order of params.def. */
	const struct cva6_params *params = (const struct cva6_params *)description->values;
	const struct timing_host silent = {
		.ctx = host->ctx, .isa = host->isa, .read = host->read,
	};
	struct cva6_model *cva6 = calloc(1, sizeof(*cva6));

	if (!cva6)
		return NULL;
	cva6_decoder_init(&cva6->decoder, host->isa);
	cva6->core.decoder = cva6->probe.decoder = &cva6->decoder;
	cva6->core.records.ring = cva6->probe.records.ring = cva6->ring;
	cva6->core.tally = &cva6->model.tally;
	cva6->core.seen = &cva6->at_retirement;
	cva6->probe.tally = &cva6->probe_tally;
	if (!cva6_core_init(&cva6->core, params, host) &&
	    !cva6_core_init(&cva6->probe, params, &silent) &&
	    cva6_state_init(&cva6->state, cva6_model_pre_save, cva6_model_loaded) &&
	    !cva6_replay_init(&cva6->replay, &cva6->core, &cva6->still)) {
		cva6->replay.replay.off = description->stepped;
		/*
		 * No shadow retires before the instruction that trapped, and the scoreboard has no
		 * entries for more shadows.
		 */
		cva6->model.shadows = (unsigned)params->issue_entries - 1;
		return &cva6->model;
	}
	cva6_free(&cva6->model);
	return NULL;
}

static void cva6_reset(struct timing_model *model, u64 pc)
{
	timing_tally_reset(&cva6_model_of(model)->at_retirement);
	timing_tally_reset(&cva6_model_of(model)->seen);
	cva6_core_reset(&cva6_model_of(model)->core, pc);
	replay_reset(&cva6_model_of(model)->replay.replay);
	if (cva6_model_of(model)->core.view)
		cva6_view_reset(cva6_model_of(model)->core.view);
}

static void cva6_step_all(struct timing_model *model)
{
	replay_stop(&cva6_model_of(model)->replay.replay);
}

static int cva6_watch(struct timing_model *model, const struct timing_viewer *viewer)
{
	struct cva6_view *view = calloc(1, sizeof(*view));

	if (!view)
		return -ENOMEM;
	view->stages.viewer = *viewer;
	cva6_model_of(model)->core.view = view;
	/* Only traces that are stepped report to a viewer. */
	cva6_step_all(model);
	return 0;
}

static void cva6_enter(struct timing_model *model, const struct timing_context *context)
{
	struct cva6_core *core = &cva6_model_of(model)->core;
	struct cva6_context *own = &core->pipe.context;

	own->satp = context->satp;
	cva6_context_root(own, (u8)regime_levels(own->satp));
	own->after = context->after;
	own->data_translated = cva6_data_translated(own);
	if (context->running)
		core->icache.state = CVA6_ICACHE_IDLE;
	core->icache.pmp = context->pmp;
	cva6_icache_forget_rights(&core->icache);
}

/*
 * Consumes records. Those that have to be stepped are given to the core one at a time, with their
 * shadows, so that few are in flight.
 */
static void cva6_consume(struct timing_model *model, const struct timing_record *records,
			 unsigned count)
{
	struct cva6_model *cva6 = cva6_model_of(model);

	for (unsigned n = 0; n < count;) {
		unsigned group = replay_consume(&cva6->replay.replay, records + n, count - n);

		if (!group) {
			group = MIN(1u + records[n].shadows, count - n);
			cva6_core_consume(&cva6->core, &cva6->still, records + n, group);
		}
		n += group;
	}
}

static void cva6_runs(struct timing_model *model, const struct timing_run *run,
		      const struct timing_run *end)
{
	cva6_replay_runs(&cva6_model_of(model)->replay.replay, run, end);
}

/* Returns the number of the last record that is no shadow. */
static u64 last_of(const struct cva6_records *records)
{
	u64 last = records->commit, next = last;

	for (; next < records->end; next += 1u + cva6_record(records, next)->shadows)
		last = next;
	return last;
}

/* Returns whether the last record is a CSR access that retires in the next cycle to be stepped. */
static bool cva6_retires_now(const struct cva6_core *core)
{
	const struct cva6_entry *entry = &core->pipe.sb.entry[core->pipe.sb.oldest];

	return core->records.commit + 1 == core->records.end && core->pipe.sb.count &&
	       entry->valid && !entry->on_wrong_path && entry->uop.op == CVA6_CSR_ACCESS &&
	       !cva6_sleeps(core);
}

/*
 * Gives the copy the records of the host's lookahead, except the first `had`, because instructions
 * that are issued after the last record, before it retires, can delay it. Returns how many records
 * the lookahead has.
 */
static unsigned consume_ahead(struct cva6_core *probe, const struct timing_host *host, unsigned had,
			      unsigned wanted)
{
	struct timing_record records[LOOKAHEAD_MOST];
	unsigned count = host->lookahead ? host->lookahead(host->ctx, records, wanted) : 0;

	for (unsigned n = had; n < count; n++)
		probe->records.ring[probe->records.end++ % CVA6_RECORDS] = records[n];
	return count;
}

static u64 cva6_look_ahead(struct cva6_model *cva6)
{
	const struct timing_host *host = &cva6->core.host;
	struct cva6_core *probe = &cva6->probe;
	u64 wanted = cva6->core.records.end;
	unsigned known;
	bool all = false;

	cva6_core_copy(probe, &cva6->core);
	probe->seen = &cva6->seen;
	probe->last = wanted - 1;
	known = consume_ahead(probe, host, 0, LOOKAHEAD_FIRST);
	/*
	 * At most two instructions retire in a cycle. One that reads a counter is alone, or the
	 * second.
	 */
	while (probe->records.commit < wanted) {
		if (!all && cva6_issue_needs_record(probe)) {
			consume_ahead(probe, host, known, LOOKAHEAD_MOST);
			all = true;
		}
		cva6_core_advance(probe, &cva6->still);
	}
	return probe->last_commit;
}

/* Lets the copy continue with records of the host's lookahead. Returns the copy. */
static struct cva6_core *send_ahead(struct cva6_model *cva6)
{
	replay_synchronize(&cva6->replay.replay);
	cva6_core_copy(&cva6->probe, &cva6->core);
	cva6->probe.seen = &cva6->ahead;
	consume_ahead(&cva6->probe, &cva6->core.host, 0, LOOKAHEAD_MOST);
	return &cva6->probe;
}

static bool cva6_retire_before(struct timing_model *model, u64 cycle, unsigned *count)
{
	struct cva6_model *cva6 = cva6_model_of(model);
	struct cva6_core *probe = send_ahead(cva6);
	u64 first = cva6->core.records.end, retired = first;

	while (probe->last_commit < cycle) {
		retired = MAX(first, probe->records.commit);
		if (probe->records.commit == probe->records.end || cva6_issue_needs_record(probe))
			break;
		cva6_core_advance(probe, &cva6->still);
	}
	*count = (unsigned)(retired - first);
	return probe->last_commit >= cycle;
}

/*
 * Returns the number after the last record of the lookahead that has been decoded. The lookahead
 * begins with record `first`.
 */
static u64 cva6_decoded(const struct cva6_core *core, u64 first)
{
	const struct cva6_records *records = &core->records;
	u64 issue = records->issue, next;

	if (!core->pipe.decoded_valid || (issue == records->end && issue <= first))
		return issue;
	next = issue < records->end ? cva6_record(records, issue)->pc :
				      cva6_record(records, issue - 1)->next;
	return issue + (core->pipe.decoded.pc == next);
}

/*
 * An instruction that is decoded while mip_q has the interrupt's bit becomes the interrupt
 * (decoder.sv). Those that were decoded before it retire, unless an older one flushes the pipeline.
 */
static unsigned cva6_retire_until(struct timing_model *model, u64 cycle)
{
	struct cva6_model *cva6 = cva6_model_of(model);
	struct cva6_core *probe = send_ahead(cva6);
	u64 first = cva6->core.records.end, end;

	while (probe->cycle < cycle + CVA6_SHOWS && !cva6_issue_needs_record(probe))
		cva6_core_advance(probe, &cva6->still);
	end = cva6->core.cycle > cycle + CVA6_SHOWS ? first : cva6_decoded(probe, first);
	while (probe->records.commit < end && !cva6_issue_needs_record(probe)) {
		cva6_core_advance(probe, &cva6->still);
		end = MIN(end, cva6_decoded(probe, first));
	}
	return (unsigned)(MAX(end, first) - first);
}

/*
 * Returns the cycle of a record that retires in the next cycle to be stepped, and notes the counts.
 */
static u64 cva6_retire_now(struct cva6_model *cva6)
{
	struct cva6_core *core = &cva6->core;

	cva6->seen = *core->tally;
	timing_attribute(&cva6->seen, CPI_ISSUE, 1);
	timing_tally_retire(&cva6->seen, cva6_record(&core->records, core->records.commit),
			    core->cycle);
	return core->cycle;
}

static u64 cva6_cycles(struct timing_model *model)
{
	struct cva6_model *cva6 = cva6_model_of(model);
	struct cva6_core *core = &cva6->core;
	u64 retired, wake = core->wake, slept;

	replay_synchronize(&cva6->replay.replay);
	if (core->cycles_returned_at == core->records.end)
		return core->cycles_returned;
	if (core->records.commit == core->records.end) {
		cva6->seen = cva6->at_retirement;
		retired = core->last_commit;
	} else if (cva6_retires_now(core)) {
		retired = cva6_retire_now(cva6);
	} else {
		retired = cva6_look_ahead(cva6);
		wake = cva6->probe.wake;
	}
	/*
	 * A sleep after the last record is added here. One after an earlier record is in `retired`
	 * already.
	 */
	slept = MAX(retired, wake) - retired;
	timing_attribute(&cva6->seen, CPI_SLEEP, slept);
	core->cycles_returned = MAX(core->cycles_returned, retired + slept);
	core->cycles_returned_at = core->records.end;
	return core->cycles_returned;
}

/* Lets the copy retire all instructions, and report this to the core's host and tally. */
static void cva6_finish(struct timing_model *model)
{
	struct cva6_model *cva6 = cva6_model_of(model);
	const struct timing_host silent = cva6->probe.host;

	replay_synchronize(&cva6->replay.replay);
	cva6->probe.host = cva6->core.host;
	cva6->probe.tally = cva6->core.tally;
	cva6_look_ahead(cva6);
	cva6->probe.host = silent;
	cva6->probe.tally = &cva6->probe_tally;
}

static const struct timing_tally *cva6_tally(struct timing_model *model)
{
	return &cva6_model_of(model)->seen;
}

static void cva6_wake(struct timing_model *model, u64 cycles)
{
	struct cva6_core *core = &cva6_model_of(model)->core;

	replay_leave(&cva6_model_of(model)->replay.replay);
	core->cycles_returned_at = 0;
	if (core->records.commit == core->records.end) {
		core->wake = MAX(core->wake, core->last_commit) + cycles;
		return;
	}
	core->sleep_record = last_of(&core->records);
	core->sleep += cycles;
}

/*
 * The most cycles of a miss beyond memory's latency, and of an instruction beyond its misses. It
 * takes longest if each access misses and it also divides.
 */
#define MISS_MOST 16
#define OTHER_MOST 72

static u64 cva6_most(const u64 *values, u64 elements)
{
	const struct cva6_params *params = (const struct cva6_params *)values;

	(void)elements;
	return TIMING_MISSES_MOST * (params->memory_latency + MISS_MOST) + OTHER_MOST;
}

static u64 cva6_cycles_bound(struct timing_model *model)
{
	const struct cva6_core *core = &cva6_model_of(model)->core;
	struct replay_progress now = replay_progress(&cva6_model_of(model)->replay.replay);

	return MAX(now.cycle, core->wake) + core->sleep +
	       (now.end - now.retired) * cva6_most((const u64 *)&core->params, 0);
}

static void cva6_add_up(struct timing_model *model)
{
	replay_count(&cva6_model_of(model)->replay.replay);
}

static const struct memo_stats *cva6_memo(const struct timing_model *model)
{
	return &container_of(model, const struct cva6_model, model)->replay.replay.memo.stats;
}

static void cva6_register_state(struct timing_model *model, struct state *state, const char *name)
{
	char text[STATE_NAME_MAX];

	snprintf(text, sizeof(text), "%s.left", name);
	timing_tally_register(&cva6_model_of(model)->at_retirement, state, text);
	snprintf(text, sizeof(text), "%s.seen", name);
	timing_tally_register(&cva6_model_of(model)->seen, state, text);
	cva6_state_register(&cva6_model_of(model)->state, &cva6_model_of(model)->core, state, name);
}

const struct timing_kind timing_cva6 = {
	.name = "cva6",
	.params = params_table,
	.count = ARRAY_SIZE(params_table),
	.contradiction = cva6_contradiction,
	.one_stage = true,
	.create = cva6_create,
	.free = cva6_free,
	.reset = cva6_reset,
	.enter = cva6_enter,
	.consume = cva6_consume,
	.runs = cva6_runs,
	.cycles = cva6_cycles,
	.cycles_bound = cva6_cycles_bound,
	.most = cva6_most,
	.retire_before = cva6_retire_before,
	.retire_until = cva6_retire_until,
	.tally = cva6_tally,
	.wake = cva6_wake,
	.add_up = cva6_add_up,
	.finish = cva6_finish,
	.memo = cva6_memo,
	.register_state = cva6_register_state,
	.watch = cva6_watch,
	.step_all = cva6_step_all,
};
