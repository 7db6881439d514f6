/* SPDX-License-Identifier: MIT */
/* Skips cycles in which nothing happens. See idle.h. */
#include "cpu/timing/c906/idle.h"

#include "cpu/timing/c906/events.h"
#include "cpu/timing/memo/actions.h"

#include <string.h>

static void copy_still(struct c906_idle_snapshot *still, const struct c906_core *core)
{
	const struct c906_env *env = &core->env;

	memcpy(&still->pipe, &core->pipe, sizeof(still->pipe));
	memcpy(&still->biu, &env->biu, sizeof(still->biu));
	still->records = core->records;
	if (!env->actions)
		memcpy(&still->learned, &env->tables->learned, sizeof(still->learned));
	still->tally = *env->tally;
	still->actions = env->actions;
	still->logged = env->actions ? env->actions->log.count : 0;
	still->later = env->actions ? env->later->count : 0;
	still->refills_behind = core->refills_behind;
	still->starves = core->starves;
	still->drained = core->drained;
	still->starts = core->starts;
}

/*
 * Returns whether a cycle has not changed the tables. While actions are recorded, it has not if
 * there were none; else the tables are compared.
 */
static bool had_no_effect(const struct c906_idle_snapshot *still, const struct c906_core *core)
{
	const struct c906_env *env = &core->env;

	if (env->actions != still->actions)
		return false;
	if (env->actions)
		return still->logged == env->actions->log.count &&
		       still->later == env->later->count;
	return !memcmp(&still->learned, &env->tables->learned, sizeof(still->learned));
}

static bool is_still(const struct c906_idle_snapshot *still, const struct c906_core *core)
{
	const struct c906_records *records = &core->records;

	return still->records.end == records->end && still->records.issue == records->issue &&
	       still->records.commit == records->commit &&
	       still->refills_behind == core->refills_behind && still->starves == core->starves &&
	       still->drained == core->drained && still->starts == core->starts &&
	       had_no_effect(still, core) &&
	       !memcmp(&still->biu, &core->env.biu, sizeof(still->biu)) &&
	       !memcmp(&still->pipe, &core->pipe, sizeof(still->pipe));
}

/*
 * The first cycle, `now` or later, that differs from those before it because something is due then.
 */
struct due {
	u64 now, next;
};

static void due_at(struct due *due, u64 cycle)
{
	if (cycle >= due->now)
		due->next = MIN(due->next, cycle);
}

/* Notes a cycle with which another one is compared: before it, in it, or after it. */
static void due_around(struct due *due, u64 cycle)
{
	due_at(due, cycle);
	if (cycle != UINT64_MAX)
		due_at(due, cycle + 1);
}

/*
 * Notes the beats of a read. They come one a cycle, and those that wait for one look a cycle ahead.
 */
static void due_beats(struct due *due, u64 first)
{
	if (due->now < first)
		due_at(due, first - 1);
	else if (due->now < first + C906_BEATS)
		due_at(due, due->now);
}

static void due_on_bus(struct due *due, const struct c906_biu *biu)
{
	for (unsigned n = 0; n < C906_WRITES; n++) {
		due_around(due, biu->write[n].granted);
		due_at(due, biu->write[n].until);
	}
}

static void due_in_lsu(struct due *due, const struct c906_lsu *lsu)
{
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].state)
			due_beats(due, lsu->fill[n].beat);
	for (unsigned n = 0; n < C906_STORES_MAX; n++)
		due_at(due, lsu->store[n].amo_data);
}

static void due_in_mmu(struct due *due, const struct c906_mmu *mmu)
{
	due_around(due, mmu->iutlb.since);
	due_around(due, mmu->dutlb.since);
	due_at(due, mmu->walker.until);
	due_at(due, mmu->held_from);
	due_at(due, mmu->held);
}

static u64 next_due(const struct c906_core *core)
{
	const struct c906_icache *icache = &core->pipe.ifu.icache;
	struct due due = { core->env.now, UINT64_MAX };

	due_on_bus(&due, &core->env.biu);
	due_in_lsu(&due, &core->pipe.lsu);
	due_in_mmu(&due, &core->pipe.mmu);
	due_beats(&due, icache->beat);
	due_beats(&due, icache->ahead_beat);
	due_at(&due, icache->invalidated);
	due_around(&due, core->pipe.ex1.until);
	due_at(&due, c906_core_gives_up(core));
	return due.next;
}

/*
 * Returns whether to find out if the next cycle changes anything. c906.c skips the cycles of a
 * sleeping core, and with a viewer each cycle is stepped.
 */
static bool may_compare(const struct c906_core *core)
{
	return core->quiet && !(core->quiet & (core->quiet - 1)) && core->env.now && !core->view &&
	       core->pipe.ex1.cp0 != C906_CP0_SLEEP;
}

static NOINLINE void step_and_compare(struct c906_core *core, struct c906_idle_snapshot *still)
{
	u64 next;

	copy_still(still, core);
	c906_core_step(core);
	if (!core->quiet || !is_still(still, core))
		return;
	next = next_due(core);
	c906_count_idle(core, &still->tally, next - core->env.now);
	core->env.now = next;
	core->quiet = 0;
}

/*
 * Steps a cycle, and skips those after it if nothing changed. A comparison costs as much as a cycle
 * or two, so the longer the core is quiet, the less often it is done.
 */
void c906_core_advance(struct c906_core *core, struct c906_idle_snapshot *still)
{
	if (may_compare(core))
		step_and_compare(core, still);
	else
		c906_core_step(core);
}
