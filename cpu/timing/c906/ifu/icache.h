/* SPDX-License-Identifier: MIT */
/*
 * C906's instruction cache (aq_ifu_icache.v): two ways, replaced in turn; one miss at a time, in
 * which the wanted word comes first; after the line, the next line of the page is prefetched.
 */
#ifndef CPU_TIMING_C906_IFU_ICACHE_H
#define CPU_TIMING_C906_IFU_ICACHE_H

#include "cpu/timing/c906/mmu/mmu.h"

/* This code is decoded if nothing can be fetched; only its presence matters. */
#define C906_NO_CODE 0x00010001 /* C.NOP */

enum c906_refill_state {
	C906_REFILL_IDLE, C906_REFILL_REQUEST, C906_REFILL_FIRST, C906_REFILL_REST,
	C906_REFILL_TRANSLATE,
};

enum c906_ahead_state {
	C906_AHEAD_IDLE, C906_AHEAD_READ, C906_AHEAD_CHECK, C906_AHEAD_REQUEST,
	C906_AHEAD_FIRST, C906_AHEAD_REST,
};

/*
 * From the request of an invalidation on nothing is read; it begins when no line is being refilled.
 */
enum c906_invalidation { C906_INVALIDATION_NONE, C906_INVALIDATION_ASKED, C906_INVALIDATION_RUNS };

#define UNITS "cpu/timing/c906/state/icache.def"
#include "cpu/timing/fields/structs.inc"

struct c906_icache_cycle {
	/* In */
	bool fetches; /* pcgen requests fetch_pc */
	bool cancel; /* the word in the compare stage is dropped */
	bool lsu_requests;
	/* Out */
	bool valid; /* `word` is that at pc */
	bool faults; /* it cannot be fetched */
	u64 pc;
	u32 word; /* aligned */
	bool translated;
	bool missed, waits; /* the line is not there; the translation is waited for */
	bool ready; /* it accepts a read */
	u64 pa;
};

/* Determine what comes out of the compare stage or the bus; then end the cycle. */
void c906_icache_compare(struct c906_icache *icache, const struct c906_env *env,
			 struct c906_mmu *mmu, struct c906_icache_cycle *cycle);
void c906_icache_step(struct c906_icache *icache, struct c906_env *env, u64 fetch_pc,
		      const struct c906_icache_cycle *cycle);

/*
 * The lines, by virtual address: one that is mapped twice may be there twice. The first beat takes
 * the next way; with the last one the line is there.
 */
const struct c906_icache_line *c906_icache_find(const struct c906_env *env, u64 va, u64 pa);
void c906_icache_begin(const struct c906_env *env, u64 va);
void c906_icache_end(const struct c906_env *env, u64 va, u64 pa);

/* Invalidates all lines, a set a cycle. */
void c906_icache_invalidate(struct c906_icache *icache);

#endif
