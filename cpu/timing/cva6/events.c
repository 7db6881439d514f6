/* SPDX-License-Identifier: MIT */
/*
 * Counts events by the signals between units within a cycle. For events that the RTL counts as well
 * (perf_counters.sv), ../models.md says how close this comes.
 */
#include "cpu/timing/cva6/events.h"

#include "cpu/timing/cva6/actions.h"

/* Attributes cycles to core->last_cause. The cycle of the reset is not counted. */
static void cva6_events_attribute(struct cva6_core *core, u64 cycles)
{
	if (!core->cycle)
		return;
	timing_attribute(core->tally, core->last_cause, cycles);
	if (core->actions)
		actions_report(core->actions, core->last_cause, cycles);
	if (core->host.attribute)
		core->host.attribute(core->host.ctx, core->last_cause, cycles);
}

/*
 * Counts cycles in which nothing retires: as stalls of the front end if the program has nothing to
 * retire, else of the back end.
 */
static void cva6_events_stall(struct cva6_core *core, u64 cycles)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;
	bool empty = !sb->count || sb->entry[sb->oldest].on_wrong_path;

	if (core->cycle && core->last_cause != CPI_SLEEP)
		core->tally->count[empty ? TIMING_STALL_FRONT : TIMING_STALL_BACK] += cycles;
}

/*
 * Reports that a record retires. The other events of the cycle are counted after that, because they
 * belong to the instructions after it.
 */
static void report_retirement(struct cva6_core *core, u64 record, u8 shadows)
{
	if (core->actions)
		actions_report(core->actions, RETIRED_RECORD, core->cycle - core->actions->begin);
	if (core->actions && shadows)
		actions_report(core->actions, RETIRED_SHADOWS, shadows);
	if (core->host.commit && record <= core->last)
		core->host.commit(core->host.ctx, record, core->cycle);
}

void cva6_count_cycle(struct cva6_core *core, const struct cva6_wires *wires)
{
	u64 record = core->records.commit, end = MIN(core->last, core->records.end - 1);

	core->last_cause = cva6_stall_cause(core, wires->commits);
	cva6_events_attribute(core, 1);
	if (!wires->commits)
		cva6_events_stall(core, 1);
	for (unsigned n = 0; n < wires->commits; n++) {
		const struct timing_record *retired = cva6_record(&core->records, record);
		unsigned slot = cva6_slot(&core->pipe.sb, &core->params, n);
		u8 mode = core->tally->mode;

		if (core->pipe.sb.entry[slot].uop.unit == CVA6_CTRL_FLOW)
			timing_count(core->tally, TIMING_BRANCH);
		timing_tally_retire(core->tally, retired, core->cycle);
		report_retirement(core, record, retired->shadows);
		if (core->actions && core->tally->mode != mode)
			actions_enter(core->actions, core->tally);
		if (record <= end && record + retired->shadows >= end)
			*core->seen = *core->tally;
		record += 1u + retired->shadows;
	}
}

void cva6_count_idle(struct cva6_core *core, u64 cycles)
{
	core->last_cause = cva6_stall_cause(core, false);
	cva6_events_attribute(core, cycles);
	cva6_events_stall(core, cycles);
}

/* Counts a miss, if the data cache requests a line and not an uncached access. */
static void count_refill(struct cva6_core *core, const struct cva6_axi_request *request)
{
	bool walks = core->dcache.miss.port == CVA6_PORT_WALKER;

	if (request->type == CVA6_AXI_LOAD && request->cached)
		timing_count(core->tally, walks ? TIMING_WALK_READ_MISS : TIMING_L1D_READ_MISS);
}

static void count_walk(struct cva6_core *core, bool store)
{
	if (core->pipe.mmu.walker.instruction)
		timing_count(core->tally, TIMING_ITLB_READ_MISS);
	else
		timing_count(core->tally, store ? TIMING_DTLB_WRITE_MISS : TIMING_DTLB_READ_MISS);
}

void cva6_count_memory(struct cva6_core *core, const struct cva6_wires *wires, u8 walker)
{
	const struct cva6_dcache_cycle *dcache = &wires->dcache;
	const struct cva6_lsu_cycle *lsu = &wires->lsu;
	bool translated = core->pipe.context.data_translated;
	bool stores = lsu->is_store && lsu->pop;

	if (wires->resolved.mispredict)
		timing_count(core->tally, TIMING_MISPREDICT);
	if (lsu->granted && lsu->hit)
		timing_count(core->tally, TIMING_L1D_READ);
	if (lsu->granted && lsu->hit && translated)
		timing_count(core->tally, TIMING_DTLB_READ);
	if (stores && translated)
		timing_count(core->tally, TIMING_DTLB_WRITE);
	if (dcache->store_granted)
		timing_count(core->tally, TIMING_L1D_WRITE);
	if (dcache->write_missed)
		timing_count(core->tally, TIMING_L1D_WRITE_MISS);
	if (dcache->reply[CVA6_PORT_WALKER].granted)
		timing_count(core->tally, TIMING_WALK_READ);
	if (dcache->axi_request)
		count_refill(core, &dcache->request);
	if (walker == CVA6_WALKER_IDLE && core->pipe.mmu.walker.state == CVA6_WALKER_WAIT_GRANT)
		count_walk(core, lsu->is_store);
}

void cva6_count_fetch(struct cva6_core *core, u8 icache, const struct cva6_icache_out *out)
{
	if (icache != CVA6_ICACHE_READ || !(out->valid || out->miss))
		return;
	timing_count(core->tally, TIMING_L1I_READ);
	if (out->miss && core->icache.cached)
		timing_count(core->tally, TIMING_L1I_READ_MISS);
	if (cva6_fetch_translated(&core->pipe.context))
		timing_count(core->tally, TIMING_ITLB_READ);
}
