/* SPDX-License-Identifier: MIT */
/*
 * Native code of a hart whose timing model consumes runs (timing/run.h). The code notes runs: as
 * threaded code does, it records which block is run, the operands of instructions, the addresses of
 * accesses, and how the block is left. It has its own block key (BLOCK_KEY_NOTED). It leaves a
 * block at each taken jump, and has no loops, because a run is of consecutive instructions. It
 * calls only bodies that do nothing but compute. If an access needs more than the fast path,
 * execution stops before it, as in threaded code, so that the model can observe it. Blocks with
 * instructions that always stop execution, or that need other bodies, stay in threaded code.
 */
#ifndef CPU_JIT_TIMED_NOTED_H
#define CPU_JIT_TIMED_NOTED_H

#include "cpu/engine/block_cache.h"
#include "cpu/hart/hart.h"
#include "cpu/jit/probe.h"
#include "cpu/timing/notes.h"

/*
 * How often threaded code runs a block that was refused until its translation is tried again. The
 * number is large, so the attempts cost next to nothing.
 */
#define NOTED_REFUSED UINT16_MAX

/* Returns whether native code of the block records runs. */
static inline bool noted_is(const struct block *block)
{
	return block->key & BLOCK_KEY_NOTED;
}

/*
 * Returns whether the queue of runs is full, so that native code cannot begin one. Threaded code
 * then empties the queue.
 */
static inline bool noted_waits(const struct hart *hart)
{
	return hart->native.timed == BLOCK_KEY_NOTED && timing_notes_full(&hart->native.notes);
}

/*
 * Return whether code that records runs may contain the instruction's emitted code, and whether it
 * may call the instruction's body, which must do nothing but compute.
 */
bool noted_emits(const struct insn *insn);
bool noted_calls(const struct insn *insn);

/* Writes the start of a run. It and the next functions write nothing if no runs are recorded. */
void gen_run_begin(struct gen *gen);

/* Writes the recording of an instruction's operands, before its code. It changes RAX and RDX. */
void gen_run_operands(struct gen *gen, const struct insn *insn);

/*
 * Writes the recording of an access of `size` bytes at the guest address in the host register `at`,
 * which is RAX or that of rs1; RCX has the addend. Returns the host address, which is left in RCX.
 * It changes RAX and RDX.
 */
struct address gen_run_access(struct gen *gen, const struct insn *insn, unsigned at, bool write,
			      unsigned size);

/*
 * Write the end of a run, where the block is left after its first `done` instructions, for the pc
 * in RAX or for an offset from the page; `jumped` is as in struct timing_run. They change RCX and
 * RDX, and the second one RAX.
 */
void gen_run_left(struct gen *gen, unsigned done, bool jumped);
void gen_run_left_to(struct gen *gen, s64 offset, unsigned done, bool jumped);

/* Ends the run before an instruction, at hart->pc, that the model must observe (native.undone). */
void noted_leave(struct hart *hart, const struct insn *insn, const struct block *block);

#endif
