/* SPDX-License-Identifier: MIT */
/* How runs of blocks (run.h) are noted while they are executed. */
#ifndef CPU_TIMING_NOTES_H
#define CPU_TIMING_NOTES_H

#include "cpu/hart/notes_state.h"
#include "cpu/timing/run.h"

/* Returns whether no run may be begun before those that were noted are the model's. */
static inline bool timing_notes_full(const struct run_notes *notes)
{
	return notes->end >= notes->most;
}

/* How a block is left: where it goes on, behind how many instructions, and whether by a jump. */
struct timing_exit {
	u64 next;
	u8 count;
	bool jumped;
};

/* Ends the run that was begun last; `end` is behind its operands. */
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

/* Returns whether instructions of a class may be in runs; the others have records. */
static ALWAYS_INLINE bool timing_runs_have(enum insn_class class)
{
	return class != CLASS_CSR && class != CLASS_SYSTEM && class <= CLASS_VSET;
}

#endif
