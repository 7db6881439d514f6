/* SPDX-License-Identifier: MIT */
/* Whom a timing model asks for memory, and tells of time. See model.h. */
#ifndef CPU_TIMING_HOST_H
#define CPU_TIMING_HOST_H

#include "cpu/counters/cause.h"
#include "cpu/timing/record.h"

struct isa;
struct timing_coherence;
struct timing_run;

/* What a model may ask and tell. `ctx` is the first argument of both. */
struct timing_host {
	void *ctx;
	const struct isa *isa; /* to decode what is fetched on a wrong path as well */
	/*
	 * Memory as it is now, without any effect; false when there is none. Of code and of page
	 * table entries, at physical addresses that a guest chose.
	 */
	bool (*read)(void *ctx, u64 pa, void *data, size_t size);
	/*
	 * Code that is watched: while *code_changes is what it is, so are the bytes there, to
	 * read(). False: they cannot be. May be NULL, both.
	 */
	const u64 *code_changes;
	bool (*watch_code)(void *ctx, u64 pa, size_t size);
	/*
	 * Of a model that takes runs: it has had the instructions before the n-th of this one. The
	 * tier is ahead of it: read() leaves out what all later ones have stored. May be NULL.
	 */
	void (*reached)(void *ctx, const struct timing_run *run, unsigned n);
	/*
	 * The record numbered `record`, counted from 0 since the model was made, left the pipeline
	 * in this cycle. May be NULL.
	 */
	void (*commit)(void *ctx, u64 record, u64 cycle);
	/*
	 * So many cycles went by on the way to the next departure, for this cause: all cycles but
	 * the first since reset are told, before that departure. May be NULL.
	 */
	void (*attribute)(void *ctx, enum timing_cause cause, u64 cycles);
	/* Is each wanted now, or the last one and what is spent behind it? NULL: each. */
	const bool *listens;
	/*
	 * What would be done next, at most `count` records: as many as can be told without doing
	 * it, and without what the last one consumed has read. Asked in timing_cycles, where what
	 * follows starts before the last one leaves. May be NULL, at the price of some cycles.
	 */
	unsigned (*lookahead)(void *ctx, struct timing_record *records, unsigned count);
	/* What it shares with the other harts' models (coherence.h). NULL: it is alone. */
	struct timing_coherence *coherence;
};

#endif
