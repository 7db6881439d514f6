/* SPDX-License-Identifier: MIT */
/*
 * CVA6's write-through data cache (wt_dcache*.sv): two read ports (page walker and loads), each
 * with one miss at a time; a write buffer that merges stores and sends them; and the miss unit,
 * which accesses memory. Files: dcache.c (the cache as a whole), read_port.c, write_buffer.c,
 * miss_unit.c.
 */
#ifndef CPU_TIMING_CVA6_DCACHE_DCACHE_H
#define CPU_TIMING_CVA6_DCACHE_DCACHE_H

#include "cpu/timing/cva6/dcache/axi.h"
#include "cpu/timing/cva6/lsu.h"
#include "cpu/timing/units/lfsr.h"
#include "cpu/timing/units/tags.h"

enum { CVA6_PORT_WALKER, CVA6_PORT_LOAD, CVA6_READ_PORTS, CVA6_PORT_WRITES = 3, CVA6_PORTS };

enum cva6_port_state {
	CVA6_PORT_IDLE, CVA6_PORT_READ, CVA6_PORT_MISS_REQ, CVA6_PORT_MISS_WAIT,
	CVA6_PORT_KILL_MISS, CVA6_PORT_KILL_MISS_ACK, CVA6_PORT_REPLAY_REQ, CVA6_PORT_REPLAY_READ,
};

enum cva6_miss_state {
	CVA6_MISS_FLUSH, CVA6_MISS_IDLE, CVA6_MISS_DRAIN, CVA6_MISS_AMO, CVA6_MISS_AMO_WAIT,
	CVA6_MISS_STORE_WAIT, CVA6_MISS_LOAD_WAIT,
};

#define UNITS "cpu/timing/cva6/state/dcache.def"
#include "cpu/timing/fields/structs.inc"

/* Requests to the cache, and its responses, in a cycle. */
struct cva6_dcache_cycle {
	/* In */
	struct {
		bool request, tag_valid, kill;
		u64 address;
		u8 id;
	} read[CVA6_READ_PORTS];
	bool store_request, amo_request;
	struct cva6_store store;
	const struct cva6_amo *amo;
	struct cva6_axi_return returned;
	bool axi_accepts;
	/* Out */
	struct {
		bool granted, answered;
		u8 answered_id;
	} reply[CVA6_READ_PORTS];
	bool store_granted, amo_done;
	bool write_missed; /* a word left the write buffer, and the cache does not have its line */
	bool axi_request;
	struct cva6_axi_request request;
	/* Within */
	bool load_ack, store_ack, amo_ack, invalidates;
	unsigned refilled_port; /* port of the refill, with load_ack */
	bool array_written; /* the array is written, so no read is served */
	bool line_written; /* a line is written, so no word is */
	u64 array_line;
	u32 read_acks; /* a bit for the port that is served */
	u32 unchecked; /* words of stores to be looked up when no other port reads */
	unsigned read_choice;
	u32 miss_requests, miss_acks, miss_replays;
	unsigned dirty_word, free_write, checked_word;
	u8 sent_bytes; /* bytes of the word that go in the request */
	u64 sent_address;
	u32 dirty;
};

int cva6_dcache_init(struct cva6_dcache *dcache, const struct cva6_params *params);
void cva6_dcache_free(struct cva6_dcache *dcache);
void cva6_dcache_reset(struct cva6_dcache *dcache);
void cva6_dcache_copy(struct cva6_dcache *to, const struct cva6_dcache *from);

/* Resets all that is in flight, with the write buffer; the lines stay. */
void cva6_dcache_idle(struct cva6_dcache *dcache);

/* Performs the first half of a cycle: takes the response of memory, and sets cycle->amo_done. */
void cva6_dcache_return(const struct cva6_dcache *dcache, struct cva6_dcache_cycle *cycle);

/* Performs the second half of a cycle, with all its requests. */
void cva6_dcache_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		      struct cva6_dcache_cycle *cycle);

/* Returns whether nothing changes until there is a request or memory answers. */
bool cva6_dcache_rests(const struct cva6_dcache *dcache);

/* Returns whether the write buffer is empty. */
bool cva6_dcache_drained(const struct cva6_dcache *dcache);

#endif
