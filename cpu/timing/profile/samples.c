/* SPDX-License-Identifier: MIT */
/* Counts events by call stack; see samples.h. */
#include "cpu/timing/profile/samples.h"

#include "cpu/timing/kind.h"

#include <stdlib.h>

/*
 * Events that the account assigns to the right instruction, so that the tally is not needed for
 * them.
 */
#define BY_ACCOUNT (BIT(TIMING_CYCLES) | BIT(TIMING_INSTRUCTIONS) | ~0ull << TIMING_CPI)

struct timing_samples *timing_samples_create(const struct place_names *names, const struct isa *isa,
					     u64 events, u64 period)
{
	struct timing_samples *samples = calloc(1, sizeof(*samples));

	if (!samples)
		return NULL;
	*samples = (struct timing_samples){
		.calls = calls_create(names, isa), .events = events, .period = period,
	};
	if (samples->calls)
		return samples;
	free(samples);
	return NULL;
}

int timing_samples_places(struct timing_samples *samples)
{
	return call_places_init(&samples->places);
}

void timing_samples_free(struct timing_samples *samples)
{
	if (!samples)
		return;
	call_places_free(&samples->places);
	calls_free(samples->calls);
	free(samples);
}

void timing_samples_move(struct timing_samples *samples, struct timing_model *model)
{
	samples->tally = &model->tally;
	if (samples->events & ~BY_ACCOUNT)
		timing_step_all(model);
	timing_samples_begin(samples);
}

static u64 tallied(const struct timing_samples *samples)
{
	u64 sum = 0;

	for (u64 left = samples->events & ~BY_ACCOUNT; left; left &= left - 1)
		sum += samples->tally->count[__builtin_ctzll(left)];
	return sum;
}

void timing_samples_clear(struct timing_samples *samples)
{
	calls_clear(samples->calls);
	if (samples->places.list)
		call_places_clear(&samples->places);
	samples->rest = 0;
}

void timing_samples_begin(struct timing_samples *samples)
{
	samples->tallied = tallied(samples);
	calls_begin(samples->calls);
}

void timing_samples_add(struct timing_samples *samples, u32 node, u64 place,
			const u64 stack[TIMING_CAUSES], bool retires)
{
	u64 now = tallied(samples), count = now - samples->tallied;

	samples->tallied = now;
	if (samples->events & BIT(TIMING_INSTRUCTIONS))
		count += retires;
	for (unsigned c = 0; c < TIMING_CAUSES; c++)
		if (samples->events & (BIT(TIMING_CYCLES) | BIT(TIMING_CPI + c)))
			count += stack[c];
	samples->rest += count;
	count = samples->rest - samples->rest % samples->period;
	samples->rest -= count;
	samples->calls->nodes[node].self += count;
	if (samples->places.list)
		call_places_add(&samples->places, node, place, count);
}
