/* SPDX-License-Identifier: MIT */
/*
 * The host of a timing model: the functions by which the model reads memory and reports time. See
 * model.h.
 */
#ifndef CPU_TIMING_HOST_H
#define CPU_TIMING_HOST_H

#include "cpu/counters/cause.h"
#include "cpu/timing/record.h"

struct isa;
struct timing_coherence;
struct timing_run;

/* The functions that a model calls. `ctx` is the first argument of each. */
struct timing_host {
	void *ctx;
	const struct isa *isa; /* for decoding instructions, also those fetched on a wrong path */
	/*
	 * Reads memory as it is now, without side effects; returns false if there is no memory at
	 * pa. The model reads code and page-table entries, at physical addresses that a guest
	 * chose.
	 */
	bool (*read)(void *ctx, u64 pa, void *data, size_t size);
	/*
	 * Watches code for changes: while *code_changes is unchanged, so is the code there, as
	 * read() returns it. Returns false if it cannot be watched. Both may be NULL.
	 */
	const u64 *code_changes;
	bool (*watch_code)(void *ctx, u64 pa, size_t size);
	/*
	 * Called by a model that takes runs: it has consumed the instructions before number n of
	 * this run. The tier is ahead of the model, but read() must not show the stores of later
	 * instructions. May be NULL.
	 */
	void (*reached)(void *ctx, const struct timing_run *run, unsigned n);
	/*
	 * Called when the record with this number retires in this cycle. Numbers count from 0 since
	 * the model was made. May be NULL.
	 */
	void (*commit)(void *ctx, u64 record, u64 cycle);
	/*
	 * Called before a retirement is reported, to attribute cycles before it to a cause. All
	 * cycles since reset are attributed, except the first. May be NULL.
	 */
	void (*attribute)(void *ctx, enum timing_cause cause, u64 cycles);
	/*
	 * Whether each retirement must be reported at once. If false, the model may report only the
	 * last one, and the cycles attributed after it. NULL stands for true.
	 */
	const bool *listens;
	/*
	 * Fills in the records of the instructions that would be executed next, `count` at most,
	 * and returns their number: as many as can be known without executing them, and without
	 * what the last consumed record has read. timing_cycles calls this if later instructions
	 * begin before that record retires. NULL costs some accuracy in cycles.
	 */
	unsigned (*lookahead)(void *ctx, struct timing_record *records, unsigned count);
	/* the part that the harts' models share (coherence.h); NULL: this is the only model */
	struct timing_coherence *coherence;
};

#endif
