/* SPDX-License-Identifier: MIT */
/*
 * C906's load-store unit (aq_lsu_top.v): AG translates, and requests the single port of the cache;
 * DC compares tags and decides; DA delivers data. The next parts are line fill buffers, a store
 * buffer, the victim buffer, and prefetching by stride. An access that DC cannot perform waits
 * there and is replayed.
 */
#ifndef CPU_TIMING_C906_LSU_LSU_H
#define CPU_TIMING_C906_LSU_LSU_H

#include "cpu/timing/c906/lsu/access.h"
#include "cpu/timing/c906/lsu/buffers.h"
#include "cpu/timing/c906/lsu/prefetch.h"
#include "cpu/timing/c906/mmu/mmu.h"

enum c906_dc_state { C906_DC_IDLE, C906_DC_COMPARE, C906_DC_FROZEN, C906_DC_REPLAY };

#define UNITS "cpu/timing/c906/state/lsu.def"
#include "cpu/timing/fields/structs.inc"

struct c906_lsu_cycle {
	/* In */
	const struct c906_access *entering; /* from EX1 */
	u8 fp_written, fp_writing; /* registers, or 0: written last cycle; to be written */
	bool holds_float; /* the FP units have not taken the access `held` */
	u64 held;
	bool fence; /* a fence waits until the buffers are empty */
	bool sync; /* and stops prefetching */
	/* Out */
	bool completes, last, traps; /* an instruction, or a part of one, leaves AG */
	u64 number;
	u8 data; /* the integer register whose data have come, or 0 */
	bool requests_bus;
	struct c906_da da; /* DA in the next cycle */
	/*
	 * The unit that has the port of the cache. The first one of these has the highest priority.
	 */
	int refilling; /* fill buffer whose beat comes, or -1 */
	unsigned beat;
	bool fill_data, fill_ends;
	bool fill_port, rdl_port, replay_port, walk_port, load_port;
	/* DC */
	struct c906_access dc;
	bool compares, replays; /* DC compares, and has its access replayed */
	bool hit, alias; /* alias: the line is in another set */
	bool allocates, keeps_fill; /* a fill buffer is taken; DC has priority over prefetching */
	bool stores, waits_fill; /* an entry of the store buffer is taken */
	int merges; /* entry that it goes into, or -1 */
	bool loads; /* data from the cache */
	bool counts, missed; /* the prefetcher learns from the load */
	/* The prefetcher, or the AMR, has counted it; and continues by itself. */
	bool counted, runs;
	bool clears; /* merging stores have to be sent */
	bool wakes; /* a frozen access is replayed */
	bool ag_moves, walk_moves;
	/* Store buffer */
	int writes, sends; /* entries that write the cache, that go to the merge buffer; or -1 */
	u32 forwarded; /* entries whose data come */
	bool sent;
	int created; /* entry, or -1 */
	/* Bus and victims */
	bool victim_free, victim_offers, reads; /* when the cycle began */
	bool rdl_done, rdl_granted;
	int prefetched; /* stream whose request was taken, or -1 */
};

/* Returns whether any entry of these buffers is in use. */
static inline bool c906_fills_any(const struct c906_lsu *lsu)
{
	return lsu->fill_pop != lsu->fill_create;
}

static inline bool c906_stores_any(const struct c906_lsu *lsu)
{
	return lsu->store_pop != lsu->store_create;
}

/* Return whether a cycle has no effect, unless an access or a synchronization comes in. */
bool c906_lsu_idle(const struct c906_lsu *lsu, const struct c906_mmu *mmu);
void c906_lsu_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		   struct c906_lsu_cycle *cycle);

/*
 * Return whether nothing is in flight that could still trap or write a register; and whether all is
 * in memory.
 */
bool c906_lsu_drained(const struct c906_lsu *lsu);
bool c906_lsu_empty(const struct c906_lsu *lsu);

/* Cleans the cache, the last set first. Returns the cycles until all dirty lines are in memory. */
u64 c906_lsu_clean(const struct c906_env *env);

/* Lets stores allocate again. */
void c906_lsu_allocate(struct c906_lsu *lsu, const struct c906_env *env);

/* These are in ag.c and dc.c. */
void c906_ag_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		  struct c906_lsu_cycle *cycle);
/* Looks up the page of an access that is cancelled in AG. */
void c906_ag_look_up(struct c906_lsu *lsu, struct c906_mmu *mmu, const struct c906_env *env,
		     u64 va);
void c906_dc_compare(struct c906_lsu *lsu, const struct c906_env *env,
		     struct c906_lsu_cycle *cycle);
void c906_dc_step(struct c906_lsu *lsu, struct c906_mmu *mmu, struct c906_lsu_cycle *cycle);

/* These are in stb.c. */
void c906_stores_choose(const struct c906_lsu *lsu, const struct c906_env *env,
			struct c906_lsu_cycle *cycle);
void c906_stores_step(struct c906_lsu *lsu, const struct c906_env *env,
		      struct c906_lsu_cycle *cycle);

/* This is in wmb.c: merge buffer, burst and victim buffer. */
void c906_writes_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle);

/* List the addresses of lines and of stores in the buffers. They return the number of addresses. */
#define C906_IN_FLIGHT_MAX (C906_FILLS_MAX + C906_STORES_MAX + 3)
unsigned c906_lsu_fills(const struct c906_lsu *lsu, u64 *pa);
unsigned c906_lsu_stores(const struct c906_lsu *lsu, u64 *pa);

/* These are in lfb.c and rdl.c. */
void c906_rdl_step(struct c906_lsu *lsu, const struct c906_env *env, struct c906_lsu_cycle *cycle);
void c906_fills_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle);
bool c906_fills_full(const struct c906_lsu *lsu, const struct c906_env *env);

/* This is in pfb.c. It returns the stream that requests a line, and the line; or -1. */
int c906_prefetch_wants(const struct c906_lsu *lsu, const struct c906_env *env,
			const struct c906_lsu_cycle *cycle, struct c906_fill *fill);

#endif
