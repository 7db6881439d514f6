/* SPDX-License-Identifier: MIT */
/*
 * CVA6, assembled from its units and stepped cycle by cycle (cva6.sv). Executed instructions come
 * in as records. There are none on a wrong path, whose instructions only occupy entries. Files:
 * core.c (a cycle), issue.c, commit.c, execute.c; cva6.c is the model.
 */
#ifndef CPU_TIMING_CVA6_CORE_H
#define CPU_TIMING_CVA6_CORE_H

#include "cpu/timing/cva6/dcache/dcache.h"
#include "cpu/timing/cva6/flu.h"
#include "cpu/timing/cva6/fpu.h"
#include "cpu/timing/cva6/frontend.h"
#include "cpu/timing/cva6/mmu.h"
#include "cpu/timing/cva6/records.h"

#define UNITS "cpu/timing/cva6/state/pipeline.def"
#include "cpu/timing/fields/structs.inc"

#define UNITS "cpu/timing/cva6/state/core.def"
#include "cpu/timing/fields/structs.inc"

/* The signals between units within a cycle. */
struct cva6_wires {
	struct cva6_writeback writeback;
	struct cva6_resolved resolved;
	struct cva6_fpu_result fpu_result;
	struct cva6_mmu_cycle mmu;
	struct cva6_lsu_cycle lsu;
	struct cva6_dcache_cycle dcache;
	/* Signals of commit: */
	unsigned commits; /* number of instructions */
	bool flush; /* the whole pipeline is flushed, and fetch continues at `restart` */
	u64 restart;
	u64 restart_record; /* the number of the record with which it continues */
	bool csr_commits, store_commits, amo_commits, flush_icache;
	const struct cva6_entry *fence; /* an SFENCE.VMA that commits; or NULL */
	u8 after; /* enum timing_after from the next cycle on */
	/* the instruction that wrote a CSR that matters to the model; or NULL */
	const struct cva6_entry *csr;
	/* Units that accept the instruction issued in this cycle: */
	bool flu_ready, multiplies, divider_ready, fpu_ready, lsu_ready;
	bool issued;
	struct cva6_entry entry; /* the instruction that is issued, if one is */
};

/*
 * Prepares a core. Tallies, records and decoder are the caller's; the last two may be shared.
 * Returns 0 or -ENOMEM.
 */
int cva6_core_init(struct cva6_core *core, const struct cva6_params *params,
		   const struct timing_host *host);
void cva6_core_free(struct cva6_core *core);
void cva6_core_reset(struct cva6_core *core, u64 pc);
void cva6_core_copy(struct cva6_core *to, const struct cva6_core *from);

/* Returns the cause of this cycle, in which an instruction `commits` or none does (stall.c). */
enum timing_cause cva6_stall_cause(const struct cva6_core *core, bool commits);

/* Records actions on the tables in `actions`; NULL ends that. */
void cva6_core_record_actions(struct cva6_core *core, struct actions *actions);

void cva6_core_step(struct cva6_core *core); /* steps one cycle */

/*
 * An event that ends a sleep is in mip_q a cycle later (csr_regfile.sv, wfi_q), and commit
 * continues in the cycle after that.
 */
#define CVA6_WAKES 2

/* Returns whether commit waits for an interrupt. */
static inline bool cva6_sleeps(const struct cva6_core *core)
{
	return core->wake && core->cycle < core->wake + CVA6_WAKES;
}

/* The state before a cycle, except tables that do not change by themselves. */
struct cva6_still {
	struct cva6_pipeline pipe;
	struct cva6_icache icache;
	struct cva6_dcache dcache;
};

/* Steps a cycle, and passes over those after it in which nothing happens. */
void cva6_core_advance(struct cva6_core *core, struct cva6_still *still);

/*
 * In commit.c: return whether an instruction flushes the pipeline after it; determine the
 * instructions that commit in this cycle; and perform their commit.
 */
bool cva6_restarts(const struct cva6_uop *uop);
void cva6_commit(const struct cva6_core *core, struct cva6_wires *wires);
void cva6_commit_apply(struct cva6_core *core, const struct cva6_wires *wires);

/*
 * In issue.c: return whether the next cycle depends on a record that has not come yet; and issue.
 */
bool cva6_issue_needs_record(const struct cva6_core *core);
void cva6_issue(struct cva6_core *core, struct cva6_wires *wires);

/*
 * In execute.c: the results of the arithmetic units in this cycle; and their step to the next one.
 */
void cva6_execute(const struct cva6_core *core, struct cva6_wires *wires);
void cva6_execute_step(struct cva6_core *core, struct cva6_wires *wires);

#endif
