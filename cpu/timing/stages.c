/* SPDX-License-Identifier: MIT */
/* The queue of fetched instructions, and the reports of their steps; see stages.h. */
#include "cpu/timing/stages.h"

#define NO_ID UINT64_MAX

void timing_stages_report(const struct timing_stages *stages, const struct timing_way *way,
			  enum timing_stage stage, u64 cycle)
{
	const struct timing_step step = {
		.id = way->id, .record = way->record, .pc = way->pc, .cycle = cycle,
		.stage = stage,
	};

	if (way->id != NO_ID)
		stages->viewer.step(stages->viewer.ctx, &step);
}

void timing_stages_reset(struct timing_stages *stages)
{
	const struct timing_way none = { .record = TIMING_NO_RECORD };

	stages->next = 0;
	stages->first = stages->count = 0;
	stages->decoding = false;
	timing_stages_report(stages, &none, TIMING_BEGINS, 0);
}

static struct timing_way *timing_stages_at(struct timing_stages *stages, unsigned age)
{
	return &stages->front[(stages->first + age) % TIMING_FRONT_MAX];
}

void timing_stages_fetch(struct timing_stages *stages, u64 pc, u64 cycle)
{
	struct timing_way *way;

	if (stages->count == TIMING_FRONT_MAX)
		return;
	way = timing_stages_at(stages, stages->count++);
	*way = (struct timing_way){ .id = stages->next++, .pc = pc, .record = TIMING_NO_RECORD };
	timing_stages_report(stages, way, TIMING_FETCHED, cycle);
}

void timing_stages_decode(struct timing_stages *stages, u64 cycle)
{
	if (!stages->count || stages->decoding)
		return;
	stages->decoding = true;
	timing_stages_report(stages, timing_stages_at(stages, 0), TIMING_DECODED, cycle);
}

void timing_stages_wait(struct timing_stages *stages, u64 cycle)
{
	if (stages->count)
		timing_stages_report(stages, timing_stages_at(stages, 0), TIMING_WAITS_ISSUE,
				     cycle);
}

struct timing_way timing_stages_issue(struct timing_stages *stages, u64 record)
{
	struct timing_way way = { .id = NO_ID };

	if (!stages->count)
		return way;
	way = *timing_stages_at(stages, 0);
	way.record = record;
	stages->first = (stages->first + 1) % TIMING_FRONT_MAX;
	stages->count--;
	stages->decoding = false;
	return way;
}

void timing_stages_flush(struct timing_stages *stages, u64 cycle)
{
	for (unsigned age = 0; age < stages->count; age++)
		timing_stages_report(stages, timing_stages_at(stages, age), TIMING_FLUSHED, cycle);
	stages->count = 0;
	stages->decoding = false;
}
