/* SPDX-License-Identifier: MIT */
/*
 * The native tier: blocks that run often are translated to x86-64 code. Rows that have an emitter
 * (emit/emit.def) are translated, all others call the interpreter's function. So does an emitted
 * instruction when it meets a case that it does not handle (an unmapped page, the minimum of a
 * NaN).
 */
#ifndef CPU_JIT_JIT_H
#define CPU_JIT_JIT_H

#include "cpu/hart/hart.h"

struct block;
struct harts;
struct jit;

/* Which rows have native code: the emitters of these groups are used, the others are calls. */
enum jit_only { JIT_NONE = 0, JIT_ALU = 1, JIT_MEM = 2, JIT_FP = 4, JIT_ALL = 7 };

/*
 * The functions that are called for native code as it is made; those that are not wanted are NULL.
 */
struct jit_listing {
	void (*dump)(void *ctx, const char *text); /* guest code and the host code made of it */
	void (*perf_map)(void *ctx, const char *text); /* where it is, and its name, for perf */
	void (*done)(void *ctx); /* a block, or all stubs, are listed */
	/* Names the code at a hart's pc, "main+0x10", or writes "". */
	void (*name)(void *ctx, struct hart *hart, char *text, size_t size);
	void *ctx;
};

struct jit_config {
	enum jit_only only;
	unsigned threshold; /* runs of a block before it is translated; usually JIT_THRESHOLD */
	struct jit_listing listing;
};

/* Figures for --stats and the monitor. */
struct jit_stats {
	u64 native; /* instructions that were executed in native code, or called by it */
	u64 blocks, insns, bytes; /* translated since the start, and the code that came of it */
	u64 cold_bytes; /* those of `bytes` in the cold half, because they seldom run */
	u64 evictions; /* how often a chunk of code was dropped for want of room, or all code was */
	u64 visited; /* codes and exits, for the longest of these */
	u64 size, used; /* of the arena, in bytes */
};

/*
 * Prepares all harts for jit_run. `harts` outlives it. Returns NULL when there is no memory that
 * may be executed; errno says why.
 */
struct jit *jit_create(struct harts *harts, const struct jit_config *config);
void jit_free(struct jit *jit);

/* The tier. Blocks start in threaded code. */
enum hart_exit jit_run(struct hart *hart);

/*
 * The part of a tier that runs from `block` on, which is at hart->pc, until a block is left for
 * anything but the next block. native.warm runs blocks that are not hot yet. If native.timed is
 * set, an instruction that a model has to watch is left undone: native.undone, which the caller has
 * set to NULL, is then that instruction, and if runs are noted this returns EXIT_TRAP for it. If
 * native.timed is not set, an instruction between two blocks, which belongs to none, is
 * interpreted.
 */
enum hart_exit jit_run_blocks(struct hart *hart, struct block *block);

/*
 * Finds the guest's pc, as exact as the start of a block, at which the hart was interrupted in
 * native code; `code` and `stack` are the host's program counter and stack pointer. Returns false
 * if it was interrupted elsewhere; hart->pc is then right, as exact as a block. A signal handler of
 * the thread that runs the hart may call it.
 */
bool jit_pc(const struct jit *jit, const struct hart *hart, const void *code, const u64 *stack,
	    u64 *pc);

void jit_stats(const struct jit *jit, struct jit_stats *stats);

#endif
