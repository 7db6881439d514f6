/* SPDX-License-Identifier: MIT */
/* Recognises the points where regions begin and end, and switches the models there (see roi.h). */
#include "cpu/timed/roi.h"

#include "bus/platform.h"
#include "cpu/engine/block_cache.h"
#include "cpu/mmu/peek.h"

#include <errno.h>
#include <string.h>

static bool is_on(const struct roi *roi)
{
	return roi->phase == TIMED_ON;
}

/*
 * Returns the phase outside of regions. If the begin is a count, it is known when to start warming
 * up, so no records are kept.
 */
static enum timed_phase roi_resting(const struct roi *roi)
{
	bool keeps = roi->warm && (roi->from.kind == ROI_PC || roi->from.kind == ROI_MARKER);

	return keeps ? TIMED_KEEPS : TIMED_OFF;
}

static u64 roi_add(u64 a, u64 b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Returns whether the harts have passed the end of the last region, if that comes only once. */
static bool is_over(const struct roi *roi)
{
	return roi->until.kind == ROI_COUNT && harts_retired(roi->harts) >= roi->until.value;
}

/* Returns whether a point is still to come: no region begins after the end of the last one. */
static bool may_come(const struct roi *roi)
{
	return is_on(roi) || !is_over(roi);
}

/* Returns the number of retired instructions at which the phase may change next, if it is known. */
static u64 next_pause(const struct roi *roi)
{
	const struct roi_point *from = &roi->from, *until = &roi->until;

	if (is_on(roi) && until->kind == ROI_AFTER)
		return roi_add(roi->began, until->value);
	/* A region that was begun by hand after its end does not end there. */
	if (is_on(roi))
		return until->kind == ROI_COUNT && until->value > roi->began ? until->value :
									       UINT64_MAX;
	if (from->kind != ROI_COUNT || roi->begun || is_over(roi))
		return UINT64_MAX;
	return roi->phase == TIMED_WARMS ? from->value : from->value - MIN(from->value, roi->warm);
}

static void enter_phase(struct roi *roi, enum timed_phase phase)
{
	if (phase == TIMED_ON) {
		roi->count++;
		roi->begun = true;
		roi->began = harts_retired(roi->harts);
	}
	roi->phase = phase;
	roi->behind = 0;
}

/*
 * Returns the cycles of the region that has just ended: those of the hart that has most, because
 * harts run at the same time.
 */
static u64 cycles_of_region(struct roi *roi)
{
	u64 most = 0;

	for (unsigned n = 0; n < roi->harts->count; n++) {
		u64 done = roi->harts->hart[n]->timed->done.cycles;

		most = MAX(most, done - roi->earlier[n]);
		roi->earlier[n] = done;
	}
	return most;
}

/* Takes the cycles of a region that has just ended. */
static void take_region(struct roi *roi)
{
	struct roi_extremes *extremes = &roi->extremes;
	u64 cycles = cycles_of_region(roi);

	extremes->shortest = extremes->ended ? MIN(extremes->shortest, cycles) : cycles;
	if (!extremes->ended || cycles > extremes->longest) {
		extremes->longest = cycles;
		extremes->longest_from = roi->began;
	}
	extremes->ended++;
}

static void roi_change(struct roi *roi, enum timed_phase phase)
{
	struct harts *harts = roi->harts;

	for (unsigned n = 0; n < harts->count; n++)
		timed_switch(harts->hart[n]->timed, phase);
	if (is_on(roi))
		take_region(roi);
	/* The rest of the slice would pass at another pace, so the slice ends. */
	harts->steps_left = 0;
	enter_phase(roi, phase);
}

/* Enters the next phase, in this order: at rest, warming up, on. */
static void next_phase(struct roi *roi)
{
	bool warms = roi->phase == TIMED_OFF && !roi->due &&
		     harts_retired(roi->harts) < roi->from.value;

	if (is_on(roi))
		roi_change(roi, roi_resting(roi));
	else
		roi_change(roi, warms ? TIMED_WARMS : TIMED_ON);
}

static const struct roi_point *point_of(const struct roi *roi)
{
	return is_on(roi) ? &roi->until : &roi->from;
}

/* Returns whether the instruction that the hart would fetch is this marker. */
static bool at_marker(struct hart *hart, u32 marker)
{
	u32 raw = 0;

	return hart_peek_code(hart, hart->pc, &raw, 2) && (u16)raw == (u16)marker &&
	       hart_peek_code(hart, hart->pc, &raw, 4) && raw == marker;
}

static bool is_at(const struct roi *roi, struct hart *hart)
{
	const struct roi_point *point = point_of(roi);

	switch (point->kind) {
	case ROI_PC:
		return hart->pc == point->value || hart->pc == point->alias;
	case ROI_MARKER:
		return at_marker(hart, ROI_MARK(is_on(roi) ? ROI_MARK_END : ROI_MARK_BEGIN));
	default:
		return false;
	}
}

static bool roi_stop(struct roi *roi, struct hart *hart)
{
	roi->due = true;
	roi->behind = 0;
	hart_yield(hart);
	return true;
}

static bool roi_at_point(struct hart *hart)
{
	struct roi *roi = hart->roi;
	u64 steps = hart_steps(hart);

	if (roi->due)
		return false;
	if (roi->behind == hart->id + 1 && steps != roi->marker)
		return roi_stop(roi, hart);
	if (!is_at(roi, hart) || roi->last[hart->id] == steps + 1)
		return false;
	roi->last[hart->id] = steps + 1;
	if (is_on(roi) || roi->from.kind == ROI_PC)
		return roi_stop(roi, hart);
	roi->behind = hart->id + 1;
	roi->marker = steps;
	return false;
}

static bool roi_single(const struct hart *hart, bool other)
{
	return hart->roi->single || other;
}

static const struct hart_hooks roi_hooks = { .at_point = roi_at_point, .single = roi_single };

/*
 * Registers the hooks by which harts look for the point in force, or removes them if it cannot
 * come.
 */
static void register_hooks(const struct roi *roi)
{
	enum roi_kind kind = point_of(roi)->kind;
	bool looks = may_come(roi) && (kind == ROI_PC || kind == ROI_MARKER);

	for (unsigned n = 0; n < roi->harts->count; n++)
		(looks ? hart_hooks_add : hart_hooks_remove)(roi->harts->hart[n], &roi_hooks);
}

static void roi_apply(struct roi *roi)
{
	register_hooks(roi);
	roi->harts->pause = next_pause(roi);
	if (roi->switched)
		roi->switched(roi->ctx);
}

void roi_update(struct roi *roi)
{
	u64 retired = harts_retired(roi->harts);

	if (likely(!roi->due && retired < roi->harts->pause))
		return;
	do {
		if (may_come(roi))
			next_phase(roi);
		roi->due = false;
	} while (retired >= next_pause(roi));
	roi_apply(roi);
}

void roi_switch(struct roi *roi, bool on)
{
	if (on != is_on(roi))
		roi_change(roi, on ? TIMED_ON : roi_resting(roi));
	roi_apply(roi);
}

static void clear_figures(struct roi *roi)
{
	roi->count = 0;
	memset(roi->earlier, 0, sizeof(roi->earlier));
	roi->extremes = (struct roi_extremes){ 0 };
}

/*
 * Begins to look for the points, with no cycles counted. `fresh`: the harts and their models have
 * just been reset.
 */
static void roi_start(struct roi *roi, bool fresh)
{
	roi->phase = TIMED_OFF;
	clear_figures(roi);
	memset(roi->last, 0, sizeof(roi->last));
	roi->due = false;
	if (roi->from.kind != ROI_NEVER || is_over(roi))
		roi_change(roi, roi_resting(roi));
	else if (fresh)
		enter_phase(roi, TIMED_ON);
	else
		roi_change(roi, TIMED_ON);
	roi_apply(roi);
	roi_update(roi);
}

#define POINT(point)                                                                               \
	STATE_FIELD(struct roi, point.kind), STATE_FIELD(struct roi, point.value),                 \
	STATE_FIELD(struct roi, point.alias)

static const struct state_field roi_fields[] = {
	STATE_FIELD(struct roi, phase),
	STATE_FIELD(struct roi, count),
	STATE_FIELD(struct roi, begun),
	STATE_FIELD(struct roi, began),
	STATE_ARRAY(struct roi, earlier),
	STATE_FIELD(struct roi, extremes.ended),
	STATE_FIELD(struct roi, extremes.shortest),
	STATE_FIELD(struct roi, extremes.longest),
	STATE_FIELD(struct roi, extremes.longest_from),
	STATE_FIELD(struct roi, behind),
	STATE_FIELD(struct roi, marker),
	STATE_ARRAY(struct roi, last),
	POINT(saved.from),
	POINT(saved.until),
	STATE_FIELD(struct roi, saved.warm),
};

static void roi_pre_save(void *self)
{
	struct roi *roi = self;

	roi->saved.from = roi->from;
	roi->saved.until = roi->until;
	roi->saved.warm = roi->warm;
}

static bool same_point(const struct roi_point *a, const struct roi_point *b)
{
	return a->kind == b->kind && a->value == b->value && a->alias == b->alias;
}

static bool same_points(const struct roi *roi)
{
	return same_point(&roi->saved.from, &roi->from) &&
	       same_point(&roi->saved.until, &roi->until) && roi->saved.warm == roi->warm;
}

/* Returns whether no hart has executed anything since reset. */
static bool is_fresh(const struct harts *harts)
{
	for (unsigned n = 0; n < harts->count; n++)
		if (hart_steps(harts->hart[n]))
			return false;
	return true;
}

/* Starts over in a machine that was saved with other points. */
static void roi_restart(struct roi *roi)
{
	struct harts *harts = roi->harts;
	bool fresh = is_fresh(harts);

	for (unsigned n = 0; n < harts->count; n++) {
		timed_forget(harts->hart[n]->timed);
		if (fresh)
			timed_from(harts->hart[n]->timed, harts->hart[n]->timed->from);
	}
	roi->begun = false;
	roi_start(roi, fresh);
}

static int roi_loaded(void *self)
{
	struct roi *roi = self;
	u32 behind = roi->behind;

	for (unsigned n = 0; n < roi->harts->count; n++)
		if (roi->harts->hart[n]->timed->phase != roi->phase)
			return -EINVAL;
	roi->due = false;
	if (!same_points(roi)) {
		roi_restart(roi);
		return 0;
	}
	/*
	 * Kept records are not part of the state, so they are kept anew. A hart may be at the
	 * marker.
	 */
	if (roi->phase == TIMED_KEEPS) {
		roi_change(roi, roi_resting(roi));
		roi->behind = behind;
	}
	roi_apply(roi);
	roi_update(roi);
	return 0;
}

static const struct state_type roi_state = {
	.version = 5,
	.fields = roi_fields,
	.count = ARRAY_SIZE(roi_fields),
	.pre_save = roi_pre_save,
	.post_load = roi_loaded,
};

void roi_init(struct roi *roi, struct harts *harts)
{
	roi->harts = harts;
	for (unsigned n = 0; n < harts->count; n++)
		harts->hart[n]->roi = roi;
	state_register(&harts->platform->state, "regions", &roi_state, roi);
}

static void stop_at(struct roi *roi)
{
	const struct roi_point *points[] = { &roi->from, &roi->until };
	static const u32 markers[] = {
		ROI_MARK(ROI_MARK_BEGIN), ROI_MARK(ROI_MARK_END),
	};
	struct block_cache_stops stops = { .pc = { 1, 1, 1, 1 } };

	for (unsigned n = 0; n < ARRAY_SIZE(points); n++) {
		if (points[n]->kind == ROI_PC) {
			stops.pc[2 * n] = points[n]->value;
			stops.pc[2 * n + 1] = points[n]->alias;
		} else if (points[n]->kind == ROI_MARKER) {
			stops.raw[n] = markers[n];
		}
	}
	block_cache_stop(roi->harts->blocks, &stops);
}

static int roi_keep(struct roi *roi)
{
	const struct harts *harts = roi->harts;

	for (unsigned n = 0; n < harts->count && roi_resting(roi) == TIMED_KEEPS; n++)
		if (timed_keep(harts->hart[n]->timed, roi->warm) < 0)
			return -ENOMEM;
	return 0;
}

int roi_reset(struct roi *roi)
{
	if (roi_keep(roi) < 0)
		return -ENOMEM;
	stop_at(roi);
	/* A region that was on may begin once more. */
	if (is_on(roi))
		roi->begun = false;
	roi_start(roi, true);
	return 0;
}

int roi_begin_cold(struct roi *roi)
{
	if (roi_keep(roi) < 0)
		return -ENOMEM;
	stop_at(roi);
	roi_restart(roi);
	return 0;
}

void roi_begin_off(struct roi *roi, struct harts *harts)
{
	if (!roi->harts)
		roi_init(roi, harts);
	roi->phase = TIMED_OFF;
	roi->begun = false;
	clear_figures(roi);
	roi->from = roi->until = (struct roi_point){ ROI_NEVER, 0, 0 };
	roi->warm = 0;
	stop_at(roi);
	roi_apply(roi);
}
