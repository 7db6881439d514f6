/* SPDX-License-Identifier: MIT */
/*
 * Counts a timed hart's events since reset, by mode, even if the model counts only in regions:
 * outside of them an instruction takes a cycle, and nothing else is known.
 */
#include "cpu/timed/events.h"

#include "cpu/hart/hart.h"

/* Adds the cycles since the end of `past` to those of the current mode. */
static void add_now(struct timed *timed, struct timing_counts *counts, u64 cycles)
{
	counts->in[timing_mode_of(timed_after(timed->hart))][TIMING_CYCLES] +=
		cycles - timed->past_cycles;
}

static void add_model(struct timing_counts *counts, const struct timing_counts *model,
		      const struct timing_counts *base)
{
	for (unsigned mode = 0; mode < TIMING_MODES; mode++)
		for (unsigned event = 0; event < TIMING_EVENTS; event++)
			counts->in[mode][event] += model->in[mode][event] - base->in[mode][event];
}

void timed_events(struct timed *timed, struct timing_counts *counts)
{
	u64 cycles = hart_cycles(timed->hart);
	struct timing_counts model;

	*counts = timed->past;
	if (!timed_counts(timed)) {
		add_now(timed, counts, cycles);
		return;
	}
	timing_events(timed->model, &model);
	add_model(counts, &model, &timed->events);
}

void timed_events_so_far(struct timed *timed, struct timing_counts *counts)
{
	struct timing_counts model;

	if (!timed_counts(timed)) {
		timed_events(timed, counts);
		return;
	}
	timed_synchronize(timed);
	*counts = timed->past;
	timing_events_so_far(timed->model, &model);
	add_model(counts, &model, &timed->events);
}

void timed_modes(struct timed *timed, struct timing_counts *counts)
{
	struct timing_counts model;

	*counts = timed->modes;
	if (!timed_counts(timed))
		return;
	timed_synchronize(timed);
	timing_events_so_far(timed->model, &model);
	add_model(counts, &model, &timed->modes_base);
	for (unsigned cause = 0; timed->account && cause < TIMING_CAUSES; cause++)
		counts->in[timing_mode(timed->model)][TIMING_CPI + cause] -=
			timed->account->stack[cause];
}

void timed_events_clear(struct timed *timed)
{
	timed->modes = timed->modes_base = (struct timing_counts){ 0 };
	timed->past = timed->events = (struct timing_counts){ 0 };
	timed->past_cycles = 0;
}

/*
 * Closes a span. Instructions in flight when it ends count as retired, as they do in the hart's
 * counters.
 */
static void close_modes(struct timed *timed)
{
	struct timing_counts model;

	if (!timed_counts(timed))
		return;
	timing_events(timed->model, &model);
	add_model(&timed->modes, &model, &timed->modes_base);
}

void timed_events_close(struct timed *timed)
{
	struct timing_counts counts;

	timed_events(timed, &counts);
	timed->past = counts;
	timed->past_cycles = hart_cycles(timed->hart);
	close_modes(timed);
}

void timed_events_begin(struct timed *timed)
{
	timing_events(timed->model, &timed->events);
	timed->modes_base = timed->events;
}

void timed_leave_mode(struct timed *timed)
{
	u64 cycles;

	if (timed_counts(timed))
		return;
	cycles = hart_cycles(timed->hart);
	add_now(timed, &timed->past, cycles);
	timed->past_cycles = cycles;
}
