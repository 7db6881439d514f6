/* SPDX-License-Identifier: MIT */
/*
 * Native code of a hart whose timing model takes runs (timing/run.h). Such code has a block key of
 * its own (BLOCK_KEY_NOTED). It notes what threaded code would: which block is run, the operands of
 * instructions, the addresses of accesses, and how the block is left. It leaves a block at each
 * taken jump, and has no loops, because a run is of consecutive instructions. It calls only bodies
 * that compute. An access that needs more than the fast path is left undone, as in threaded code,
 * so that the model can watch it. Blocks with instructions that are always left undone, or that
 * need other bodies, stay in threaded code.
 */
#ifndef CPU_JIT_TIMED_NOTED_H
#define CPU_JIT_TIMED_NOTED_H

#include "cpu/engine/block_cache.h"
#include "cpu/hart/hart.h"
#include "cpu/jit/probe.h"
#include "cpu/timing/notes.h"

/*
 * Threaded code runs a block that cannot be native so often until it is asked again, which costs
 * next to nothing.
 */
#define NOTED_REFUSED UINT16_MAX

/* Returns whether native code of the block notes runs. */
static inline bool noted_is(const struct block *block)
{
	return block->key & BLOCK_KEY_NOTED;
}

/* Returns whether native code cannot begin a run: threaded code empties the queue. */
static inline bool noted_waits(const struct hart *hart)
{
	return hart->native.timed == BLOCK_KEY_NOTED && timing_notes_full(&hart->native.notes);
}

/*
 * Return whether such code may have an emitter's code for the instruction, and whether it may call
 * the body, which does nothing but compute.
 */
bool noted_emits(const struct insn *insn);
bool noted_calls(const struct insn *insn);

/* The rest writes nothing if the block's code notes no runs. Writes what begins a run. */
void gen_run_begin(struct gen *gen);

/* Notes the operands of an instruction that is next. It changes RAX and RDX. */
void gen_run_operands(struct gen *gen, const struct insn *insn);

/*
 * Notes an access of `size` bytes at the address in `at`, RAX or that of rs1; RCX has what is to be
 * added to it. Leaves in RCX the host's address, which it returns, and changes RAX and RDX.
 */
struct address gen_run_access(struct gen *gen, const struct insn *insn, unsigned at, bool write,
			      unsigned size);

/*
 * Notes that the block is left behind `done` instructions, for the pc in RAX or for an offset from
 * the page; `jumped` is as in struct timing_run. They change RCX and RDX, and the second one RAX.
 */
void gen_run_left(struct gen *gen, unsigned done, bool jumped);
void gen_run_left_to(struct gen *gen, s64 offset, unsigned done, bool jumped);

/* Native code leaves the instruction undone, at hart->pc: ends the run in front of it. */
void noted_leave(struct hart *hart, const struct insn *insn, const struct block *block);

#endif
