/* SPDX-License-Identifier: MIT */
/* Notes runs of blocks (run.h) while they are executed. */
#ifndef CPU_TIMING_NOTES_H
#define CPU_TIMING_NOTES_H

#include "cpu/hart/notes_state.h"
#include "cpu/timing/run.h"

/* Returns whether no further run may begin before the model has consumed the noted ones. */
static inline bool timing_notes_full(const struct run_notes *notes)
{
	return notes->end >= notes->most;
}

/*
 * How a block is left: the next pc, the number of executed instructions, and whether the last one
 * jumped.
 */
struct timing_exit {
	u64 next;
	u8 count;
	bool jumped;
};

/* Ends the run that was begun last; `end` is the end of its operands. */
static ALWAYS_INLINE void timing_run_end(struct run_notes *notes, u64 *end, struct timing_exit left)
{
	struct timing_run *run = (struct timing_run *)notes->end;

	run->next = left.next;
	run->how = notes->how;
	run->count = left.count;
	run->jumped = left.jumped;
	run->words = (u16)(end - run->operand);
	if (likely(left.count))
		notes->end = end;
}

/* Returns whether instructions of a class may be in runs; the others are reported as records. */
static ALWAYS_INLINE bool timing_runs_have(enum insn_class class)
{
	return class != CLASS_CSR && class != CLASS_SYSTEM && class <= CLASS_VSET;
}

#endif
