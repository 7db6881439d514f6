/* SPDX-License-Identifier: MIT */
/*
 * Stall attribution of CVA6. When nothing retires, the cause is that of the oldest instruction. If
 * there is none, it is what the front end waits for, or what flushed the pipeline.
 */
#include "cpu/timing/cva6/core.h"

static bool cva6_stall_walks(const struct cva6_core *core, bool instruction)
{
	const struct cva6_mmu *mmu = &core->pipe.mmu;

	if (mmu->missed)
		return mmu->missed_fetch == instruction;
	return mmu->walker.state != CVA6_WALKER_IDLE && mmu->walker.instruction == instruction;
}

static enum timing_cause cva6_stall_front_end(const struct cva6_core *core)
{
	if (core->pipe.decoded_valid)
		return CPI_ISSUE;
	switch (core->icache.state) {
	case CVA6_ICACHE_FLUSH:
		return CPI_FENCE;
	case CVA6_ICACHE_MISS:
	case CVA6_ICACHE_KILL_MISS:
		return CPI_L1I;
	default:
		return cva6_stall_walks(core, true) ? CPI_TLB : core->refills_behind;
	}
}

static enum timing_cause of_load(const struct cva6_core *core)
{
	if (cva6_stall_walks(core, false))
		return CPI_TLB;
	if (core->pipe.lsu.load_state == CVA6_LOAD_WAIT_PAGE_OFFSET)
		return CPI_STORES;
	switch (core->dcache.port[CVA6_PORT_LOAD].state) {
	case CVA6_PORT_IDLE:
	case CVA6_PORT_READ:
		return CPI_LOAD_USE;
	default:
		return CPI_L1D;
	}
}

/*
 * Returns what the oldest instruction waits for, because it has not executed or may not commit yet.
 */
static enum timing_cause of_oldest(const struct cva6_core *core, const struct cva6_entry *entry)
{
	switch (entry->uop.unit) {
	case CVA6_LOAD:
		return of_load(core);
	case CVA6_STORE:
		return cva6_stall_walks(core, false) ? CPI_TLB : CPI_STORES;
	case CVA6_MULT:
	case CVA6_DIV:
		return CPI_MULDIV;
	case CVA6_FPU:
		return CPI_FP;
	case CVA6_CSR:
		return CPI_FENCE;
	default:
		return CPI_ISSUE;
	}
}

enum timing_cause cva6_stall_cause(const struct cva6_core *core, bool commits)
{
	const struct cva6_entry *entry = &core->pipe.sb.entry[core->pipe.sb.oldest];

	if (cva6_sleeps(core))
		return CPI_SLEEP;
	if (commits)
		return CPI_ISSUE;
	if (!core->pipe.sb.count)
		return cva6_stall_front_end(core);
	return entry->on_wrong_path ? CPI_MISPREDICT : of_oldest(core, entry);
}
