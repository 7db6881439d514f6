/* SPDX-License-Identifier: MIT */
/*
 * C906's load-store unit (aq_lsu_top.v): AG translates and asks for the cache's one port, DC
 * compares tags and decides, DA hands data on; behind them line fill buffers, a store buffer, the
 * victim buffer, and prefetching by stride. What DC cannot do now waits there and is replayed.
 */
#ifndef CPU_TIMING_C906_LSU_H
#define CPU_TIMING_C906_LSU_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/mmu.h"

#define C906_NO_REG 0xff

/* An access across an aligned eight bytes is done in two halves. */
enum c906_half { C906_WHOLE, C906_FIRST, C906_SECOND };

struct c906_access {
	u64 number; /* of the record */
	u64 va, pa, pc;
	u8 kind; /* C906_LOAD, STORE, AMO, LR or SC of enum c906_unit */
	u8 half;
	u8 size, bytes; /* bytes: a bit for each of the eight */
	u8 reg; /* to be written, or C906_NO_REG */
	u8 data_reg; /* what a store waits for, if it does */
	bool waits;
	bool is_float, walks; /* walks: on behalf of the MMU */
	bool last; /* part of an instruction */
	bool sc_fails, traps, misaligned; /* misaligned: and traps for it */
};

struct c906_da {
	bool valid;
	u8 reg;
};

/* The data cache's tags. Indexed by virtual address, so that a line may be in another set. */
struct c906_dcache_line {
	u64 frame; /* physical address of its page */
	bool valid, dirty;
};

struct c906_dcache {
	struct c906_dcache_line line[C906_DCACHE_SETS_MAX][C906_DCACHE_WAYS];
	u8 next[C906_DCACHE_SETS_MAX]; /* way to be replaced */
};

/* aq_lsu_lfb.v */
enum c906_fill_state {
	C906_FILL_IDLE, C906_FILL_WAIT_VICTIM, C906_FILL_VICTIM, C906_FILL_WAIT_BUS, C906_FILL_REFILL,
};

struct c906_fill {
	u64 pa, va, beat; /* beat: the cycle of the first */
	u8 state, way, half, reg;
	u8 store, stream; /* who waits: entry of the store buffer; who asked: of the prefetcher */
	bool ahead, load, amo, walks;
};

/* aq_lsu_rdl.v: looks at, and reads out, the line to be replaced. */
enum c906_victim_read_state {
	C906_RDL_IDLE, C906_RDL_DIRTY, C906_RDL_DIRTY_CHECK, C906_RDL_TAG, C906_RDL_TAG_CHECK,
	C906_RDL_DECIDE, C906_RDL_WAIT, C906_RDL_DATA, C906_RDL_DONE = C906_RDL_DATA + 4,
};

struct c906_victim_read {
	u8 state, fill, way;
	unsigned set;
	bool valid, dirty, present; /* present: the line to be prefetched is in the cache */
	u64 frame;
};

/* aq_lsu_vb.v: takes four pieces, then writes them. */
enum c906_victim_state {
	C906_VICTIM_IDLE, C906_VICTIM_TAKE, C906_VICTIM_ASK = C906_VICTIM_TAKE + 4,
	C906_VICTIM_WRITE,
};

struct c906_victim {
	u8 state, beats, write;
	bool piece; /* comes in this cycle */
	u64 pa;
};

/* aq_lsu_stb.v */
enum c906_store_state {
	C906_STORE_IDLE, C906_STORE_WAIT_FILL, C906_STORE_CACHE, C906_STORE_MERGE, C906_STORE_BUS,
	C906_STORE_WAIT_DATA,
};

#define C906_AMO_STAGES 2 /* from an AMO's data to its result */

struct c906_store {
	u64 pa, va, sequence;
	u64 amo_data; /* the cycle from which an AMO has its result */
	u8 state, bytes, data_reg;
	s8 way; /* where the line is, or -1 */
	bool waits, amo, atomic;
};

/* The other half of aq_lsu_stb.v: stores that allocate nothing, on their way to the bus. */
enum c906_merge_state {
	C906_MERGE_IDLE, C906_MERGE_HALF, C906_MERGE_FULL, C906_MERGE_SINGLE, C906_MERGE_SENT,
};
enum c906_burst_state {
	C906_BURST_IDLE, C906_BURST_WAIT, C906_BURST_DATA = C906_BURST_WAIT + 3,
	C906_BURST_CLOSE = C906_BURST_DATA + 5,
};

struct c906_merge {
	u8 state;
	bool full; /* of eight bytes */
	u64 pa;
};

/* An open burst of up to a line: WAIT and DATA count the beats. */
struct c906_burst {
	u8 state, write;
	unsigned idle;
	u64 pa;
};

/* aq_lsu_pfb.v */
#define C906_STREAMS 5 /* the first is of all loads, each other one of a pc */
enum c906_stream_state {
	C906_STREAM_IDLE, C906_STREAM_SEEN, C906_STREAM_STRIDE, C906_STREAM_ACTIVE,
	C906_STREAM_REQUEST, C906_STREAM_AHEAD, C906_STREAM_EXPIRED,
};

struct c906_stream {
	u8 state, hits, confidence, others;
	bool present; /* the last line asked for was in the cache */
	u16 pc;
	u64 last; /* address */
	s64 stride; /* bytes */
	u64 page; /* of requests */
	u64 page_va; /* and the virtual one, by which the cache is indexed */
	s32 line, step; /* next line in the page to be asked for, and lines between */
};

struct c906_prefetcher {
	struct c906_stream stream[C906_STREAMS];
	bool missed; /* the first half of a load did */
};

/* aq_lsu_amr.v: long runs of stores turn allocation off. */
enum c906_amr_state {
	C906_AMR_IDLE, C906_AMR_HALF, C906_AMR_START, C906_AMR_COUNT, C906_AMR_ACTIVE,
};

struct c906_amr {
	u8 state, bytes, lines, confidence, stride;
	unsigned size;
	u64 last;
};

enum c906_dc_state { C906_DC_IDLE, C906_DC_COMPARE, C906_DC_FROZEN, C906_DC_REPLAY };

struct c906_lsu {
	bool ag_valid;
	struct c906_access ag; /* waiting there */
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
	struct c906_prefetcher prefetcher;
	struct c906_amr amr;
	struct c906_dcache dcache;
};

struct c906_lsu_cycle {
	/* In */
	const struct c906_access *entering; /* from EX1 */
	u8 fp_written, fp_writing; /* registers, or 0: written last cycle; asking to be */
	bool holds_float; /* the FP load `held` has not been taken by the FP units */
	u64 held;
	bool fence; /* somebody waits for the buffers to empty */
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
	int way; /* hit, or -1 */
	bool allocates, keeps_fill; /* a fill buffer is taken; DC has priority over prefetching */
	bool stores, waits_fill; /* an entry of the store buffer is taken */
	int merges; /* entry that it goes into, or -1 */
	bool loads; /* data from the cache */
	bool counts, missed; /* a load that the prefetcher sees */
	bool clears; /* merging stores have to go */
	bool wakes; /* what is frozen is replayed */
	bool ag_moves, walk_moves;
	/* Store buffer */
	int writes, sends; /* entries that write the cache, go to the merge buffer; or -1 */
	u32 forwarded; /* entries whose data come */
	bool sent;
	int created; /* entry, or -1 */
	/* Bus and victims */
	bool victim_free; /* as the cycle began */
	bool rdl_done, rdl_granted;
	int prefetched; /* stream whose request was taken, or -1 */
};

void c906_lsu_reset(struct c906_lsu *lsu);
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
u64 c906_lsu_clean(struct c906_lsu *lsu, const struct c906_env *env);

/* dcache.c */
unsigned c906_dcache_set(const struct c906_env *env, u64 va);
int c906_dcache_find(const struct c906_dcache *dcache, unsigned set, u64 pa);
/* Is the line in the set that another virtual address gives? */
bool c906_dcache_alias(const struct c906_dcache *dcache, const struct c906_env *env, u64 va,
		       u64 pa);

/* ag.c, dc.c, da.c */
void c906_ag_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		  struct c906_lsu_cycle *cycle);
/* An access that is cancelled in AG: its page is asked for all the same. */
void c906_ag_look_up(struct c906_mmu *mmu, const struct c906_env *env, u64 va);
void c906_dc_compare(struct c906_lsu *lsu, const struct c906_env *env,
		     struct c906_lsu_cycle *cycle);
void c906_dc_step(struct c906_lsu *lsu, struct c906_mmu *mmu, struct c906_lsu_cycle *cycle);

static inline bool c906_access_stores(const struct c906_access *access)
{
	return access->kind == C906_STORE || access->kind == C906_SC || access->kind == C906_AMO;
}

static inline bool c906_access_loads(const struct c906_access *access)
{
	return access->kind == C906_LOAD || access->kind == C906_LR || access->kind == C906_AMO;
}

/* stb.c */
void c906_stores_choose(const struct c906_lsu *lsu, const struct c906_env *env,
			struct c906_lsu_cycle *cycle);
void c906_stores_step(struct c906_lsu *lsu, const struct c906_env *env,
		      struct c906_lsu_cycle *cycle);

/* wmb.c: merge buffer, burst and victim buffer. */
void c906_writes_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle);

/* lfb.c, rdl.c */
void c906_rdl_step(struct c906_lsu *lsu, const struct c906_env *env,
		   struct c906_lsu_cycle *cycle);
void c906_fills_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_lsu_cycle *cycle);
bool c906_fills_full(const struct c906_lsu *lsu, const struct c906_env *env);

/* pfb.c: the stream that wants a line, or -1; which; a cycle of the streams; a load was done. */
int c906_prefetch_wants(const struct c906_lsu *lsu, const struct c906_lsu_cycle *cycle);
u64 c906_prefetch_address(const struct c906_stream *stream, u64 page);
void c906_prefetch_step(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			int granted);
/* Forget all streams. */
void c906_prefetch_flush(struct c906_prefetcher *prefetcher);
void c906_prefetch_load(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			const struct c906_access *load, bool missed);
/* The line asked for was in the cache, or was not. */
void c906_prefetch_checked(struct c906_stream *stream, bool present);

/* amr.c */
void c906_amr_store(struct c906_amr *amr, const struct c906_params *params,
		    const struct c906_access *store, bool missed);

#endif
