/* SPDX-License-Identifier: MIT */
/*
 * What the pipeline of a C906 asks of what it remembers (tables.h), of memory, and of how addresses
 * of data are related. All of it goes through here, so that a memo can write it down
 * (../actions.h): then the pipeline has tokens in place of such addresses, and of what is divided.
 */
#ifndef CPU_TIMING_C906_ACTIONS_H
#define CPU_TIMING_C906_ACTIONS_H

#include "cpu/timing/c906/lsu/access.h"
#include "cpu/timing/memo/actions.h"

enum c906_asked {
	C906_ASK_FETCH = ASK_OWN, C906_ASK_FETCH_TURN, C906_ASK_FETCH_PA, C906_ASK_MEMORY,
	C906_ASK_LINE, C906_ASK_LINE_BEGINS, C906_ASK_LINE_ENDS,
	C906_ASK_BHT, C906_ASK_BHT_SECOND, C906_ASK_BTB, C906_ASK_BTB_LEARN,
	C906_ASK_BTB_FORGET, C906_ASK_RAS, C906_ASK_RAS_CHANGE,
	C906_ASK_PAGE, C906_ASK_JTLB, C906_ASK_PAGE_FILL, C906_ASK_WALKED,
	C906_ASK_WALK, C906_ASK_PTE, C906_ASK_SAME, C906_ASK_SAME_CODE,
	C906_ASK_HIT, C906_ASK_LOAD, C906_ASK_ALIAS, C906_ASK_MOVES, C906_ASK_DIRTIES,
	C906_ASK_DATA_BEGIN, C906_ASK_DATA_END, C906_ASK_VICTIM_DIRTY, C906_ASK_VICTIM,
	C906_ASK_STREAM, C906_ASK_STREAM_STEP, C906_ASK_STREAM_CHECKED, C906_ASK_STREAM_LOAD,
	C906_ASK_AMR, C906_ASK_STORE, C906_ASK_DIVISION,
};

/* What is to be written down later (predict.h) is now. */
void c906_ask_later(const struct c906_env *env);

/* The answer to a question that is written down. */
memo_answer c906_answer;

/* All along a piece; the asker's core is the env. */
struct recall;
struct memo_leaf *c906_follow(struct recall *recall, const struct memo_piece *piece);
/* Runs of blocks, all of them: recall_along. */
void c906_recall_runs(struct recall *recall, const struct timing_run *run,
		       const struct timing_run *end);

/*
 * A word of the instruction cache, by micro-TLB and lines: whether there is a page, whether it may
 * be executed with that reach, whether there is the line; and below that the word.
 */
#define C906_FETCH_PAGE BIT(32)
#define C906_FETCH_EXECUTES BIT(33)
#define C906_FETCH_LINE BIT(34)
u64 c906_ask_fetch(const struct c906_env *env, u64 va, unsigned mode, unsigned reach);
/* And before that, where it may be another page than before. */
void c906_ask_fetch_turn(const struct c906_env *env, u64 va, unsigned mode);
/* Where a page that is there has it. */
u64 c906_ask_fetch_pa(const struct c906_env *env, u64 va, unsigned mode);
u32 c906_ask_memory(const struct c906_env *env, u64 pa);
bool c906_ask_line(const struct c906_env *env, u64 va, u64 pa);
void c906_ask_line_begins(const struct c906_env *env, u64 va);
void c906_ask_line_ends(const struct c906_env *env, u64 va, u64 pa);

/* Predictors: predict.h. A change: a cycle's events, the counter of what they resolve; or none. */
struct c906_guess c906_ask_bht(const struct c906_env *env);
bool c906_ask_bht_second(const struct c906_env *env);
void c906_ask_bht_change(const struct c906_env *env, unsigned events, u64 counter);
/* Low bits of the target that an entry has, with C906_BTB_HIT (btb.h); 0: there is none. */
u16 c906_ask_btb(const struct c906_env *env, u64 pc);
/* Of the entry for pc, the target as it is behind that. */
u16 c906_ask_btb_learn(const struct c906_env *env, u64 word, u64 target, u64 pc);
void c906_ask_btb_forget(const struct c906_env *env, u64 word);
u64 c906_ask_ras(const struct c906_env *env);
void c906_ask_ras_change(const struct c906_env *env, u64 address, u64 events);

/* A page for data: is it there, or can none be; are eight crossed; where in them is a store? */
#define C906_PAGE_THERE BIT(0)
#define C906_PAGE_ILLEGAL BIT(1)
#define C906_PAGE_CROSSES BIT(2)
#define C906_PAGE_OFFSET_SHIFT 3
u64 c906_ask_page(const struct c906_env *env, u64 va, unsigned mode, unsigned size, bool stores);
/* The joint TLB gives a page to a micro-TLB, `fetch` or data, if that still wants it. */
bool c906_ask_jtlb(const struct c906_env *env, u64 va, unsigned level, bool fetch, bool wanted);
/* The micro-TLB takes a page that is not translated. */
void c906_ask_page_fill(const struct c906_env *env, u64 va, unsigned mode, bool fetch);

/* Page walks: mmu.h. Behind one, the joint TLB has the page, and gives it. */
u64 c906_ask_walk(const struct c906_env *env, u64 va, unsigned level, bool fetch);
unsigned c906_ask_pte(const struct c906_env *env, u64 *pointer, unsigned how);
void c906_ask_walked(const struct c906_env *env, u64 va, unsigned level, bool fetch, bool wanted);

/* In which bits two addresses are the same. */
#define C906_SAME_INDEX (BIT(12) - BIT(6)) /* whatever the size of the cache */
#define C906_SAME_LINE (BIT(22) - BIT(6)) /* as many bits as the fill buffers compare */
#define C906_SAME_WORD (~(u64)7)
#define C906_SAME_BLOCK (~(u64)15)
#define C906_SAME_BURST (~(u64)63)
#define C906_SAME_WRITE (BIT(14) - BIT(4)) /* as many as the bus interface */
#define C906_SAME_WRITE_LINE (BIT(14) - BIT(6))

/*
 * Which of `count` others, which are of data, are `address` in those bits: a bit for each. Of code,
 * it is asked by C906_SAME_WRITE_LINE only.
 */
u32 c906_ask_same(const struct c906_env *env, u64 mask, u64 address, const u64 *others,
		  unsigned count);

static inline bool c906_is_same(const struct c906_env *env, u64 mask, u64 a, u64 b)
{
	return likely(!env->asker) ? !((a ^ b) & mask) : c906_ask_same(env, mask, a, &b, 1);
}

/* Of an address, the bits under a mask. */
static inline u64 c906_ask_bits(const struct c906_env *env, u64 address, u64 mask)
{
	return likely(!env->asker) ? address & mask : asker_bits(env->asker, address, mask);
}

/* The data cache: is the line there, or in the set of another virtual address? */
#define C906_LINE_THERE BIT(0)
#define C906_ALIAS_THERE BIT(1)
u64 c906_ask_hit(const struct c906_env *env, u64 va, u64 pa);
/* The same of a load that passes if it is there: then the prefetcher sees it (see below). */
#define C906_LOAD_RUNS BIT(2)
u64 c906_ask_load(const struct c906_env *env, const struct c906_access *load);
/* And of a store: then stores are counted (c906_ask_amr). */
#define C906_STORE_STREAMS BIT(4)
u64 c906_ask_store(const struct c906_env *env, const struct c906_access *store);
/* In the set of another virtual address; and from there it moves. */
#define C906_ALIAS_DIRTY BIT(3)
u64 c906_ask_alias(const struct c906_env *env, u64 va, u64 pa);
void c906_ask_moves(const struct c906_env *env, u64 va, u64 pa);
void c906_ask_dirties(const struct c906_env *env, u64 va, u64 pa);
void c906_ask_data_begin(const struct c906_env *env, u64 va);
void c906_ask_data_end(const struct c906_env *env, u64 va, u64 pa, bool dirty);
/* What a line replaces: where that is, is it dirty; valid, and is `ahead` there already? */
#define C906_VICTIM_VALID BIT(0)
#define C906_VICTIM_PRESENT BIT(1)
#define C906_VICTIM_ALIAS BIT(2)
bool c906_ask_victim_dirty(const struct c906_env *env, u64 va, u64 *pa);
u64 c906_ask_victim_tag(const struct c906_env *env, u64 va, u64 ahead);

/* As an address of data of which nothing is known but in what is not to be kept. */
u64 c906_place(const struct c906_env *env, u64 address);

/* Prefetching: the stream that wants a line, and which, or -1; will it want more by itself? */
int c906_ask_stream(const struct c906_env *env, u64 *va, u64 *pa);
bool c906_ask_stream_step(const struct c906_env *env, int granted);
bool c906_ask_stream_load(const struct c906_env *env, const struct c906_access *load, bool missed);
void c906_ask_stream_checked(const struct c906_env *env, unsigned stream, bool present);

/* A store: do stores stop to allocate lines? */
bool c906_ask_amr(const struct c906_env *env, const struct c906_access *store, bool missed);

/* Steps of the divider; 0: its result is known. */
u8 c906_ask_division(const struct c906_env *env, const struct c906_uop *uop, u64 a, u64 b);

#endif
