/* SPDX-License-Identifier: MIT */
/*
 * The actions of a C906's pipeline on its tables (tables.h), on memory, and on relations between
 * data addresses. The pipeline does all of this through these functions, so that a memo can record
 * it (../memo/actions.h). While it does, the pipeline has tokens instead of data addresses and of
 * the operands of divisions.
 */
#ifndef CPU_TIMING_C906_ACTIONS_H
#define CPU_TIMING_C906_ACTIONS_H

#include "cpu/timing/c906/lsu/access.h"
#include "cpu/timing/memo/actions.h"

enum c906_action_kind {
	C906_ACTION_FETCH = ACTION_OWN, C906_ACTION_FETCH_TURN, C906_ACTION_FETCH_PA,
	C906_ACTION_MEMORY, C906_ACTION_LINE, C906_ACTION_LINE_BEGINS, C906_ACTION_LINE_ENDS,
	C906_ACTION_BHT, C906_ACTION_BHT_SECOND, C906_ACTION_BTB, C906_ACTION_BTB_LEARN,
	C906_ACTION_BTB_FORGET, C906_ACTION_RAS, C906_ACTION_RAS_CHANGE, C906_ACTION_PAGE,
	C906_ACTION_JTLB, C906_ACTION_PAGE_FILL, C906_ACTION_WALKED, C906_ACTION_WALK,
	C906_ACTION_PTE, C906_ACTION_SAME, C906_ACTION_SAME_CODE, C906_ACTION_HIT,
	C906_ACTION_LOAD, C906_ACTION_ALIAS, C906_ACTION_MOVES, C906_ACTION_DIRTIES,
	C906_ACTION_DATA_BEGIN, C906_ACTION_DATA_END, C906_ACTION_VICTIM_DIRTY, C906_ACTION_VICTIM,
	C906_ACTION_STREAM, C906_ACTION_STREAM_STEP, C906_ACTION_STREAM_CHECKED,
	C906_ACTION_STREAM_LOAD, C906_ACTION_AMR, C906_ACTION_STORE, C906_ACTION_DIVISION,
};

/* Performs the actions that were delayed (predict.h). */
void c906_action_later(const struct c906_env *env);

/* Performs an action of a trace. */
memo_perform c906_perform;

/* Replay a trace (the actions' core is the env); and consume runs of blocks: replay_along. */
struct replay;
struct memo_outcome *c906_follow(struct replay *replay, const struct memo_trace *trace);
void c906_replay_runs(struct replay *replay, const struct timing_run *run,
		      const struct timing_run *end);

/*
 * Returns a word of the instruction cache, found by the micro-TLB and the lines, with these flags:
 * there is a page; the page may be executed with that reach; the line is there.
 */
#define C906_FETCH_PAGE BIT(32)
#define C906_FETCH_EXECUTES BIT(33)
#define C906_FETCH_LINE BIT(34)
u64 c906_action_fetch(const struct c906_env *env, u64 va, unsigned mode, unsigned reach);
/* Looks up the page before c906_action_fetch does, if it may be another page than before. */
void c906_action_fetch_turn(const struct c906_env *env, u64 va, unsigned mode);
/* Returns the physical address of va, which must be in a page of the micro-TLB. */
u64 c906_action_fetch_pa(const struct c906_env *env, u64 va, unsigned mode);
u32 c906_action_memory(const struct c906_env *env, u64 pa);
bool c906_action_line(const struct c906_env *env, u64 va, u64 pa);
void c906_action_line_begins(const struct c906_env *env, u64 va);
void c906_action_line_ends(const struct c906_env *env, u64 va, u64 pa);

/*
 * Predictors: predict.h. A change has the events of a cycle, and the counter of a branch that is
 * resolved in it, if there are events.
 */
struct c906_guess c906_action_bht(const struct c906_env *env);
bool c906_action_bht_second(const struct c906_env *env);
void c906_action_bht_change(const struct c906_env *env, unsigned events, u64 counter);
/*
 * Returns the low bits of the target that an entry has, with C906_BTB_HIT (btb.h); or 0 if there is
 * none.
 */
u16 c906_action_btb(const struct c906_env *env, u64 pc);
/* Learns a target, and returns what c906_action_btb returns for pc afterwards. */
u16 c906_action_btb_learn(const struct c906_env *env, u64 word, u64 target, u64 pc);
void c906_action_btb_forget(const struct c906_env *env, u64 word);
u64 c906_action_ras(const struct c906_env *env);
void c906_action_ras_change(const struct c906_env *env, u64 address, u64 events);

/*
 * Looks up the page of a data access. Returns whether it is there, or the address is illegal;
 * whether the access crosses eight bytes; and the offset of a store in them.
 */
#define C906_PAGE_THERE BIT(0)
#define C906_PAGE_ILLEGAL BIT(1)
#define C906_PAGE_CROSSES BIT(2)
#define C906_PAGE_OFFSET_SHIFT 3
u64 c906_action_page(const struct c906_env *env, u64 va, unsigned mode, unsigned size, bool stores);
/*
 * Has the joint TLB give a page to the micro-TLB of fetches or of data, if that still wants it.
 * Returns whether the joint TLB has the page.
 */
bool c906_action_jtlb(const struct c906_env *env, u64 va, unsigned level, bool fetch, bool wanted);
/* Fills a page that is not translated into the micro-TLB. */
void c906_action_page_fill(const struct c906_env *env, u64 va, unsigned mode, bool fetch);

/* Page walks: mmu.h. After a walk the joint TLB has the page, and gives it to a micro-TLB. */
u64 c906_action_walk(const struct c906_env *env, u64 va, unsigned level, bool fetch);
unsigned c906_action_pte(const struct c906_env *env, u64 *pointer, unsigned how);
void c906_action_walked(const struct c906_env *env, u64 va, unsigned level, bool fetch,
			bool wanted);

/* Bits in which two addresses are compared: */
#define C906_SAME_INDEX (BIT(12) - BIT(6)) /* for any size of the cache */
#define C906_SAME_LINE (BIT(22) - BIT(6)) /* the bits that the fill buffers compare */
#define C906_SAME_WORD (~(u64)7)
#define C906_SAME_BLOCK (~(u64)15)
#define C906_SAME_BURST (~(u64)63)
#define C906_SAME_WRITE (BIT(14) - BIT(4)) /* the bits that the bus interface compares */
#define C906_SAME_WRITE_LINE (BIT(14) - BIT(6))

/*
 * Returns which of `count` data addresses equal `address` in those bits: a bit for each. An address
 * of code is compared with C906_SAME_WRITE_LINE only.
 */
u32 c906_action_same(const struct c906_env *env, u64 mask, u64 address, const u64 *others,
		     unsigned count);

static inline bool c906_is_same(const struct c906_env *env, u64 mask, u64 a, u64 b)
{
	return likely(!env->actions) ? !((a ^ b) & mask) : c906_action_same(env, mask, a, &b, 1);
}

/* Returns the bits of an address under a mask. */
static inline u64 c906_action_bits(const struct c906_env *env, u64 address, u64 mask)
{
	return likely(!env->actions) ? address & mask : actions_bits(env->actions, address, mask);
}

/* Returns a token for an address that is known only while no trace is recorded. */
u64 c906_place(const struct c906_env *env, u64 address);

/* Returns the steps of the divider; 0: its result is known. */
u8 c906_action_division(const struct c906_env *env, const struct c906_uop *uop, u64 a, u64 b);

#endif
