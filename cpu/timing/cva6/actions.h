/* SPDX-License-Identifier: MIT */
/*
 * The actions of a CVA6's pipeline on the caches' arrays, the predictors and the TLBs, which are
 * outside of it. The pipeline does all of this through these functions, so that a memo can record
 * it (../memo/actions.h).
 */
#ifndef CPU_TIMING_CVA6_ACTIONS_H
#define CPU_TIMING_CVA6_ACTIONS_H

#include "cpu/timing/cva6/dcache/dcache.h"
#include "cpu/timing/cva6/frontend.h"
#include "cpu/timing/cva6/mmu.h"
#include "cpu/timing/memo/actions.h"

enum cva6_action_kind {
	CVA6_ACTION_WORD = ACTION_OWN, CVA6_ACTION_WAY, CVA6_ACTION_LINE, CVA6_ACTION_BRANCH,
	CVA6_ACTION_BHT, CVA6_ACTION_BHT_LEARN, CVA6_ACTION_BTB, CVA6_ACTION_BTB_LEARN,
	CVA6_ACTION_RAS, CVA6_ACTION_RAS_PUSH, CVA6_ACTION_RAS_POP, CVA6_ACTION_RAS_SWAP,
	CVA6_ACTION_ARBITER, CVA6_ACTION_ARBITERS,
	CVA6_ACTION_FLUSH, CVA6_ACTION_PMP, CVA6_ACTION_SATP, CVA6_ACTION_FENCE,
	CVA6_ACTION_BACKOFF, CVA6_ACTION_ITLB, CVA6_ACTION_DTLB, CVA6_ACTION_DTLB_PLACE,
	CVA6_ACTION_ROOT, CVA6_ACTION_ENTRY, CVA6_ACTION_FILL_ITLB, CVA6_ACTION_FILL_DTLB,
	CVA6_ACTION_CACHED, CVA6_ACTION_HOLDS, CVA6_ACTION_LATCH, CVA6_ACTION_VALID,
	CVA6_ACTION_TAKE_VALID, CVA6_ACTION_REFILL_WAY, CVA6_ACTION_REFILL, CVA6_ACTION_CLEAR,
};

struct cva6_core;
struct replay;

/* Replays a trace: replay_kind.follow. */
struct memo_outcome *cva6_follow(struct replay *replay, const struct memo_trace *trace);

/* Consumes runs of blocks: replay_along. */
void cva6_replay_runs(struct replay *replay, const struct timing_run *run,
		      const struct timing_run *end);

/* Performs an action; `actions` is a struct actions whose core is a CVA6. */
u64 cva6_perform(void *actions, const struct memo_action *action);
/* Performs CVA6_ACTION_ITLB to CVA6_ACTION_FILL_DTLB (actions_mmu.c). */
u64 cva6_perform_translation(struct actions *actions, const struct memo_action *action);

static inline u64 cva6_do(struct actions *actions, enum cva6_action_kind kind, u64 a, u64 b)
{
	return actions_do(actions, &(struct memo_action){ .kind = (u8)kind, .a = a, .b = b });
}

/*
 * The instruction cache's arrays. Return the word at paddr, fetched in a mode; choose the way for
 * the line at icache->paddr; fill that line in, and return its word.
 */
u64 cva6_action_word(struct cva6_icache *icache, u64 paddr, u8 mode);
void cva6_action_way(struct cva6_icache *icache);
u32 cva6_action_line(struct cva6_icache *icache, const struct timing_host *host);

/* The predictors. A target, or a return address, has bit 0 set; 0: there is none. */
enum bht_guess cva6_action_bht(struct cva6_predictors *predictors, u64 pc);
void cva6_action_bht_learn(struct cva6_predictors *predictors, u64 pc, bool taken);
u64 cva6_action_btb(struct cva6_predictors *predictors, u64 pc);
void cva6_action_btb_learn(struct cva6_predictors *predictors, u64 pc, u64 target);
u64 cva6_action_ras(struct cva6_predictors *predictors);
void cva6_action_ras_change(struct cva6_predictors *predictors, bool push, bool pop, u64 address);

/*
 * Returns whether the branch that is issued next jumps, with `early` in place of an operand: bit 0
 * of `replaced` stands for rs1, bit 1 for rs2.
 */
bool cva6_action_branch(struct cva6_core *core, unsigned replaced, s16 early);

/* Notes that the TLBs have changed since they were looked up, while a trace is recorded. */
static inline void cva6_tlbs_changed(struct cva6_tlbs *tlbs)
{
	tlbs->fetch.valid = tlbs->data.valid = false;
}

/* Look an address up in a TLB and, if it is translated, find its physical address. */
void cva6_action_itlb(struct cva6_mmu_cycle *cycle);
void cva6_action_dtlb(struct cva6_mmu_cycle *cycle);

/*
 * These are for the walker. They begin a walk for walker->va, read the entry at walker->pointer,
 * and fill in the leaf that was found.
 */
void cva6_action_root(struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle);
void cva6_action_entry(struct cva6_walker *walker, const struct timing_host *host,
		       const struct cva6_mmu_cycle *cycle);
void cva6_action_fill(const struct cva6_walker *walker, const struct cva6_mmu_cycle *cycle,
		      bool instruction);

/*
 * Effects of instructions that commit: a write of satp (returns the levels of its tables) or of a
 * register of PMP, SFENCE.VMA, FENCE.I.
 */
u8 cva6_action_satp(struct cva6_core *core, u64 satp);
void cva6_action_pmp(struct cva6_icache *icache, u32 csr, u64 value);
void cva6_action_fence(struct cva6_core *core, u64 va, u64 asid);
void cva6_action_flush(struct cva6_icache *icache);

/*
 * Returns, for a store-conditional that passed or failed, how many cycles the next load-reserved
 * waits.
 */
u16 cva6_action_backoff(struct cva6_dcache *dcache, bool failed);

/* Arbiters whose states are outside: between reads, lookups of stored words, and caches. */
enum cva6_arbiter { CVA6_ARBITER_READS, CVA6_ARBITER_LOOKUPS, CVA6_ARBITER_BUS, CVA6_ARBITERS };

/*
 * Has an arbiter choose among these requests next. Its state is looked up only if it decides: a
 * single request is served, and becomes the state. The states at the end of a trace are set by one
 * effect, which cva6_action_arbiters performs.
 */
void cva6_action_arbitrate(struct cva6_dcache *dcache, enum cva6_arbiter which, u8 *state,
			   u32 requests);
void cva6_action_arbiters(struct cva6_core *core);

/*
 * Return whether the data cache's arrays have the line, and whether the address is cached at all.
 */
bool cva6_action_holds(struct cva6_dcache *dcache, u64 address);
bool cva6_action_cached(struct cva6_dcache *dcache, const struct cva6_params *params, u64 address);
/* Performs an effect on the arrays: CVA6_ACTION_LATCH and those after it. */
void cva6_action_arrays(struct cva6_dcache *dcache, enum cva6_action_kind kind, unsigned port,
			u64 address);

#endif
