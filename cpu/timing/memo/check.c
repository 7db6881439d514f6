/* SPDX-License-Identifier: MIT */
/* A model that consists of two models of one core and compares them; see check.h. */
#include "cpu/timing/memo/check.h"

#include "bus/state.h"
#include "cpu/counters/event.h"
#include "cpu/timing/kind.h"
#include "cpu/timing/run.h"
#include "cpu/timing/units/coherence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Retirements that one model has reported and the other has not; a power of two. */
#define RETIREMENTS 8192

struct check {
	struct timing_model model;
	struct timing_kind kind; /* the kind of `model`, with functions of this file */
	struct timing_core core; /* the core with every trace stepped */
	/* the host of the memoised model; the stepped model reports nothing to it */
	struct timing_host host;
	struct timing_model *memoised, *stepped;
	struct timing_difference difference;
	bool fresh; /* no record has been consumed since the reset */
	u64 retired; /* number of records that the memoised model has retired */
	struct {
		u64 record, cycle;
	} retirement[RETIREMENTS];
	u64 compared;
};

static struct check *check_of(struct timing_model *model)
{
	return container_of(model, struct check, model);
}

static void check_compare(struct check *check, const char *what, u64 memoised, u64 stepped)
{
	if (memoised == stepped || check->difference.what)
		return;
	check->difference = (struct timing_difference){
		.what = what, .record = check->compared, .memoised = memoised, .stepped = stepped,
	};
}

static void on_commit(void *ctx, u64 record, u64 cycle)
{
	struct check *check = ctx;

	check->retirement[check->retired % RETIREMENTS].record = record;
	check->retirement[check->retired++ % RETIREMENTS].cycle = cycle;
	if (check->host.commit)
		check->host.commit(check->host.ctx, record, cycle);
}

/*
 * Compares a retirement of the stepped model with the one that the memoised model reported before.
 */
static void on_commit_stepped(void *ctx, u64 record, u64 cycle)
{
	struct check *check = ctx;
	u64 n = check->compared;

	check_compare(check, "retirements", check->retired > n, true);
	check_compare(check, "record that retires", check->retirement[n % RETIREMENTS].record,
		      record);
	check_compare(check, "cycle", check->retirement[n % RETIREMENTS].cycle, cycle);
	check->compared++;
}

static void on_attribute(void *ctx, enum timing_cause cause, u64 cycles)
{
	struct check *check = ctx;

	if (check->host.attribute)
		check->host.attribute(check->host.ctx, cause, cycles);
}

static void on_reached(void *ctx, const struct timing_run *run, unsigned n)
{
	struct check *check = ctx;

	if (check->host.reached)
		check->host.reached(check->host.ctx, run, n);
}

static bool on_read(void *ctx, u64 pa, void *data, size_t size)
{
	struct check *check = ctx;

	return check->host.read(check->host.ctx, pa, data, size);
}

static bool on_watch_code(void *ctx, u64 pa, size_t size)
{
	struct check *check = ctx;

	return check->host.watch_code && check->host.watch_code(check->host.ctx, pa, size);
}

static unsigned on_lookahead(void *ctx, struct timing_record *records, unsigned count)
{
	struct check *check = ctx;

	return check->host.lookahead ? check->host.lookahead(check->host.ctx, records, count) : 0;
}

static const struct timing_tally *tally_of(struct timing_model *model)
{
	return model->kind->tally ? model->kind->tally(model) : &model->tally;
}

static void compare_tallies(struct check *check, const struct timing_tally *memoised,
			    const struct timing_tally *stepped)
{
	static const char *const names[TIMING_EVENTS] = {
#define EVENT(id, name, selector, meaning) [TIMING_##id] = "count of " name,
#define SUM(name, selector, first, second)
#include "cpu/counters/event.def"
#undef EVENT
#undef SUM
	};

	if (!memcmp(memoised, stepped, sizeof(*memoised)))
		return;
	for (unsigned event = 0; event < TIMING_EVENTS; event++)
		check_compare(check, names[event] ? names[event] : "count of cycles for a cause",
			      memoised->count[event], stepped->count[event]);
	check_compare(check, "mode", memoised->mode, stepped->mode);
}

static void check_free(struct timing_model *model)
{
	timing_free(check_of(model)->memoised);
	timing_free(check_of(model)->stepped);
	free(check_of(model));
}

static void check_reset(struct timing_model *model, u64 pc)
{
	struct check *check = check_of(model);

	timing_reset(check->memoised, pc);
	timing_reset(check->stepped, pc);
	check->retired = check->compared = 0;
	check->fresh = true;
}

static void check_enter(struct timing_model *model, const struct timing_context *context)
{
	timing_enter(check_of(model)->memoised, context);
	timing_enter(check_of(model)->stepped, context);
}

/*
 * Copies the tally to both models: if the mode was set after a reset, it was set in the model that
 * contains both.
 */
static void check_begin(struct check *check)
{
	if (check->fresh)
		check->memoised->tally = check->stepped->tally = check->model.tally;
	check->fresh = false;
}

/* Compares the counts after both models have consumed the same records. */
static void check_compare_both(struct check *check)
{
	check_compare(check, "retirements", check->retired, check->compared);
	if (check->memoised->kind->add_up)
		check->memoised->kind->add_up(check->memoised);
	compare_tallies(check, &check->memoised->tally, &check->stepped->tally);
	check->model.tally = check->memoised->tally;
}

static void check_consume(struct timing_model *model, const struct timing_record *records,
			  unsigned count)
{
	struct check *check = check_of(model);

	check_begin(check);
	timing_consume(check->memoised, records, count);
	timing_consume(check->stepped, records, count);
	check_compare_both(check);
}

/*
 * Gives the records of a run to the stepped model. Whenever a model reads memory, both see it as it
 * was when that record's instruction was executed.
 */
static void check_step_run(struct check *check, const struct timing_run *run)
{
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		timing_run_record(run, n, &operand, &record);
		if (check->host.reached)
			check->host.reached(check->host.ctx, run, n + 1);
		timing_consume(check->stepped, &record, 1);
	}
}

static void check_runs(struct timing_model *model, const struct timing_run *run,
		       const struct timing_run *end)
{
	struct check *check = check_of(model);

	check_begin(check);
	timing_consume_runs(check->memoised, run, end);
	for (; run != end; run = timing_run_next(run))
		check_step_run(check, run);
	check_compare_both(check);
}

static u64 check_cycles(struct timing_model *model)
{
	struct check *check = check_of(model);
	u64 memoised, stepped;

	check_begin(check);
	memoised = timing_cycles(check->memoised);
	stepped = timing_cycles(check->stepped);
	check_compare(check, "time", memoised, stepped);
	compare_tallies(check, tally_of(check->memoised), tally_of(check->stepped));
	return memoised;
}

static u64 check_cycles_bound(struct timing_model *model)
{
	struct check *check = check_of(model);
	u64 bound = timing_cycles_bound(check->memoised);

	check_compare(check, "time at most", bound, timing_cycles_bound(check->stepped));
	return bound;
}

static bool check_retire_before(struct timing_model *model, u64 cycle, unsigned *count)
{
	struct check *check = check_of(model);
	unsigned stepped;
	bool all = timing_retire_before(check->memoised, cycle, count);

	check_compare(check, "what is known of those before", all,
		      timing_retire_before(check->stepped, cycle, &stepped));
	check_compare(check, "instructions before", *count, stepped);
	return all;
}

static unsigned check_retire_until(struct timing_model *model, u64 cycle)
{
	struct check *check = check_of(model);
	unsigned count = timing_retire_until(check->memoised, cycle);

	check_compare(check, "instructions before an interrupt", count,
		      timing_retire_until(check->stepped, cycle));
	return count;
}

static const struct timing_tally *check_tally(struct timing_model *model)
{
	return tally_of(check_of(model)->memoised);
}

static void check_finish(struct timing_model *model)
{
	timing_finish(check_of(model)->memoised);
	timing_finish(check_of(model)->stepped);
	check_compare_both(check_of(model));
}

static const struct memo_stats *check_memo(const struct timing_model *model)
{
	return timing_memo(container_of(model, const struct check, model)->memoised);
}

static void check_wake(struct timing_model *model, u64 cycles)
{
	timing_wake(check_of(model)->memoised, cycles);
	timing_wake(check_of(model)->stepped, cycles);
}

static void check_register_state(struct timing_model *model, struct state *state, const char *name)
{
	char text[STATE_NAME_MAX];

	snprintf(text, sizeof(text), "%s.memoised", name);
	timing_register_state(check_of(model)->memoised, state, text);
	snprintf(text, sizeof(text), "%s.stepped", name);
	timing_register_state(check_of(model)->stepped, state, text);
}

static struct timing_model *check_create(const struct timing_core *core,
					 const struct timing_host *host)
{
	struct check *check = calloc(1, sizeof(*check));
	struct timing_host both = {
		.ctx = check, .isa = host->isa, .read = on_read, .commit = on_commit,
		.attribute = on_attribute, .lookahead = on_lookahead, .reached = on_reached,
		.watch_code = on_watch_code, .code_changes = host->code_changes,
		.coherence = host->coherence,
	};

	if (!check)
		return NULL;
	check->host = *host;
	check->core = *core;
	check->core.checked = false;
	check->memoised = timing_create(&check->core, &both);
	check->core.stepped = true;
	both.commit = on_commit_stepped;
	both.attribute = NULL;
	/* The stepped models share caches among themselves, as the memoised ones do. */
	both.coherence = host->coherence ? host->coherence->twin : NULL;
	check->stepped = timing_create(&check->core, &both);
	check->kind = (struct timing_kind){
		.name = core->kind->name, .free = check_free,
		.reset = check_reset, .enter = check_enter, .consume = check_consume,
		.cycles = check_cycles, .cycles_bound = check_cycles_bound,
		.runs = core->kind->runs ? check_runs : NULL,
		.retire_before = core->kind->retire_before ? check_retire_before : NULL,
		.retire_until = core->kind->retire_until ? check_retire_until : NULL,
		.tally = check_tally, .finish = check_finish, .wake = check_wake,
		.memo = check_memo,
		.register_state = core->kind->register_state ? check_register_state : NULL,
	};
	check->model.kind = &check->kind;
	if (check->memoised && check->stepped) {
		check->model.shadows = timing_shadows(check->stepped);
		return &check->model;
	}
	check_free(&check->model);
	return NULL;
}

const struct timing_kind timing_checked = { .name = "checked", .create = check_create };

const struct timing_difference *timing_check_difference(const struct timing_model *model)
{
	return &check_of((struct timing_model *)model)->difference;
}
