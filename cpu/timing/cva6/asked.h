/* SPDX-License-Identifier: MIT */
/*
 * What the pipeline of a CVA6 asks of what is outside of it: caches' arrays, predictors, TLBs,
 * and how addresses of data are related. All of it goes through here, so that a memo can write it
 * down. Then the pipeline has tokens in place of such addresses, each a place in a table.
 */
#ifndef CPU_TIMING_CVA6_ASKED_H
#define CPU_TIMING_CVA6_ASKED_H

#include "cpu/timing/cva6/dcache.h"
#include "cpu/timing/cva6/frontend.h"
#include "cpu/timing/cva6/mmu.h"
#include "cpu/timing/memo.h"

enum cva6_asked {
	CVA6_ASK_WORD = MEMO_END + 1, CVA6_ASK_WAY, CVA6_ASK_LINE,
	CVA6_ASK_BHT, CVA6_ASK_BHT_LEARN, CVA6_ASK_BTB, CVA6_ASK_BTB_LEARN,
	CVA6_ASK_RAS, CVA6_ASK_RAS_PUSH, CVA6_ASK_RAS_POP, CVA6_ASK_RAS_SWAP,
	CVA6_ASK_ITLB, CVA6_ASK_DTLB,
	CVA6_ASK_SAME, CVA6_ASK_OFFSET, CVA6_ASK_CACHED, CVA6_ASK_HOLDS,
	CVA6_ASK_LATCH, CVA6_ASK_VALID, CVA6_ASK_TAKE_VALID, CVA6_ASK_REFILL_WAY, CVA6_ASK_REFILL,
};

/* No physical address has this bit; behind it is a place's number. */
#define CVA6_TOKEN BIT(63)
#define CVA6_TOKEN_SHIFT 8 /* what is added to an address, or masked off, does no harm */
#define CVA6_PLACES 256
#define CVA6_TOLD_MAX 256
#define CVA6_PLACES_RELATED 64 /* of which it can be asked how they are related */

static inline u64 cva6_token(unsigned place)
{
	return CVA6_TOKEN | (u64)place << CVA6_TOKEN_SHIFT;
}

static inline unsigned cva6_token_place(u64 token)
{
	return (unsigned)(token >> CVA6_TOKEN_SHIFT) % CVA6_PLACES;
}

struct cva6_core;
struct timing_run;

struct cva6_asker {
	struct cva6_core *core;
	struct memo_tape tape;
	u64 place[CVA6_PLACES];
	unsigned places; /* in use */
	/* What the host was told meanwhile: below, who or what; above, cycles. */
	u32 told[CVA6_TOLD_MAX];
	unsigned told_count;
	u64 begin; /* the cycle in which that began */
	/* Which record of a piece is the last that was taken, from 1; and of a run (run.h). */
	unsigned taken;
	const struct timing_run *run; /* NULL: no run is told of */
	unsigned base; /* instructions of it before the piece */
};

/* The model has had so many records of the piece: memory is as with their stores. */
void cva6_asker_reach(struct cva6_asker *asker, unsigned taken);

/* A record left, in this cycle; or so many cycles were spent on something. */
#define CVA6_TOLD_LEFT 0xff
#define CVA6_TOLD_SHIFT 8
void cva6_note_told(struct cva6_asker *asker, unsigned what, u64 cycles);

/* All along a piece: memo_follow. */
struct memo_leaf *cva6_follow(struct cva6_asker *asker, const struct memo_piece *piece);

/* Where a token stands for; any other address is itself. */
static inline u64 cva6_resolve(const struct cva6_asker *asker, u64 address)
{
	return asker && address & CVA6_TOKEN ? asker->place[cva6_token_place(address)] : address;
}

/* As memo_ask. */
u64 cva6_ask_op(struct cva6_asker *asker, const struct memo_op *op, bool always);

static inline u64 cva6_ask(struct cva6_asker *asker, enum cva6_asked kind, u64 a, u64 b)
{
	return cva6_ask_op(asker, &(struct memo_op){ .kind = (u8)kind, .a = a, .b = b }, false);
}

/* What is stepped now is not to be kept: a page walk, an address that has no place. */
static inline void cva6_refuse(struct cva6_asker *asker)
{
	if (asker)
		asker->tape.refused = true;
}

/* Which of the others are `address` under `mask`: a bit for each. */
u32 cva6_ask_same(struct cva6_asker *asker, u64 mask, u64 address, const u64 *others,
		  unsigned count);

/* Of an address's low three bits. */
unsigned cva6_ask_offset(struct cva6_asker *asker, u64 address);

/* The instruction cache's arrays; of what icache->paddr is. */
u64 cva6_ask_word(struct cva6_icache *icache, u64 paddr);
void cva6_ask_way(struct cva6_icache *icache);
u32 cva6_ask_line(struct cva6_icache *icache, const struct timing_host *host);

/* Predictors. A target, a return address with bit 0 set when there is one. */
enum bht_guess cva6_ask_bht(struct cva6_predictors *predictors, u64 pc);
void cva6_ask_bht_learn(struct cva6_predictors *predictors, u64 pc, bool taken);
u64 cva6_ask_btb(struct cva6_predictors *predictors, u64 pc);
void cva6_ask_btb_learn(struct cva6_predictors *predictors, u64 pc, u64 target);
u64 cva6_ask_ras(struct cva6_predictors *predictors);
void cva6_ask_ras_change(struct cva6_predictors *predictors, bool push, bool pop, u64 address);

/* Whether an address is translated, as one that is used if `used`. */
void cva6_ask_itlb(struct cva6_mmu_cycle *cycle, u16 asid, bool used);
void cva6_ask_dtlb(struct cva6_mmu_cycle *cycle, u16 asid, bool used);

/* The data cache's arrays. */
bool cva6_ask_holds(struct cva6_dcache *dcache, u64 address);
bool cva6_ask_cached(struct cva6_dcache *dcache, const struct cva6_params *params, u64 address);
/* An effect: CVA6_ASK_LATCH and what follows. */
void cva6_ask_arrays(struct cva6_dcache *dcache, enum cva6_asked kind, unsigned port, u64 address);

#endif
