/* SPDX-License-Identifier: MIT */
/* The buffers of C906's LSU: lines to be filled, lines to be written back, stores. */
#ifndef CPU_TIMING_C906_LSU_BUFFERS_H
#define CPU_TIMING_C906_LSU_BUFFERS_H

#include "cpu/timing/c906/params.h"

/* aq_lsu_lfb.v */
enum c906_fill_state {
	C906_FILL_IDLE, C906_FILL_WAIT_VICTIM, C906_FILL_VICTIM, C906_FILL_WAIT_BUS,
	C906_FILL_REFILL,
};

/* aq_lsu_rdl.v examines, and reads out, the line to be replaced; then one that moves. */
enum c906_victim_read_state {
	C906_RDL_IDLE, C906_RDL_DIRTY, C906_RDL_DIRTY_CHECK, C906_RDL_TAG, C906_RDL_TAG_CHECK,
	C906_RDL_DECIDE, C906_RDL_WAIT, C906_RDL_DATA, C906_RDL_AGAIN = C906_RDL_DATA + 4,
	C906_RDL_DONE,
};

/*
 * aq_lsu_vb.v takes a line in four parts, then writes them, or gives them to the fill of a moving
 * line.
 */
enum c906_victim_state {
	C906_VICTIM_IDLE, C906_VICTIM_TAKE, C906_VICTIM_REQUEST = C906_VICTIM_TAKE + 4,
	C906_VICTIM_WRITE, C906_VICTIM_OFFER, C906_VICTIM_GIVE,
};

/* aq_lsu_stb.v */
enum c906_store_state {
	C906_STORE_IDLE, C906_STORE_WAIT_FILL, C906_STORE_CACHE, C906_STORE_MERGE, C906_STORE_BUS,
	C906_STORE_WAIT_DATA,
};

#define C906_AMO_STAGES 2 /* from an AMO's data to its result */

/* The other half of aq_lsu_stb.v: stores that allocate nothing, on their way to the bus. */
enum c906_merge_state {
	C906_MERGE_IDLE, C906_MERGE_HALF, C906_MERGE_FULL, C906_MERGE_SINGLE, C906_MERGE_SENT,
};
enum c906_burst_state {
	C906_BURST_IDLE, C906_BURST_WAIT, C906_BURST_DATA = C906_BURST_WAIT + 3,
	C906_BURST_CLOSE = C906_BURST_DATA + 5,
};

#define UNITS "cpu/timing/c906/state/buffers.def"
#include "cpu/timing/fields/structs.inc"

#endif
