/* SPDX-License-Identifier: MIT */
/*
 * What C906's front end remembers of branches, jumps and calls. Its steps are in ifu.h.
 */
#ifndef CPU_TIMING_C906_PREDICT_H
#define CPU_TIMING_C906_PREDICT_H

#include "cpu/timing/c906/params.h"

/*
 * Two-bit counters, eight in a row, chosen by the history of all branches and by no address
 * (aq_ifu_bht.v). Bits 15:8 of a row are the upper bits of the counters, 7:0 the lower.
 */
enum c906_bht_state {
	C906_BHT_IDLE, C906_BHT_READ1, C906_BHT_READ2, C906_BHT_WRITE_MISPREDICTED,
	C906_BHT_WRITE,
};

struct c906_bht {
	u8 state; /* of the update */
	u32 history, guessed; /* of resolved branches, of predicted ones */
	u32 update_history;
	u8 update_value;
	u16 output; /* the RAM's */
	u16 saved; /* its output before an update took the RAM */
	bool use_saved;
	u16 current; /* the row for the next prediction */
};

struct c906_btb {
	u16 tags[C906_BTB_MAX], targets[C906_BTB_MAX]; /* low bits of addresses */
	u16 valid; /* a bit for each */
	u8 next; /* to be replaced */
	bool hit; /* last cycle's fetch did */
	u8 hit_entry;
	bool followed; /* a target was fetched that the decoder has not confirmed */
	u64 target;
};

struct c906_ras {
	u64 address[C906_RAS_DEPTH];
	u8 top, resolved_top; /* as predicted, and as executed */
	bool waits; /* for the return predicted last to be resolved */
	u64 predicted;
};

#endif
