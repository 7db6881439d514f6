/* SPDX-License-Identifier: MIT */
/* The part of a hart that belongs to the native tier (cpu/jit); none of it is state. */
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

/* At most so many groups of accesses in a block have a check for all of them. */
#define NATIVE_GROUPS 8

/* At most so many streams of accesses in a loop are checked in front of it (cpu/jit/loop). */
#define NATIVE_STREAMS 10

/* Vectors that rounds of a strip may have in the hart (cpu/jit/loop/simd.h). */
#define NATIVE_SIMD 8

/* Loops share a counter if their numbers are the same modulo this. */
#define NATIVE_LOOPS 4096

/* How a site of accesses is judged (cpu/jit/stubs_mem.c); times are in steps of the hart. */
struct native_site {
	u64 since; /* when it was looked at last */
	u64 missed; /* how long its misses took that were counted last */
	u64 ran; /* how long its runs took that were looked at one by one behind those */
	u8 samples; /* how many such runs there were; 0: misses are counted */
};

struct native {
	struct jit *jit; /* NULL: there is no native tier */
	u64 page; /* the virtual page of the native code that runs */
	u64 box[2] __attribute__((aligned(16))); /* a NaN box, for a single in its lower half */
	u64 group[NATIVE_GROUPS]; /* the host's addresses of accesses of the block that runs */
	/* In a strip: what is to be added to addresses, by stream; the slice behind its rounds. */
	u64 stream[NATIVE_STREAMS];
	s64 rest;
	s64 begun; /* what was left of the strip's rounds, in instructions, when it began */
	u64 rounds; /* while a strip is begun: how many rounds it may have behind the first one */
	/* While SSE does rounds of a strip: operands that are no elements, and f registers. */
	u64 simd[NATIVE_SIMD][8] __attribute__((aligned(64)));
	u64 simd_f[14];
	u32 site; /* the one of which a stub is asked (struct tlb_view) */
	bool site_tired; /* it has missed so often that the body is called, to look at it */
	u8 site_left[TLB_SITES_MAX]; /* how often it may miss until then */
	struct native_site judged[TLB_SITES_MAX];
	u32 mxcsr; /* where native code puts it to look at it */
	u32 exit; /* the number of the exit by which it was left; 0: none */
	/*
	 * While the host holds pinned f registers, and their places in the hart are out of date:
	 * the block_key with which they were loaded, but what is of vectors; else 0.
	 */
	u32 fp;
	bool hot; /* threaded code was left because the next block is to be translated */
	/* Runs blocks in threaded code until one is hot. */
	enum hart_exit (*warm)(struct hart *hart, struct block *block);
	u32 timed; /* of BLOCK_KEY_TIMED: what native code does for a timing model; 0: nothing */
	/*
	 * Where prices of instructions are added up (timing/price.h), or NULL. `price` is what
	 * native code has added and C has not taken yet, packed; `priced` the steps until then.
	 */
	struct timing_prices *prices;
	u64 price, priced;
	struct run_notes notes; /* of a hart with a model that takes runs */
	/*
	 * The instruction at which threaded or native code was left because a model has to watch
	 * it; NULL: none.
	 */
	const struct insn *undone;
	u8 vain[NATIVE_LOOPS]; /* by loops: how many strips in a row were not worth their checks */
	u64 vain_since; /* steps, when they were cleared */
};

#endif
