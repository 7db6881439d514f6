/* SPDX-License-Identifier: MIT */
/*
 * CVA6, put together out of its units and stepped by the cycle (cva6.sv). Executed instructions
 * come in as records; there are none on a wrong path, whose instructions do nothing but take up
 * entries. Files: core.c (a cycle), issue.c, commit.c, execute.c; cva6.c is the model.
 */
#ifndef CPU_TIMING_CVA6_CORE_H
#define CPU_TIMING_CVA6_CORE_H

#include "cpu/timing/cva6/dcache/dcache.h"
#include "cpu/timing/cva6/flu.h"
#include "cpu/timing/cva6/fpu.h"
#include "cpu/timing/cva6/frontend.h"
#include "cpu/timing/cva6/mmu.h"
#include "cpu/timing/cva6/records.h"

/*
 * All that is between fetch and commit, and on its way to memory. It is small beside the tables,
 * and a cycle in which nothing happens changes nothing in it.
 */
struct cva6_pipeline {
	struct cva6_frontend frontend;
	struct cva6_fetched decoded; /* issue_q of id_stage.sv */
	bool decoded_valid;
	struct cva6_scoreboard sb;
	bool executing; /* fu_data_q: what was issued last cycle */
	u8 execute_slot;
	struct cva6_flu flu;
	struct cva6_fpu fpu;
	struct cva6_lsu lsu;
	struct cva6_mmu mmu;
	struct cva6_context context;
	struct cva6_axi axi;
};

struct cva6_core {
	struct cva6_params params;
	struct timing_host host;
	struct timing_tally *tally, *seen; /* its own; what that was when the last record left */
	u64 last; /* the number of which, UINT64_MAX: of all that there are */
	struct cva6_view *view; /* NULL: nobody watches */
	struct cva6_decoder *decoder;
	struct cva6_records records;
	u64 cycle; /* since reset */
	u64 last_commit; /* the cycle of */
	u64 wake; /* the cycle in which the hart's sleep ends (WFI) */
	/* Cycles that the hart sleeps after this record, if it has not left yet. */
	u64 sleep, sleep_record;
	u8 refills_behind; /* what the front end began anew for: enum timing_cause */
	u8 spent_on; /* the last cycle */
	u64 told, told_at; /* the latest answer to "what cycle?"; how many records there were */
	u64 alive; /* the cycle of the latest sign of life */
	unsigned quiet; /* cycles in a row in which nothing was issued, and nothing left */
	u64 signature; /* after the last of them, of what changes most often */
	bool repeats; /* it was the same a cycle before */
	struct cva6_pipeline pipe;
	struct cva6_predictors predictors;
	struct cva6_tlbs tlbs;
	struct cva6_icache icache;
	struct cva6_dcache dcache;
	struct actions *actions; /* while what is asked of the tables is written down */
};

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
	bool flush; /* the whole pipeline is flushed, and fetch goes on at `restart` */
	u64 restart;
	u64 restart_record; /* the record to go on with */
	bool csr_commits, store_commits, amo_commits, flush_icache;
	const struct cva6_entry *fence; /* an SFENCE.VMA that commits; or NULL */
	u8 after; /* enum timing_after from the next cycle on */
	/* the instruction that wrote a CSR that matters here; or NULL */
	const struct cva6_entry *csr;
	/* Units that accept what is issued in this cycle: */
	bool flu_ready, multiplies, divider_ready, fpu_ready, lsu_ready;
	bool issued;
	struct cva6_entry entry; /* the instruction issued */
};

/*
 * Prepare a core. Tallies, records and decoder are the caller's; the last two may be shared. Return
 * 0 or -ENOMEM.
 */
int cva6_core_init(struct cva6_core *core, const struct cva6_params *params,
		   const struct timing_host *host);
void cva6_core_free(struct cva6_core *core);
void cva6_core_reset(struct cva6_core *core, u64 pc);
void cva6_core_copy(struct cva6_core *to, const struct cva6_core *from);

/* Return the cause of this cycle; it is called after cva6_commit (stall.c). */
enum timing_cause cva6_stall_cause(const struct cva6_core *core, const struct cva6_wires *wires);

/* Have actions on the tables recorded; `actions` is NULL to end that. */
void cva6_core_write_down(struct cva6_core *core, struct actions *actions);

void cva6_core_step(struct cva6_core *core); /* step one cycle */

/*
 * An event that ends a sleep is in mip_q a cycle later (csr_regfile.sv, wfi_q), and commit goes on
 * in the cycle behind that.
 */
#define CVA6_WAKES 2

/* Return whether commit waits for an interrupt. */
static inline bool cva6_sleeps(const struct cva6_core *core)
{
	return core->wake && core->cycle < core->wake + CVA6_WAKES;
}

/* The state before a cycle, but for tables that do not change by themselves. */
struct cva6_still {
	struct cva6_pipeline pipe;
	struct cva6_icache icache;
	struct cva6_dcache dcache;
};

/* Step a cycle, and pass over those after it in which nothing happens. */
void cva6_core_advance(struct cva6_core *core, struct cva6_still *still);

/*
 * commit.c: return whether an instruction flushes the pipeline behind it; find out what commits in
 * this cycle; and have it done.
 */
bool cva6_restarts(const struct cva6_uop *uop);
void cva6_commit(const struct cva6_core *core, struct cva6_wires *wires);
void cva6_commit_apply(struct cva6_core *core, const struct cva6_wires *wires);

/* issue.c: return whether the next cycle depends on a record that has not come yet; and issue. */
bool cva6_issue_starves(const struct cva6_core *core);
void cva6_issue(struct cva6_core *core, struct cva6_wires *wires);

/* execute.c: results of the arithmetic units in this cycle; and their step to the next one. */
void cva6_execute(const struct cva6_core *core, struct cva6_wires *wires);
void cva6_execute_step(struct cva6_core *core, struct cva6_wires *wires);

#endif
