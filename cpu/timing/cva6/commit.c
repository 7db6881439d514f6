/* SPDX-License-Identifier: MIT */
/*
 * CVA6's commit stage (commit_stage.sv) and its consequences (controller.sv, csr_regfile.sv). It
 * commits in order, and two instructions a cycle if the second one is simple. Instructions with
 * effects beyond registers flush the pipeline.
 */
#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/core.h"

/*
 * Returns whether a write of the CSR flushes the pipeline, because instructions that were fetched
 * after it may depend on it (csr_regfile.sv, flush_o).
 */
static bool csr_flushes(u16 csr)
{
	static const u16 flushing[] = {
		0x001 /* fflags */, 0x002 /* frm */, 0x003 /* fcsr */,
		0x100 /* sstatus */, CVA6_SATP, 0x300 /* mstatus */,
	};

	for (unsigned n = 0; n < ARRAY_SIZE(flushing); n++)
		if (csr == flushing[n])
			return true;
	return false;
}

bool cva6_restarts(const struct cva6_uop *uop)
{
	if (uop->unit != CVA6_CSR)
		return cva6_is_amo(uop);
	return uop->op != CVA6_CSR_ACCESS || (uop->writes_csr && csr_flushes(uop->csr));
}

/*
 * Flushes the pipeline after an instruction that commits. Its record is the oldest one, and fetch
 * continues with the record after it and its shadows.
 */
static void cva6_commit_restart(const struct cva6_core *core, struct cva6_wires *wires,
				const struct cva6_entry *entry)
{
	wires->flush = true;
	wires->restart = entry->next;
	wires->restart_record = core->records.commit + 1 + entry->shadows;
}

static bool cva6_commit_traps(const struct cva6_entry *entry)
{
	return entry->exception || (entry->uop.unit == CVA6_CSR && entry->flags & TIMING_TRAP);
}

/* Returns whether no store is on its way to the data cache or in its write buffer. */
static bool stores_drained(const struct cva6_core *core)
{
	return cva6_lsu_drained(&core->pipe.lsu) && cva6_dcache_drained(&core->dcache);
}

/* Returns whether an instruction of the CSR unit commits in this cycle. */
static bool commit_csr(const struct cva6_core *core, struct cva6_wires *wires,
		       const struct cva6_entry *entry)
{
	wires->csr_commits = true;
	switch (entry->uop.op) {
	case CVA6_SFENCE_VMA:
	case CVA6_FENCE:
	case CVA6_FENCE_I:
		if (!stores_drained(core))
			return false;
		wires->flush_icache = entry->uop.op == CVA6_FENCE_I;
		if (entry->uop.op == CVA6_SFENCE_VMA)
			wires->fence = entry;
		cva6_commit_restart(core, wires, entry);
		return true;
	case CVA6_XRET:
		cva6_commit_restart(core, wires, entry);
		return true;
	default:
		if (entry->uop.writes_csr && csr_flushes(entry->uop.csr))
			cva6_commit_restart(core, wires, entry);
		return true;
	}
}

static bool commit_store(const struct cva6_core *core, struct cva6_wires *wires,
			 const struct cva6_entry *entry)
{
	if (cva6_is_amo(&entry->uop)) {
		wires->amo_commits = true;
		if (wires->dcache.amo_done)
			cva6_commit_restart(core, wires, entry);
		return wires->dcache.amo_done;
	}
	wires->store_commits = core->pipe.lsu.committed.count < core->params.store_committed;
	return wires->store_commits;
}

/* Returns whether the second instruction commits together with the first. */
static bool commits_second(const struct cva6_core *core, const struct cva6_entry *first)
{
	unsigned slot = cva6_slot(&core->pipe.sb, &core->params, 1);
	const struct cva6_entry *second = &core->pipe.sb.entry[slot];

	if (core->params.issue_commit < 2 || core->pipe.sb.count < 2)
		return false;
	if (first->uop.unit == CVA6_CSR || cva6_is_amo(&first->uop))
		return false;
	if (!second->valid || second->exception || second->on_wrong_path)
		return false;
	return second->uop.unit != CVA6_STORE && second->uop.unit != CVA6_CSR;
}

static void change_context(struct cva6_wires *wires, const struct cva6_entry *entry)
{
	wires->after = entry->after;
	if (cva6_writes_what_matters(entry))
		wires->csr = entry;
}

void cva6_commit(const struct cva6_core *core, struct cva6_wires *wires)
{
	const struct cva6_entry *entry = &core->pipe.sb.entry[core->pipe.sb.oldest];
	bool commits = true;

	wires->after = core->pipe.context.after;
	if (!core->pipe.sb.count || !entry->valid || cva6_sleeps(core))
		return;
	if (entry->on_wrong_path) {
		if (core->records.commit == core->records.end)
			return;
		/* This is a wrong path: fetch is redirected to the oldest record. */
		wires->flush = true;
		wires->restart_record = core->records.commit;
		wires->restart = cva6_record(&core->records, core->records.commit)->pc;
		return;
	}
	if (cva6_commit_traps(entry))
		cva6_commit_restart(core, wires, entry);
	else if (entry->uop.unit == CVA6_CSR)
		commits = commit_csr(core, wires, entry);
	else if (entry->uop.unit == CVA6_STORE)
		commits = commit_store(core, wires, entry);
	if (!commits)
		return;
	change_context(wires, entry);
	wires->commits = 1;
	if (!cva6_commit_traps(entry) && commits_second(core, entry))
		wires->commits = 2;
}

/* Retires the oldest record. If the hart sleeps after it, the sleep begins. */
static void cva6_commit_retire(struct cva6_core *core)
{
	struct cva6_records *records = &core->records;
	u8 shadows = cva6_record(records, records->commit)->shadows;

	if (core->sleep && records->commit == core->sleep_record) {
		core->wake = core->cycle + core->sleep;
		core->sleep = 0;
	}
	records->commit += 1u + shadows;
	records->commit = MIN(records->commit, records->end);
	core->last_commit = core->alive = core->cycle;
}

static void write_csr(struct cva6_core *core, const struct cva6_entry *entry)
{
	if (entry->uop.csr == CVA6_SATP)
		cva6_context_root(&core->pipe.context, cva6_action_satp(core, entry->a));
	else
		cva6_action_pmp(&core->icache, entry->uop.csr, entry->a);
}

void cva6_commit_apply(struct cva6_core *core, const struct cva6_wires *wires)
{
	if (wires->fence)
		cva6_action_fence(core, wires->fence->a, wires->fence->b);
	for (unsigned n = 0; n < wires->commits; n++)
		cva6_commit_retire(core);
	/* Whether data accesses are translated follows the registers a cycle later. */
	core->pipe.context.data_translated = cva6_data_translated(&core->pipe.context);
	if (wires->csr)
		write_csr(core, wires->csr);
	core->pipe.context.after = wires->after;
}
