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

struct c906_fill {
	u64 pa, va, beat; /* beat: the cycle of the first */
	u8 state, half, reg;
	u8 store, stream; /* who waits: entry of the store buffer; who asked: of the prefetcher */
	bool ahead, load, amo, walks;
	bool reads; /* it is of a load; a prefetch: of what AG had last (lfb_ld) */
	bool alias; /* the line is in the set that another virtual address gives, and moves */
};

/* aq_lsu_rdl.v examines, and reads out, the line to be replaced; then one that moves. */
enum c906_victim_read_state {
	C906_RDL_IDLE, C906_RDL_DIRTY, C906_RDL_DIRTY_CHECK, C906_RDL_TAG, C906_RDL_TAG_CHECK,
	C906_RDL_DECIDE, C906_RDL_WAIT, C906_RDL_DATA, C906_RDL_AGAIN = C906_RDL_DATA + 4,
	C906_RDL_DONE,
};

struct c906_victim_read {
	u8 state, fill;
	bool valid, dirty, present; /* present: the line to be prefetched is in the cache */
	bool moves; /* the line that is read moves to another set */
	u64 pa; /* of the line that goes */
};

/*
 * aq_lsu_vb.v takes a line in four parts, then writes them, or gives them to the fill of a moving
 * line.
 */
enum c906_victim_state {
	C906_VICTIM_IDLE, C906_VICTIM_TAKE, C906_VICTIM_ASK = C906_VICTIM_TAKE + 4,
	C906_VICTIM_WRITE, C906_VICTIM_OFFER, C906_VICTIM_GIVE,
};

struct c906_victim {
	u8 state, beats, write;
	bool piece; /* comes in this cycle */
	bool behind; /* data of stores that were granted the bus before have not all gone */
	bool moves, dirty; /* of a line that moves */
	u8 fill; /* to which it does */
	u64 pa;
};

/* aq_lsu_stb.v */
enum c906_store_state {
	C906_STORE_IDLE, C906_STORE_WAIT_FILL, C906_STORE_CACHE, C906_STORE_MERGE, C906_STORE_BUS,
	C906_STORE_WAIT_DATA,
};

#define C906_AMO_STAGES 2 /* from an AMO's data to its result */

struct c906_store {
	u64 pa, va, sequence;
	u64 amo_data; /* the cycle from which an AMO has its result */
	u8 state, bytes, data_reg;
	bool hit; /* the line is there, and stays until the store is done with it */
	bool waits, amo, atomic;
};

/* The other half of aq_lsu_stb.v: stores that allocate nothing, on their way to the bus. */
enum c906_merge_state {
	C906_MERGE_IDLE, C906_MERGE_HALF, C906_MERGE_FULL, C906_MERGE_SINGLE, C906_MERGE_SENT,
};
enum c906_burst_state {
	C906_BURST_IDLE, C906_BURST_WAIT, C906_BURST_DATA = C906_BURST_WAIT + 3,
	C906_BURST_CLOSE = C906_BURST_DATA + 5,
};

struct c906_merge {
	u8 state, write;
	bool full; /* of eight bytes */
	u64 pa;
};

/* An open burst of up to a line: WAIT and DATA count the beats. */
struct c906_burst {
	u8 state, write;
	unsigned idle;
	u64 pa;
};

#endif
