/* SPDX-License-Identifier: MIT */
/*
 * The native tier: blocks that run often are translated to x86-64 code. Instructions that have an
 * emitter (emit/emit.def) are translated; all others become calls of the interpreter's function. An
 * emitted instruction calls that function, too, in cases that its code does not handle (an unmapped
 * page, the minimum of a NaN).
 */
#ifndef CPU_JIT_JIT_H
#define CPU_JIT_JIT_H

#include "cpu/hart/hart.h"

struct block;
struct harts;
struct jit;

/* The groups of emitters that are used; instructions of the other groups become calls. */
enum jit_only { JIT_NONE = 0, JIT_ALU = 1, JIT_MEM = 2, JIT_FP = 4, JIT_ALL = 7 };

/* The functions that receive listings of new native code; NULL for those that are not wanted. */
struct jit_listing {
	/* Receives the disassembly of guest code and of the host code made of it. */
	void (*dump)(void *ctx, const char *text);
	/* Receives the addresses and names of host code, in the format of perf's map files. */
	void (*perf_map)(void *ctx, const char *text);
	void (*done)(void *ctx); /* is called after a block, or all stubs, are listed */
	/* Writes the name of the guest code at a hart's pc, such as "main+0x10", or "". */
	void (*name)(void *ctx, struct hart *hart, char *text, size_t size);
	void *ctx; /* is passed to each of them */
};

struct jit_config {
	enum jit_only only;
	unsigned threshold; /* how often a block runs before it is translated (JIT_THRESHOLD) */
	struct jit_listing listing;
};

/* The statistics for --stats and the monitor. */
struct jit_stats {
	u64 native; /* instructions that were executed in native code, or by a call from it */
	/* The blocks and instructions that were translated, and the bytes of their host code. */
	u64 blocks, insns, bytes;
	u64 cold_bytes; /* the part of `bytes` that is in the cold half */
	u64 evictions; /* how often a chunk of code, or all code, was dropped to make room */
	u64 visited; /* the most codes and exits that one eviction had to visit */
	u64 size, used; /* of the arena, in bytes */
};

/*
 * Returns the name of a feature that native code cannot do without and the host's processor lacks,
 * or NULL. Only if it is NULL may the other functions be called.
 */
const char *jit_lacks(void);

/*
 * Prepares all harts for jit_run; `harts` must outlive the result, which the caller owns. Returns
 * NULL, with errno set, if the host gives no executable memory.
 */
struct jit *jit_create(struct harts *harts, const struct jit_config *config);
void jit_free(struct jit *jit);

/* Runs the hart in the native tier, as the function of a tier (hart.h). */
enum hart_exit jit_run(struct hart *hart);

/*
 * Runs blocks, beginning with `block`, which is at hart->pc, until one is left for anything but the
 * next block. Blocks that are not hot yet run in native.warm. If native.timed is set, execution
 * stops before an instruction that the timing model has to observe: native.undone, which the caller
 * has set to NULL, becomes that instruction, and if runs are noted the result is EXIT_TRAP. If
 * native.timed is not set, an instruction that belongs to no block is interpreted.
 */
enum hart_exit jit_run_blocks(struct hart *hart, struct block *block);

/*
 * Finds the guest's pc at which a signal interrupted the hart in native code, from the host's
 * program counter `code` and stack pointer `stack`. Returns false if the hart was not in native
 * code; hart->pc is correct then. In either case the pc may be that of the start of the block. A
 * signal handler of the thread that runs the hart may call this.
 */
bool jit_pc(const struct jit *jit, const struct hart *hart, const void *code, const u64 *stack,
	    u64 *pc);

void jit_stats(const struct jit *jit, struct jit_stats *stats);

#endif
