/* SPDX-License-Identifier: MIT */
/* The harts of a machine: creation, wiring, registered state and reset. schedule.c runs them. */
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

/*
 * The lead that a hart may have over the others, in units of 2^shift ns: without a timing model, in
 * steps.
 */
#define QUANTUM 5000
/* The quantum in cycles of a modelled core, while harts take lines from each other's caches. */
#define QUANTUM_SHARED 8
/*
 * The slice of a hart while all others wait, in the unit of QUANTUM, or in cycles of a modelled
 * core if that is longer. It has an end so that the run loop can handle input from the host
 * regularly.
 */
#define SLICE 500000

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
	STATE_FIELD(struct harts, identity.vendor),
	STATE_FIELD(struct harts, identity.architecture),
	STATE_FIELD(struct harts, identity.implementation),
	STATE_FIELD(struct harts, shift),
	STATE_FIELD(struct harts, vector.vlen),
	STATE_FIELD(struct harts, vector.tail_ones),
	STATE_FIELD(struct harts, vector.mask_ones),
	STATE_FIELD(struct harts, vector.half_avl),
};

static int check_loaded(struct harts *harts)
{
	const struct hart *hart;
	u64 most = harts->slice;

	if (harts->quantum < harts->quantum_least || harts->quantum > harts->quantum_most)
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
	.version = 9,
	.fields = harts_fields,
	.count = ARRAY_SIZE(harts_fields),
	.fixed = 11,
	.post_load = harts_loaded,
};

/* Returns by how many ns the hart that runs, or is viewed, is ahead of the clock's base. */
static u64 harts_ahead(void *ctx)
{
	const struct harts *harts = ctx;
	const struct hart *hart = harts->running ? harts->running : harts->viewer;
	u64 base = harts->platform->clock.base;
	u64 local = hart ? hart_time(hart) : base;

	return local > base ? local - base : 0;
}

/* Between slices only a view changes what happens next: a state that is loaded keeps its slice. */
static void stop_running(void *ctx)
{
	struct harts *harts = ctx;

	if (harts->running || harts->viewer)
		harts_leave_slice(harts);
}

void harts_view(struct harts *harts, const struct hart *hart)
{
	harts->viewer = hart;
	harts->latest = harts->platform->clock.latest;
}

void harts_view_end(struct harts *harts, bool changed)
{
	harts->viewer = NULL;
	if (!changed)
		harts->platform->clock.latest = harts->latest;
}

/* Clears all reservations after DMA, because its addresses are not compared with them. */
static void drop_reservations(void *ctx)
{
	struct harts *harts = ctx;

	for (unsigned n = 0; n < harts->count; n++)
		harts->hart[n]->reservation = RESERVATION_NONE;
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
	harts->chaos = config->chaos;
	harts->rnmi = config->rnmi;
	harts->identity = config->identity;
	harts->vector = config->vector;
	harts->vector.vlen = MAX(config->vector.vlen, VLEN_LEAST);
	harts->quantum_most = (u64)QUANTUM << harts->shift;
	harts->quantum = harts->quantum_least = harts->quantum_most;
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
			.identity = config->identity,
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
	harts->quantum = harts->quantum_most;
	harts->retired_before = harts_retired(harts);
	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		log_line(&harts->platform->log, LOG_CPU_RESET,
			 "hart %u: reset at %s 0x%llx after %llu instructions, to M 0x%llx", n,
			 priv_name(hart->priv, hart->virt), hart->pc, hart_retired(hart), pc);
		/* Counting begins anew, so that mcycle starts from zero. */
		pmu_pause(hart, 0);
		hart_reset(hart, pc);
		/* The hart's own time is set to the machine's. */
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
