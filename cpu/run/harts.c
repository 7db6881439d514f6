/* SPDX-License-Identifier: MIT */
/*
 * Schedules harts. A hart's own time is that of its cycles, in nanoseconds. clock->base is the time
 * that every running hart has reached; events fire when it gets to them.
 */
#include "cpu/hart/harts.h"

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/counters/pmu.h"
#include "cpu/engine/block_cache.h"
#include "cpu/hart/limits.h"
#include "cpu/hart/storage.h"
#include "cpu/mmu/table_watch.h"
#include "cpu/mmu/view.h"
#include "cpu/run/run.h"
#include "cpu/timing/core.h"
#include "cpu/timing/units/coherence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The lead that a hart may have over the others: in ns if a step takes one, else in steps. */
#define QUANTUM 5000
/* The quantum in cycles of a modelled core, while harts take lines from each other's caches. */
#define QUANTUM_SHARED 8
/*
 * The slice of a hart while all others wait, in the unit of QUANTUM, or in cycles of a modelled
 * core if those are longer: the run loop is to see the host regularly.
 */
#define SLICE 500000
/* The most instructions from LR to SC. */
#define LR_SC_MOST 16
#define SLICE_LR_NONE UINT64_MAX
/* Host clock: the instructions of one hart's turn. */
#define TURN 50000

static const struct state_field harts_fields[] = {
	STATE_FIELD(struct harts, current),
	STATE_FIELD(struct harts, slice_end),
	STATE_FIELD(struct harts, slice_most),
	STATE_FIELD(struct harts, slice_lr),
	STATE_FIELD(struct harts, steps_left),
	STATE_FIELD(struct harts, quantum),
	STATE_FIELD(struct harts, taken),
	STATE_FIELD(struct harts, retired_before),
	STATE_ARRAY(struct harts, isa.extensions.word),
	STATE_FIELD(struct harts, rnmi.interrupt),
	STATE_FIELD(struct harts, rnmi.exception),
	STATE_FIELD(struct harts, shift),
	STATE_FIELD(struct harts, vector.vlen),
	STATE_FIELD(struct harts, vector.tail_ones),
	STATE_FIELD(struct harts, vector.mask_ones),
	STATE_FIELD(struct harts, vector.half_avl),
};

/* Returns the longest turn of one hart of several, in nanoseconds. */
static u64 quantum_most(const struct harts *harts)
{
	return (u64)QUANTUM << harts->shift;
}

static int check_loaded(struct harts *harts)
{
	const struct hart *hart;
	u64 most = harts->slice;

	if (harts->quantum < harts->quantum_least || harts->quantum > quantum_most(harts))
		return -EINVAL;
	if (harts->current == harts->count)
		return 0;
	if (harts->current > harts->count)
		return -EINVAL;
	hart = harts->hart[harts->current];
	if ((harts->slice_end > hart_time(hart) && harts->slice_end - hart_time(hart) > most) ||
	    harts->slice_most > harts->slice_end + most ||
	    harts->steps_left > hart_steps_most(hart, most))
		return -EINVAL;
	return 0;
}

static int harts_loaded(void *self)
{
	struct harts *harts = self;
	int error = check_loaded(harts);

	for (unsigned n = 0; n < harts->count; n++)
		if (harts->hart[n]->hooks.resume)
			harts->hart[n]->hooks.resume(harts->hart[n]);
	return error;
}

static const struct state_field coherence_fields[] = {
	STATE_FIELD(struct timing_coherence, taken),
};

static const struct state_type coherence_state = {
	.version = 1,
	.fields = coherence_fields,
	.count = ARRAY_SIZE(coherence_fields),
};

static const struct state_type harts_state = {
	.version = 8,
	.fields = harts_fields,
	.count = ARRAY_SIZE(harts_fields),
	.fixed = 8,
	.post_load = harts_loaded,
};

/* Returns how far the running hart is ahead of the clock's base. */
static u64 harts_ahead(void *ctx)
{
	const struct harts *harts = ctx;
	u64 base = harts->platform->clock.base;
	u64 local = harts->running ? hart_time(harts->running) : base;

	return local > base ? local - base : 0;
}

static void stop_running(void *ctx)
{
	struct harts *harts = ctx;

	if (harts->running)
		hart_yield(harts->running);
}

/*
 * A hart's stores are not compared with the others' reservations, which are therefore lost when it
 * runs.
 */
static void drop_reservations_but(struct harts *harts, const struct hart *but)
{
	for (unsigned n = 0; n < harts->count; n++)
		if (harts->hart[n] != but)
			harts->hart[n]->reservation = RESERVATION_NONE;
}

static void drop_reservations(void *ctx)
{
	drop_reservations_but(ctx, NULL);
}

static void harts_remapped(void *ctx)
{
	struct harts *harts = ctx;

	for (unsigned n = 0; n < harts->count; n++)
		hart_pmp_changed(harts->hart[n]);
	table_watch_forget(harts->tables);
	block_cache_drop_all(harts->blocks);
}

static void mtime_written(void *ctx)
{
	struct harts *harts = ctx;

	for (unsigned n = 0; n < harts->count; n++)
		hart_timers_update(harts->hart[n]);
}

static void harts_connect(struct harts *harts, struct timebase *timebase)
{
	struct platform *platform = harts->platform;

	clock_connect(&platform->clock, harts_ahead, stop_running, harts);
	platform->clock.reverse_ties = EVENTS_REVERSED;
	platform->stop = stop_running;
	platform->stop_ctx = harts;
	platform->bus.dma_written = drop_reservations;
	platform->bus.remapped = harts_remapped;
	platform->bus.ctx = harts;
	timebase->written = mtime_written;
	timebase->ctx = harts;
	state_register(&platform->state, "harts", &harts_state, harts);
	state_register(&platform->state, "coherence", &coherence_state, harts->coherence);
}

int harts_init(struct harts *harts, struct platform *platform, struct timebase *timebase,
	       const struct harts_config *config)
{
	unsigned count = config->count;

	memset(harts, 0, sizeof(*harts));
	harts->platform = platform;
	harts->limit = harts->pause = UINT64_MAX;
	harts->current = count;
	harts->shift = config->shift;
	harts->rnmi = config->rnmi;
	harts->vector = config->vector;
	harts->vector.vlen = MAX(config->vector.vlen, VLEN_LEAST);
	harts->quantum = harts->quantum_least = quantum_most(harts);
	harts->slice = (u64)SLICE << harts->shift;
	if (config->timing) {
		harts->quantum_least =
			MIN(MAX(timing_core_ns(config->timing, QUANTUM_SHARED), 1), QUANTUM);
		harts->slice = MAX(timing_core_ns(config->timing, SLICE), harts->slice);
	}
	isa_init(&harts->isa, config->extensions);
	harts->blocks = block_cache_create(harts->hart, count);
	harts->tables = table_watch_create(harts->hart, count);
	harts->coherence = coherence_create(count);
	if (!harts->blocks || !harts->tables || !harts->coherence) {
		harts_free(harts);
		return -ENOMEM;
	}
	for (; harts->count < count; harts->count++) {
		const struct hart_config hart_config = {
			.id = harts->count,
			.shift = config->shift,
			.isa = &harts->isa,
			.blocks = harts->blocks,
			.tables = harts->tables,
			.timebase = timebase,
			.rnmi = config->rnmi,
			.vector = harts->vector,
			.adue_at_reset = config->adue_at_reset,
			.timing = config->timing,
			.timer = config->timer,
			.coherence = harts->coherence,
		};
		struct hart *hart = hart_storage(sizeof(*hart));

		if (!hart || hart_init(hart, platform, &hart_config) < 0) {
			free(hart);
			harts_free(harts);
			return -ENOMEM;
		}
		hart->harts = harts;
		harts->hart[harts->count] = hart;
	}
	harts_connect(harts, timebase);
	return 0;
}

int harts_watch(struct harts *harts, struct ram *ram, u64 base)
{
	table_watch_add(harts->tables, ram);
	return block_cache_watch(harts->blocks, ram, base);
}

void harts_free(struct harts *harts)
{
	while (harts->count) {
		struct hart *hart = harts->hart[--harts->count];

		hart_free(hart);
		free(hart);
	}
	block_cache_free(harts->blocks);
	harts->blocks = NULL;
	table_watch_free(harts->tables);
	harts->tables = NULL;
	coherence_free(harts->coherence);
	harts->coherence = NULL;
}

void harts_reset(struct harts *harts, u64 pc)
{
	struct clock *clock = &harts->platform->clock;
	u64 now = clock->mode == CLOCK_VIRTUAL ? clock_now(clock) : 0;

	harts->current = harts->count;
	harts->quantum = quantum_most(harts);
	harts->retired_before = harts_retired(harts);
	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		log_line(&harts->platform->log, LOG_CPU_RESET,
			 "hart %u: reset at %s 0x%llx after %llu instructions, to M 0x%llx", n,
			 priv_name(hart->priv, hart->virt), hart->pc, hart_retired(hart), pc);
		hart_reset(hart, pc);
		/* The hart's own time becomes the machine's; mcycle starts from zero. */
		pmu_pause(hart, 0);
		hart->hooks.reset(hart, now);
		pmu_resume(hart, 0);
	}
}

u64 harts_retired(const struct harts *harts)
{
	u64 sum = harts->retired_before;

	for (unsigned n = 0; n < harts->count; n++)
		sum += hart_retired(harts->hart[n]);
	return sum;
}

static bool can_run(const struct hart *hart)
{
	return !hart->dead && !hart->held && (!hart->waiting || hart_wakes(hart));
}

/* Returns the hart that is furthest behind; NULL when all wait. */
static struct hart *furthest_behind(const struct harts *harts)
{
	struct hart *best = NULL;

	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		if (!hart->waiting && !hart->dead && !hart->held &&
		    (!best || hart_time(hart) < hart_time(best)))
			best = hart;
	}
	return best;
}

/* A hart that slept wakes at the time that the machine has reached. */
static void harts_wake(struct harts *harts)
{
	u64 base = harts->platform->clock.base;

	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		if (!hart->waiting || !can_run(hart))
			continue;
		hart->waiting = false;
		if (hart_time(hart) < base)
			hart_idle(hart, base - hart_time(hart));
	}
}

/* Returns what can still happen to the harts, of which none can run. */
static enum harts_exit sleep_or_death(const struct harts *harts)
{
	for (unsigned n = 0; n < harts->count; n++)
		if (liveness_is_active(harts->hart[n]))
			return HARTS_IDLE;
	return HARTS_DEAD;
}

/*
 * Returns whether a stop ended a slice that would have gone on; it goes on later, as after a limit.
 */
static bool is_cut(const struct harts *harts)
{
	return harts->stopped && harts->cut;
}

static u64 harts_budget(const struct harts *harts)
{
	u64 retired = harts_retired(harts), limit = MIN(harts->limit, harts->pause);

	return limit > retired ? limit - retired : 0;
}

static void harts_slice(struct harts *harts, struct hart *hart, u64 steps)
{
	drop_reservations_but(harts, hart);
	harts->running = hart;
	if (likely(!hart->hooks.slice) || !hart->hooks.slice(hart, harts->tier, steps))
		hart_run(hart, harts->tier, steps);
	hart_synchronize(hart);
	harts->running = NULL;
}

/* Returns whether all other harts wait: then there is none to keep in step with. */
static bool is_alone(const struct harts *harts, const struct hart *hart)
{
	for (unsigned n = 0; n < harts->count; n++) {
		const struct hart *other = harts->hart[n];

		if (other != hart && !other->waiting && !other->dead)
			return false;
	}
	return true;
}

void harts_woken(struct harts *harts)
{
	if (harts->slice_end <= harts->slice_most)
		return;
	/* A slice that a limit has cut does not go on. */
	if (harts->running)
		hart_yield(harts->running);
	else
		harts->slice_end = harts->steps_left = 0;
}

/* Returns the cycles that a hart may run before another's turn, or an event of the machine. */
static u64 slice_length(const struct harts *harts, const struct hart *hart)
{
	return is_alone(harts, hart) ? harts->slice : harts->quantum;
}

/* Fires events. An interrupt that they raise is visible to harts at the time of its event. */
static void harts_fire(struct harts *harts)
{
	struct clock *clock = &harts->platform->clock;
	bool takes[HARTS_MAX];

	for (unsigned n = 0; n < harts->count; n++)
		takes[n] = hart_takes_interrupts(harts->hart[n]);
	clock_fire(clock);
	harts_wake(harts);
	for (unsigned n = 0; n < harts->count; n++)
		if (!takes[n] && hart_takes_interrupts(harts->hart[n]))
			hart_interrupted(harts->hart[n], clock->base);
}

static bool harts_choose(struct harts *harts)
{
	struct clock *clock = &harts->platform->clock;
	struct hart *hart = furthest_behind(harts);
	u64 local, event;

	if (!hart)
		return false;
	local = hart_time(hart);
	if (local > clock->base)
		clock_advance(clock, MIN(local, clock_next(clock)));
	harts_fire(harts);
	hart = furthest_behind(harts);
	local = hart_time(hart);
	event = MAX(clock_next(clock), local + 1);
	harts->current = hart->id;
	harts->slice_end = MIN(local + slice_length(harts, hart), event);
	harts->slice_most = is_alone(harts, hart) ? local : MIN(local + quantum_most(harts), event);
	harts->slice_lr = SLICE_LR_NONE;
	harts->steps_left = 0;
	return true;
}

/*
 * Harts that contend for lines take short turns, so that a line moves to and fro as between caches;
 * when they no longer do, turns grow again.
 */
static void choose_quantum(struct harts *harts)
{
	u64 taken = harts->coherence->taken;

	harts->quantum = taken == harts->taken ? MIN(harts->quantum * 2, quantum_most(harts)) :
						 harts->quantum_least;
	harts->taken = taken;
}

/*
 * A short turn does not end between LR and SC, because harts could then keep each other from
 * progress. The manual puts both among 16 instructions (unprivileged manual, "Eventual Success of
 * Store-Conditional Instructions"). A program that comes to no SC, or to another LR first, has
 * given up the LR.
 */
static bool comes_to_sc(struct harts *harts, const struct hart *hart)
{
	if (hart->reservation == RESERVATION_NONE ||
	    hart->steps - hart->reservation_steps >= LR_SC_MOST)
		return false;
	if (harts->slice_lr == SLICE_LR_NONE)
		harts->slice_lr = hart->reservation_steps;
	return harts->slice_lr == hart->reservation_steps;
}

static bool is_over(struct harts *harts, const struct hart *hart)
{
	if (!hart_reaches(hart, harts->slice_end))
		return false;
	if (harts->slice_end >= harts->slice_most || !comes_to_sc(harts, hart))
		return true;
	harts->slice_end = MIN(hart_time(hart) + 1, harts->slice_most);
	return hart_reaches(hart, harts->slice_end);
}

/*
 * Ends the slice, unless only the limit cut it. If all others waited, the machine has reached the
 * hart's time, at which one wakes that it has woken.
 */
static void end_slice(struct harts *harts, struct hart *hart)
{
	struct clock *clock = &harts->platform->clock;
	u64 end = MIN(harts->slice_end, harts->slice_most);

	if (hart->relax && harts->count > 1 && hart_time(hart) < end)
		hart_idle(hart, end - hart_time(hart));
	if (is_alone(harts, hart) && hart_time(hart) > clock->base)
		clock_advance(clock, MIN(hart_time(hart), clock_next(clock)));
	hart->relax = false;
	harts->current = harts->count;
	choose_quantum(harts);
}

/*
 * Returns the steps to the end of the slice. If no event comes soon, and harts do not contend for
 * lines, a slice may be longer than it should be, which costs the least, but does not go past the
 * event.
 */
static u64 steps_left(const struct harts *harts, struct hart *hart)
{
	u64 next = clock_next(&harts->platform->clock), end = harts->slice_end;

	if (next < end + slice_length(harts, hart) || harts->quantum < quantum_most(harts))
		return hart_steps_until(hart, end);
	return MIN(hart_steps_about(hart, end),
		   next == CLOCK_NEVER ? UINT64_MAX : hart_steps_until(hart, next));
}

/*
 * Runs a part of the slice, `left` steps at most, and slice_max. If one of them cuts it the time is
 * not looked at, because the slice would otherwise end elsewhere than without the cut.
 */
static void run_part(struct harts *harts, struct hart *hart, u64 left)
{
	u64 before = hart->steps;

	/* The hart can be past the end if it went on at another pace. */
	if (!harts->steps_left && !hart_reaches(hart, harts->slice_end))
		harts->steps_left = steps_left(harts, hart);
	if (!harts->steps_left) {
		end_slice(harts, hart);
		return;
	}
	if (harts->slice_max)
		left = MIN(left, harts->slice_max);
	harts_slice(harts, hart, MIN(harts->steps_left, left));
	harts->steps_left -= hart->steps - before;
	if ((hart->yield && !is_cut(harts)) || hart->waiting || hart->dead ||
	    (!harts->steps_left && is_over(harts, hart)))
		end_slice(harts, hart);
}

static enum harts_exit run_virtual(struct harts *harts)
{
	struct clock *clock = &harts->platform->clock;
	u64 left = harts_budget(harts);

	if (!left)
		return HARTS_LIMIT;
	if (harts->current == harts->count) {
		harts_wake(harts);
		if (!harts_choose(harts)) {
			enum harts_exit exit = sleep_or_death(harts);

			if (exit == HARTS_DEAD || clock_next(clock) == CLOCK_NEVER)
				return exit;
			clock_advance(clock, clock_next(clock));
			harts_fire(harts);
			return HARTS_RAN;
		}
		/* An event may have ended the machine. */
		if (harts->platform->end != MACHINE_RUNS)
			return HARTS_RAN;
	}
	run_part(harts, harts->hart[harts->current], left);
	return harts->stopped ? HARTS_STOPPED : HARTS_RAN;
}

static enum harts_exit run_host(struct harts *harts)
{
	bool ran = false;

	clock_fire(&harts->platform->clock);
	for (unsigned n = 0; n < harts->count && harts->platform->end == MACHINE_RUNS; n++) {
		struct hart *hart = harts->hart[(harts->first + n) % harts->count];
		u64 left = harts_budget(harts);

		if (!can_run(hart))
			continue;
		if (!left)
			return HARTS_LIMIT;
		hart->waiting = false;
		harts_slice(harts, hart, MIN(left, harts->slice_max ? harts->slice_max : TURN));
		hart->relax = false;
		ran = true;
		/*
		 * With short slices all harts have their turn: one that steps for long does not
		 * keep others waiting.
		 */
		if (harts->stopped && !harts->slice_max) {
			harts->first = hart->id + 1;
			break;
		}
	}
	if (harts->stopped)
		return HARTS_STOPPED;
	return ran ? HARTS_RAN : sleep_or_death(harts);
}

void harts_hold(struct harts *harts, struct hart *hart, bool held)
{
	struct clock *clock = &harts->platform->clock;

	if (held && harts->current == hart->id)
		end_slice(harts, hart);
	if (!held && hart->held && clock->mode == CLOCK_VIRTUAL && hart_time(hart) < clock->base)
		hart_idle(hart, clock->base - hart_time(hart));
	hart->held = held;
	if (!held && hart->waiting && hart_wakes(hart))
		harts_woken(harts);
}

enum harts_exit harts_run(struct harts *harts)
{
	return harts->platform->clock.mode == CLOCK_VIRTUAL ? run_virtual(harts) : run_host(harts);
}
