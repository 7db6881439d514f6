/* SPDX-License-Identifier: MIT */
/*
 * The predictors of C906's front end: branches, jumps and calls. A part of their state is in the
 * pipeline. ifu.h steps them.
 */
#ifndef CPU_TIMING_C906_PREDICT_H
#define CPU_TIMING_C906_PREDICT_H

#include "bus/base.h"

#define C906_BTB_MAX 16 /* the limit of params.def */
#define C906_RAS_DEPTH 4

/*
 * Two-bit counters, eight in a row, chosen only by the history of all branches, not by an address
 * (aq_ifu_bht.v). Bits 15:8 of a row are the upper bits of the counters, 7:0 the lower.
 */
enum c906_bht_state {
	C906_BHT_IDLE, C906_BHT_READ1, C906_BHT_READ2, C906_BHT_WRITE_MISPREDICTED,
	C906_BHT_WRITE,
};

/* The events of a cycle in the branch predictor. */
enum c906_bht_event {
	C906_BHT_PREDICTS = BIT(0), C906_BHT_RESOLVES = BIT(1), C906_BHT_TAKEN = BIT(2),
	C906_BHT_MISPREDICTED = BIT(3),
};

/*
 * A change has the number of cycles before it in which nothing happened, and above that its events;
 * it is never 0. C906_BHT_RESTS cycles after a resolved branch the predictor is idle, and further
 * cycles do not matter.
 */
#define C906_BHT_RESTS 3
#define C906_BHT_EVENTS 2
#define C906_BHT_CHANGE_BITS 6

/*
 * A branch keeps its counter with this bit, so that it is not 0. While a trace is recorded it keeps
 * a token.
 */
#define C906_BHT_COUNTED BIT(2)

#define UNITS "cpu/timing/c906/state/predict.def"
#include "cpu/timing/fields/structs.inc"

/*
 * Changes of the branch predictor that are not recorded yet (actions.h): they are recorded together
 * when a prediction is needed, or at the end of a trace.
 */
struct c906_later {
	u64 changes;
	u64 counters; /* places of the counters of branches resolved in them */
	u8 count, resolved; /* number of changes, of those places */
	u8 rests; /* cycles after them */
	bool known; /* the latest prediction still holds */
	struct c906_guess guess;
};

/* The known targets of the words in these bytes (btb.h): 16 bits each. */
#define C906_BTB_AROUND 16 /* bytes, aligned */
struct c906_btb_around {
	u64 targets;
	u16 number; /* the number of these bytes, from 1; 0: none */
};

#define C906_BTB_AROUNDS 64
#define UNITS "cpu/timing/c906/state/predictors.def"
#include "cpu/timing/fields/structs.inc"

/*
 * The events of the stack: the first two are of fetched instructions, the others of executed ones.
 */
enum c906_ras_event {
	C906_RAS_CALL = BIT(0), C906_RAS_RETURN = BIT(1), C906_RAS_REPAIR = BIT(2),
	C906_RAS_RESOLVED_CALL = BIT(3), C906_RAS_RESOLVED_RETURN = BIT(4),
};

#endif
