/* SPDX-License-Identifier: MIT */
/* The part of a hart that belongs to the native tier (cpu/jit); none of it is saved. */
#ifndef CPU_HART_NATIVE_STATE_H
#define CPU_HART_NATIVE_STATE_H

#include "bus/base.h"
#include "cpu/hart/limits.h"
#include "cpu/hart/notes_state.h"

struct block;
struct hart;
struct insn;
struct jit;
struct timing_prices;

/* The most groups of accesses in a block that are checked together. */
#define NATIVE_GROUPS 8

/* The most streams of accesses of a loop that are checked before it (cpu/jit/loop). */
#define NATIVE_STREAMS 10

/* The number of vectors of a strip that are kept in the hart (cpu/jit/loop/simd.h). */
#define NATIVE_SIMD 8

/* Loops share a counter if their numbers are the same modulo this. */
#define NATIVE_LOOPS 4096

/* Searches share a record if their numbers are the same modulo this. */
#define NATIVE_SEARCHES 1024

/* The review of a site of accesses: whether it pays (cpu/jit/stubs_mem.c). Times are in steps. */
struct native_site {
	u64 since; /* when it was last reviewed */
	u64 missed; /* how long the misses took that were counted last */
	u64 ran; /* how long the runs took, after those misses, that were measured one by one */
	u8 samples; /* the number of such runs; 0: misses are being counted */
};

/* A search (cpu/jit/loop/search.h): how many iterations it did last, and whether it pays. */
struct native_search {
	u32 last;
	s32 score;
};

struct native {
	struct jit *jit; /* NULL: there is no native tier */
	u64 page; /* the virtual page of the native code that is running */
	u64 box[2] __attribute__((aligned(16))); /* a NaN box; a single goes into its lower half */
	/* by group, the host's address of accesses of the running block */
	u64 group[NATIVE_GROUPS];
	/*
	 * In a strip: by stream, the number to add to addresses; and the slice that remains after
	 * its iterations. Before a search: the host's addresses of loads and of a store.
	 */
	u64 stream[NATIVE_STREAMS];
	s64 rest;
	s64 begun; /* the instructions of the strip's iterations when it began */
	u64 iterations; /* when a strip begins: how many it may have after the first */
	/* While SSE executes iterations of a strip: scalar operands, and f registers. */
	u64 simd[NATIVE_SIMD][8] __attribute__((aligned(64)));
	u64 simd_f[14];
	u32 site; /* the site that calls a stub (struct tlb_view) */
	bool site_review_due; /* it has missed so often that the body is called, to review it */
	u8 site_left[TLB_SITES_MAX]; /* by site, the misses that remain until then */
	struct native_site judged[TLB_SITES_MAX];
	u32 mxcsr; /* where native code stores MXCSR to read it */
	u32 exit; /* the number of the exit by which native code was left; 0: none */
	/*
	 * While the host holds pinned f registers, so that those in the hart are out of date: the
	 * block_key with which they were loaded, without the bits of vectors; else 0.
	 */
	u32 fp;
	bool hot; /* threaded code was left because the next block is to be translated */
	/* Runs blocks in threaded code until one is to be translated. */
	enum hart_exit (*warm)(struct hart *hart, struct block *block);
	/* the bit of BLOCK_KEY_TIMED for native code's work for a timing model, or 0 */
	u32 timed;
	/*
	 * Where prices of instructions are added up (timing/price.h), or NULL. `price` is the
	 * packed sum that native code has added and C has not taken yet, `priced` the steps until
	 * then.
	 */
	struct timing_prices *prices;
	u64 price, priced;
	struct run_notes notes; /* used by a hart with a model that takes runs */
	/*
	 * The instruction before which threaded or native code was left, because a model has to
	 * observe it; NULL: none.
	 */
	const struct insn *undone;
	u8 unprofitable[NATIVE_LOOPS]; /* by loop: strips in a row not worth their checks */
	struct native_search search[NATIVE_SEARCHES];
	u64 unprofitable_since; /* hart->steps when `unprofitable` and `search` were cleared */
};

#endif
