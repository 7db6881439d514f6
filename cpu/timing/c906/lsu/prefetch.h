/* SPDX-License-Identifier: MIT */
/*
 * The parts of C906's LSU that learn, from addresses, which lines to prefetch and when stores need
 * not allocate lines.
 */
#ifndef CPU_TIMING_C906_LSU_PREFETCH_H
#define CPU_TIMING_C906_LSU_PREFETCH_H

#include "bus/base.h"

struct c906_access;
struct c906_params;

/* aq_lsu_pfb.v */
#define C906_STREAMS 5 /* the first is of all loads, each other one of a pc */
#define C906_STREAMS_OF_PCS (C906_STREAMS - 1)
enum c906_stream_state {
	C906_STREAM_IDLE, C906_STREAM_SEEN, C906_STREAM_STRIDE, C906_STREAM_ACTIVE,
	C906_STREAM_REQUEST, C906_STREAM_AHEAD, C906_STREAM_EXPIRED,
};

/* aq_lsu_amr.v: long runs of stores turn allocation off. */
enum c906_amr_state {
	C906_AMR_IDLE, C906_AMR_HALF, C906_AMR_START, C906_AMR_COUNT, C906_AMR_ACTIVE,
};

#define UNITS "cpu/timing/c906/state/prefetch.def"
#include "cpu/timing/fields/structs.inc"

/* Returns the line that a stream requests next, in this page. */
u64 c906_prefetch_address(const struct c906_stream *stream, u64 page);

/* Returns the first stream that requests a line, or -1. */
int c906_prefetch_first(const struct c906_prefetcher *prefetcher);
/*
 * Steps a cycle; `granted` is the stream whose request was taken, or -1. Returns whether the
 * streams will request more without a load.
 */
bool c906_prefetch_step(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			int granted);
/* Returns the same if streams have lines to request, or are ahead. */
bool c906_prefetch_requests_more(const struct c906_prefetcher *prefetcher,
				 const struct c906_params *params);
/*
 * Determines which streams need not be considered. Must be called after streams were changed from
 * outside.
 */
void c906_prefetch_renew(struct c906_prefetcher *prefetcher);
/* Forgets all streams. */
void c906_prefetch_flush(struct c906_prefetcher *prefetcher);
/* Updates all streams for a load that missed, or belongs to a stream. streams.h has the rest. */
void c906_prefetch_advance(struct c906_prefetcher *prefetcher, const struct c906_params *params,
			   const struct c906_access *load, bool missed);
/* Notes whether the line that a stream requested was in the cache. */
void c906_prefetch_checked(struct c906_prefetcher *prefetcher, unsigned n, bool present);

/* This is in amr.c. */
void c906_amr_store(struct c906_amr *amr, const struct c906_params *params,
		    const struct c906_access *store, bool missed);

#endif
