/* SPDX-License-Identifier: MIT */
/*
 * C906's load-store unit (aq_lsu_top.v): AG translates and asks for the cache's one port, DC
 * compares tags and decides, DA hands data on; behind them line fill buffers, a store buffer, the
 * victim buffer, and prefetching by stride. What DC cannot do now waits there and is replayed.
 */
#ifndef CPU_TIMING_C906_LSU_LSU_H
#define CPU_TIMING_C906_LSU_LSU_H

#include "cpu/timing/c906/lsu/access.h"
#include "cpu/timing/c906/lsu/buffers.h"
#include "cpu/timing/c906/lsu/prefetch.h"
#include "cpu/timing/c906/mmu.h"

enum c906_dc_state { C906_DC_IDLE, C906_DC_COMPARE, C906_DC_FROZEN, C906_DC_REPLAY };

struct c906_lsu {
	bool ag_valid;
	struct c906_access ag; /* waiting there */
	bool cacheable; /* the last page that AG found; that of a fault is not */
	u8 dc_state;
	struct c906_access dc;
	struct c906_da da;
	bool joins, joined; /* the first half of a load is there; has its data */
	struct c906_fill fill[C906_FILLS_MAX];
	u32 fill_create, fill_pop, fill_victim, fill_bus; /* counters of entries */
	struct c906_victim_read rdl;
	struct c906_victim victim;
	struct c906_store store[C906_STORES_MAX];
	u32 store_create, store_pop;
	u64 sequence;
	struct c906_merge merge;
	struct c906_burst burst;
	bool runs_ahead; /* the prefetcher has something to do without a load */
	bool streams; /* stores allocate nothing (aq_lsu_amr.v) */
	bool reads; /* what DC's registers had last from AG, or the walker, was a load */
};

struct c906_lsu_cycle {
	/* In */
	const struct c906_access *entering; /* from EX1 */
	u8 fp_written, fp_writing; /* registers, or 0: written last cycle; asking to be */
	bool holds_float; /* the access `held` has not been taken by the FP units */
	u64 held;
	bool fence; /* a fence waits for the buffers to empty */
	bool sync; /* and wants prefetching to stop */
	/* Out */
	bool completes, last, traps; /* an instruction, or a part of one, leaves AG */
	u64 number;
	u8 data; /* the integer register whose data are here, or 0 */
	bool asks_bus;
	struct c906_da da; /* of the next cycle */
	/* Who has the port of the cache: what comes first keeps others away. */
	int refilling; /* fill buffer whose beat comes, or -1 */
	unsigned beat;
	bool fill_data, fill_ends;
	bool fill_port, rdl_port, replay_port, walk_port, load_port;
	/* DC */
	struct c906_access dc;
	bool compares, replays; /* and its outcome */
	bool hit, alias; /* alias: the line is in another set */
	bool allocates, keeps_fill; /* a fill buffer is taken; DC has priority over prefetching */
	bool stores, waits_fill; /* an entry of the store buffer is taken */
	int merges; /* entry that it goes into, or -1 */
	bool loads; /* data from the cache */
	bool counts, missed; /* a load that the prefetcher sees */
	bool counted, runs; /* and has seen, or the AMR a store; and then has something to do */
	bool clears; /* merging stores have to go */
	bool wakes; /* what is frozen is replayed */
	bool ag_moves, walk_moves;
	/* Store buffer */
	int writes, sends; /* entries that write the cache, go to the merge buffer; or -1 */
	u32 forwarded; /* entries whose data come */
	bool sent;
	int created; /* entry, or -1 */
	/* Bus and victims */
	bool victim_free, victim_offers, reads; /* as the cycle began */
	bool rdl_done, rdl_granted;
	int prefetched; /* stream whose request was taken, or -1 */
};

/* Is there an entry of these buffers that is in use? */
static inline bool c906_fills_any(const struct c906_lsu *lsu)
{
	return lsu->fill_pop != lsu->fill_create;
}

static inline bool c906_stores_any(const struct c906_lsu *lsu)
{
	return lsu->store_pop != lsu->store_create;
}

bool c906_lsu_idle(const struct c906_lsu *lsu, const struct c906_mmu *mmu);
void c906_lsu_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		   struct c906_lsu_cycle *cycle);

/* Nothing is under way that could still trap or write a register; everything is in memory. */
bool c906_lsu_drained(const struct c906_lsu *lsu);
bool c906_lsu_empty(const struct c906_lsu *lsu);

/*
 * Clean the cache, the last set first: the cycles that it takes until all that was dirty is in
 * memory.
 */
u64 c906_lsu_clean(const struct c906_env *env);

/* Stores allocate again. */
void c906_lsu_allocate(struct c906_lsu *lsu, const struct c906_env *env);

/* ag.c, dc.c */
void c906_ag_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		  struct c906_lsu_cycle *cycle);
/* An access that is cancelled in AG: its page is asked for all the same. */
void c906_ag_look_up(struct c906_lsu *lsu, struct c906_mmu *mmu, const struct c906_env *env,
		     u64 va);
void c906_dc_compare(struct c906_lsu *lsu, const struct c906_env *env,
		     struct c906_lsu_cycle *cycle);
void c906_dc_step(struct c906_lsu *lsu, struct c906_mmu *mmu, struct c906_lsu_cycle *cycle);

/* stb.c */
void c906_stores_choose(const struct c906_lsu *lsu, const struct c906_env *env,
			struct c906_lsu_cycle *cycle);
void c906_stores_step(struct c906_lsu *lsu, const struct c906_env *env,
		      struct c906_lsu_cycle *cycle);

/* wmb.c: merge buffer, burst and victim buffer. */
void c906_writes_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle);

/* Addresses of lines and stores that are under way; how many. */
#define C906_UNDER_WAY_MAX (C906_FILLS_MAX + C906_STORES_MAX + 3)
unsigned c906_lsu_fills(const struct c906_lsu *lsu, u64 *pa);
unsigned c906_lsu_stores(const struct c906_lsu *lsu, u64 *pa);

/* lfb.c, rdl.c */
void c906_rdl_step(struct c906_lsu *lsu, const struct c906_env *env,
		   struct c906_lsu_cycle *cycle);
void c906_fills_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle);
bool c906_fills_full(const struct c906_lsu *lsu, const struct c906_env *env);

/* pfb.c: the stream that wants a line, and which; or -1. */
int c906_prefetch_wants(const struct c906_lsu *lsu, const struct c906_env *env,
			const struct c906_lsu_cycle *cycle, struct c906_fill *fill);

#endif
