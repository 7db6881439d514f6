/* SPDX-License-Identifier: MIT */
/* Switches models on and off (see timed/switch.h). timed.c makes records and returns the time. */
#include "cpu/timed/events.h"
#include "cpu/timed/switch.h"

#include "cpu/counters/pmu.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/view.h"
#include "cpu/timed/ahead.h"
#include "cpu/timed/guests.h"
#include "cpu/timed/runs.h"

#include <errno.h>

static struct timing_context context_of(const struct hart *hart)
{
	return (struct timing_context){
		.satp = hart->s[BANK_HS].atp, .vsatp = hart->s[BANK_VS].atp,
		.hgatp = hart->hgatp, .pmp = hart->pmp, .after = timed_after(hart),
		.running = hart_steps(hart) > 0,
	};
}

/*
 * Starts the model as a core whose tables are empty, at the hart's pc: one that has just been reset
 * or, with `running`, in the middle of a run.
 */
static void start_model(struct timed *timed, bool running)
{
	struct timing_context context = context_of(timed->hart);

	context.running &= running;
	timing_reset(timed->model, timed->hart->pc);
	timing_begin_in(timed->model, context.after);
	timing_enter(timed->model, &context);
	timed->pushed = timed->model_cycle = 0;
	timed->first = UINT64_MAX;
	timed_check_guest(timed);
}

/* Counts cycles from the model's current cycle on. */
static void start_counting(struct timed *timed)
{
	timed->origin = timed->model_cycle;
	timed->first = timed->pushed;
	timed->retired = hart_retired(timed->hart);
	timed->current = false;
	timed_events_begin(timed);
	if (timed->account)
		timing_account_begin(timed->account, timed->pushed, timed_after(timed->hart));
}

/* Fixes the cycles and events until now, which do not change any more. */
static void close_past(struct timed *timed)
{
	timed_events_close(timed);
	timed->before = timed_cycles(timed);
	timed->steps = hart_steps(timed->hart);
}

void timed_begin(struct timed *timed)
{
	close_past(timed);
	timed->waits = false;
	start_model(timed, false);
	start_counting(timed);
}

void timed_from(struct timed *timed, u64 from)
{
	timed->from = from;
	timed->count = 0;
	timed_runs_drop(timed->runs);
	timed->prices = (struct timing_prices){ 0 };
	timed->pending = timed->running = false;
	timed->phase = TIMED_ON;
	timed->waits = true;
	hart_time_native(timed->hart, 0, NULL);
	timed->before = 0;
	timed->steps = hart_steps(timed->hart);
	timed_pace_reset(timed);
	timed_events_clear(timed);
	if (timed->history)
		timing_history_end(timed->history);
	if (from == timed->hart->pc)
		timed_begin(timed);
}

void timed_reset(struct timed *timed, u64 now)
{
	timed->epoch = now;
	timed->earlier = 0;
	timed->fenced = 0; /* steps are counted from 0 again */
	timed->done = (struct timed_sum){ 0 };
	if (timed->account)
		timing_account_clear(timed->account);
	timed_from(timed, timed->hart->pc);
}

int timed_keep(struct timed *timed, u64 instructions)
{
	timing_history_free(timed->history);
	timed->history = timing_history_create(instructions);
	return timed->history ? 0 : -ENOMEM;
}

/* Warms up the model with the records that were kept. */
static void timed_replay(struct timed *timed)
{
	u64 count = timing_history_count(timed->history);

	timed->model_cycle = 0;
	timed->first = UINT64_MAX;
	timing_history_replay(timed->history, timed->model);
	timed->pushed = count;
}

static void begin_to_count(struct timed *timed, enum timed_phase was)
{
	if (was == TIMED_KEEPS)
		timed_replay(timed);
	else if (was == TIMED_OFF)
		start_model(timed, true);
	if (was != TIMED_OFF)
		timed->model_cycle = MAX(timed->model_cycle, timing_cycles(timed->model));
	start_counting(timed);
}

/*
 * Begins to keep records, or goes on with those of what was measured last: they warm up the next
 * measurement just as others do.
 */
static void keep_records(struct timed *timed, enum timed_phase was)
{
	struct timing_context context = context_of(timed->hart);

	if (was != TIMED_ON || timed->priced || !timing_history_goes_on(timed->history))
		timing_history_begin(timed->history, timed->hart->pc, &context);
}

void timed_switch(struct timed *timed, enum timed_phase phase)
{
	enum timed_phase was = timed->waits ? TIMED_OFF : timed->phase;

	timed_synchronize(timed);
	timed->done = timed_measured(timed);
	close_past(timed);
	if (timed_counts(timed) && phase != TIMED_ON)
		timing_finish(timed->model);
	timed->waits = false;
	timed->phase = phase;
	hart_time_native(timed->hart, 0, NULL);
	if (phase == TIMED_ON)
		begin_to_count(timed, was);
	else if (phase == TIMED_WARMS)
		start_model(timed, true);
	else if (phase == TIMED_KEEPS)
		keep_records(timed, was);
	else if (timed->history)
		timing_history_end(timed->history);
}

void timed_forget(struct timed *timed)
{
	/* The guest's counters continue. */
	pmu_pause(timed->hart, 0);
	timed_switch(timed, TIMED_OFF);
	timed->done = (struct timed_sum){ 0 };
	timed_events_clear(timed);
	pmu_resume(timed->hart, 0);
}

void timed_continue(struct timed *timed, u64 now, u64 cycles)
{
	timed_forget(timed);
	pmu_pause(timed->hart, 0);
	timed->earlier = cycles - timed->before;
	pmu_resume(timed->hart, 0);
	timed->epoch = now - timing_core_ns(timed->core, timed->before);
}

struct timed_sum timed_measured(struct timed *timed)
{
	struct timed_sum sum = timed->done;

	if (timed_counts(timed)) {
		sum.cycles += timed_cycles(timed) - timed->before;
		sum.instructions += hart_retired(timed->hart) - timed->retired;
	}
	return sum;
}
