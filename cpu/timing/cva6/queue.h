/* SPDX-License-Identifier: MIT */
/*
 * CVA6's instruction queue (instr_queue.sv): two FIFOs that are filled and emptied in turn, and a
 * third for the predicted targets of instructions that jump. Whether a FIFO is full is decided at
 * the start of the cycle, so an entry that becomes free in a cycle is available in the next.
 */
#ifndef CPU_TIMING_CVA6_QUEUE_H
#define CPU_TIMING_CVA6_QUEUE_H

#include "cpu/timing/cva6/decode.h"
#include "cpu/timing/cva6/params.h"

#define CVA6_FETCHED 2 /* instructions in a word */

#define UNITS "cpu/timing/cva6/state/queue.def"
#include "cpu/timing/fields/structs.inc"

/* The FIFOs that are full at the start of the cycle. */
struct cva6_queue_room {
	bool full[CVA6_FETCHED], targets_full;
};

struct cva6_queue_room cva6_queue_room(const struct cva6_queue *queue,
				       const struct cva6_params *params);

static inline bool cva6_queue_ready(const struct cva6_queue_room *room)
{
	return !room->full[0] && !room->full[1] && !room->targets_full;
}

/*
 * Pushes the valid instructions of the word, a bit for each in `valid`. Returns a bit for each that
 * was pushed; *replay: the rest must be fetched again.
 */
unsigned cva6_queue_push(struct cva6_queue *queue, const struct cva6_queue_room *room,
			 const struct cva6_fetched *word, unsigned valid, bool *replay);

/* Pops the oldest of those that were there at the cycle's start. Returns false if there is none. */
bool cva6_queue_pop(struct cva6_queue *queue, struct cva6_fetched *fetched);

void cva6_queue_flush(struct cva6_queue *queue);

#endif
