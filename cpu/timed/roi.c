/* SPDX-License-Identifier: MIT */
/* Where regions begin and end, and what follows. See roi.h. */
#include "cpu/timed/roi.h"

#include "bus/platform.h"
#include "cpu/engine/block_cache.h"
#include "cpu/mmu/peek.h"

#include <errno.h>
#include <string.h>

static bool is_on(const struct regions *regions)
{
	return regions->phase == TIMED_ON;
}

/* Between regions. Where the begin is a count, it is known early enough when to start warming. */
static enum timed_phase resting(const struct regions *regions)
{
	bool keeps = regions->warm && (regions->from.kind == REGION_PC ||
				       regions->from.kind == REGION_MARKER);

	return keeps ? TIMED_KEEPS : TIMED_OFF;
}

static u64 add(u64 a, u64 b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Instructions at which there is something to do, as far as that is known. */
static u64 next_pause(const struct regions *regions)
{
	const struct region_point *from = &regions->from, *until = &regions->until;

	if (is_on(regions) && until->kind == REGION_AFTER)
		return add(regions->began, until->value);
	if (is_on(regions))
		return until->kind == REGION_COUNT ? until->value : UINT64_MAX;
	if (from->kind != REGION_COUNT || regions->count)
		return UINT64_MAX;
	return regions->phase == TIMED_WARMS ? from->value :
					       from->value - MIN(from->value, regions->warm);
}

static void change(struct regions *regions, enum timed_phase phase)
{
	struct harts *harts = regions->harts;

	for (unsigned n = 0; n < harts->count; n++)
		timed_switch(harts->hart[n]->timed, phase);
	/* What is left of a slice passes at another pace. */
	harts->steps_left = 0;
	if (phase == TIMED_ON) {
		regions->count++;
		regions->began = harts_retired(harts);
	}
	regions->phase = phase;
	regions->behind = 0;
}

/* The next of: at rest, warming, on. */
static void go_on(struct regions *regions)
{
	bool warms = regions->phase == TIMED_OFF && !regions->due &&
		     harts_retired(regions->harts) < regions->from.value;

	if (is_on(regions))
		change(regions, resting(regions));
	else
		change(regions, warms ? TIMED_WARMS : TIMED_ON);
}

static const struct region_point *point_of(const struct regions *regions)
{
	return is_on(regions) ? &regions->until : &regions->from;
}

static void tell(struct regions *regions)
{
	enum region_kind kind = point_of(regions)->kind;

	regions->looks = kind == REGION_PC || kind == REGION_MARKER;
	regions->harts->pause = next_pause(regions);
	if (regions->switched)
		regions->switched(regions->ctx);
}

void regions_update(struct regions *regions)
{
	u64 retired = harts_retired(regions->harts);

	if (likely(!regions->due && retired < regions->harts->pause))
		return;
	do {
		go_on(regions);
		regions->due = false;
	} while (retired >= next_pause(regions));
	tell(regions);
}

void regions_switch(struct regions *regions, bool on)
{
	if (on != is_on(regions))
		change(regions, on ? TIMED_ON : resting(regions));
	tell(regions);
}

/* The marker, if it is what the hart would fetch. */
static bool at_marker(struct hart *hart, u32 marker)
{
	u32 raw = 0;

	return hart_peek_code(hart, hart->pc, &raw, 2) && (u16)raw == (u16)marker &&
	       hart_peek_code(hart, hart->pc, &raw, 4) && raw == marker;
}

static bool is_at(const struct regions *regions, struct hart *hart)
{
	const struct region_point *point = point_of(regions);

	switch (point->kind) {
	case REGION_PC:
		return hart->pc == point->value || hart->pc == point->alias;
	case REGION_MARKER:
		return at_marker(hart, REGION_MARK(is_on(regions) ? REGION_MARK_END :
								    REGION_MARK_BEGIN));
	default:
		return false;
	}
}

static bool stop(struct regions *regions, struct hart *hart)
{
	regions->due = true;
	regions->behind = 0;
	hart_yield(hart);
	return true;
}

bool regions_at_point(struct regions *regions, struct hart *hart)
{
	u64 steps = hart_steps(hart);

	if (regions->due)
		return false;
	if (regions->behind == hart->id + 1 && steps != regions->marker)
		return stop(regions, hart);
	if (!is_at(regions, hart) || regions->last[hart->id] == steps + 1)
		return false;
	regions->last[hart->id] = steps + 1;
	if (is_on(regions) || regions->from.kind == REGION_PC)
		return stop(regions, hart);
	regions->behind = hart->id + 1;
	regions->marker = steps;
	return false;
}

static const struct state_field regions_fields[] = {
	STATE_FIELD(struct regions, phase),
	STATE_FIELD(struct regions, count),
	STATE_FIELD(struct regions, began),
	STATE_FIELD(struct regions, behind),
	STATE_FIELD(struct regions, marker),
	STATE_ARRAY(struct regions, last),
};

static int regions_loaded(void *self)
{
	struct regions *regions = self;

	for (unsigned n = 0; n < regions->harts->count; n++)
		if (regions->harts->hart[n]->timed->phase != regions->phase)
			return -EINVAL;
	regions->due = false;
	tell(regions);
	return 0;
}

static const struct state_type regions_state = {
	.version = 1,
	.fields = regions_fields,
	.count = ARRAY_SIZE(regions_fields),
	.loaded = regions_loaded,
};

void regions_init(struct regions *regions, struct harts *harts)
{
	regions->harts = harts;
	for (unsigned n = 0; n < harts->count; n++)
		harts->hart[n]->regions = regions;
	state_register(&harts->platform->state, "regions", &regions_state, regions);
}

static void stop_at(struct regions *regions)
{
	const struct region_point *points[] = { &regions->from, &regions->until };
	static const u32 markers[] = {
		REGION_MARK(REGION_MARK_BEGIN), REGION_MARK(REGION_MARK_END),
	};
	struct block_cache_stops stops = { .pc = { 1, 1, 1, 1 } };

	for (unsigned n = 0; n < ARRAY_SIZE(points); n++) {
		if (points[n]->kind == REGION_PC) {
			stops.pc[2 * n] = points[n]->value;
			stops.pc[2 * n + 1] = points[n]->alias;
		} else if (points[n]->kind == REGION_MARKER) {
			stops.raw[n] = markers[n];
		}
	}
	block_cache_stop(regions->harts->blocks, &stops);
}

static int keep(struct regions *regions)
{
	const struct harts *harts = regions->harts;

	for (unsigned n = 0; n < harts->count && resting(regions) == TIMED_KEEPS; n++)
		if (timed_keep(harts->hart[n]->timed, regions->warm) < 0)
			return -ENOMEM;
	return 0;
}

int regions_reset(struct regions *regions)
{
	struct harts *harts = regions->harts;

	if (keep(regions) < 0)
		return -ENOMEM;
	stop_at(regions);
	/* What was on goes on. */
	if (is_on(regions) && regions->count)
		regions->count--;
	memset(regions->last, 0, sizeof(regions->last));
	regions->due = false;
	if (regions->from.kind != REGION_NEVER) {
		change(regions, resting(regions));
	} else {
		regions->phase = TIMED_ON;
		regions->behind = 0;
		regions->count++;
		regions->began = harts_retired(harts);
	}
	tell(regions);
	regions_update(regions);
	return 0;
}

void regions_begin_off(struct regions *regions, struct harts *harts)
{
	if (!regions->harts)
		regions_init(regions, harts);
	regions->phase = TIMED_OFF;
	regions->from = regions->until = (struct region_point){ REGION_NEVER, 0, 0 };
	regions->warm = 0;
	stop_at(regions);
	tell(regions);
}
