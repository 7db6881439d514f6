/* SPDX-License-Identifier: MIT */
/*
 * The actions of a C906's LSU on the lines of its data cache, and on the predictors that learn from
 * addresses (prefetch.h). See ../actions.h.
 */
#ifndef CPU_TIMING_C906_LSU_ACTIONS_H
#define CPU_TIMING_C906_LSU_ACTIONS_H

#include "cpu/timing/c906/actions.h"

/* Returns whether the data cache has the line, or has it in the set of another virtual address. */
#define C906_LINE_THERE BIT(0)
#define C906_ALIAS_THERE BIT(1)
u64 c906_action_hit(const struct c906_env *env, u64 va, u64 pa);
/*
 * Returns the same for a load that passes if its line is there: then the prefetcher learns from it,
 * and LOAD_RUNS is what c906_action_stream_load returns.
 */
#define C906_LOAD_RUNS BIT(2)
u64 c906_action_load(const struct c906_env *env, const struct c906_access *load);
/*
 * Returns the same for a store: then it is counted, and STORE_STREAMS is what c906_action_amr
 * returns.
 */
#define C906_STORE_STREAMS BIT(4)
u64 c906_action_store(const struct c906_env *env, const struct c906_access *store);
/*
 * Return whether the line is in the set of another virtual address; move it from there; make it
 * dirty; begin and end a refill.
 */
#define C906_ALIAS_DIRTY BIT(3)
u64 c906_action_alias(const struct c906_env *env, u64 va, u64 pa);
void c906_action_moves(const struct c906_env *env, u64 va, u64 pa);
void c906_action_dirties(const struct c906_env *env, u64 va, u64 pa);
void c906_action_data_begin(const struct c906_env *env, u64 va);
void c906_action_data_end(const struct c906_env *env, u64 va, u64 pa, bool dirty);
/*
 * Return whether the line that is replaced is dirty, with its address in memory; and whether it is
 * valid, and whether `ahead` is there already.
 */
#define C906_VICTIM_VALID BIT(0)
#define C906_VICTIM_PRESENT BIT(1)
#define C906_VICTIM_ALIAS BIT(2)
bool c906_action_victim_dirty(const struct c906_env *env, u64 va, u64 *pa);
u64 c906_action_victim_tag(const struct c906_env *env, u64 va, u64 ahead);

/*
 * Prefetching: return the stream that requests a line, and the line, or -1; step the streams, or
 * let them learn from a load, and return whether they will request more by themselves.
 */
int c906_action_stream(const struct c906_env *env, u64 *va, u64 *pa);
bool c906_action_stream_step(const struct c906_env *env, int granted);
bool c906_action_stream_load(const struct c906_env *env, const struct c906_access *load,
			     bool missed);
void c906_action_stream_checked(const struct c906_env *env, unsigned stream, bool present);
/* Reports a store to the AMR. Returns whether stores do not allocate lines. */
bool c906_action_amr(const struct c906_env *env, const struct c906_access *store, bool missed);

#endif
