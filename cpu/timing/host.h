/* SPDX-License-Identifier: MIT */
/*
 * The host of a timing model, which the model reads memory through and reports time to. See
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
	const struct isa *isa; /* for decoding what is fetched on a wrong path, too */
	/*
	 * Read memory as it is now, without any side effect; return false where there is none. It
	 * reads code and page table entries, at physical addresses that a guest chose.
	 */
	bool (*read)(void *ctx, u64 pa, void *data, size_t size);
	/*
	 * Watch code for changes: while *code_changes stays the same, so do the bytes there, as
	 * read() gives them. Return false where they cannot be watched. Both may be NULL.
	 */
	const u64 *code_changes;
	bool (*watch_code)(void *ctx, u64 pa, size_t size);
	/*
	 * A model that takes runs has consumed the instructions before the n-th of this one. The
	 * tier is ahead of it: read() does not show what later instructions have stored. May be
	 * NULL.
	 */
	void (*reached)(void *ctx, const struct timing_run *run, unsigned n);
	/*
	 * The record numbered `record`, counted from 0 since the model was made, retired in this
	 * cycle. May be NULL.
	 */
	void (*commit)(void *ctx, u64 record, u64 cycle);
	/*
	 * So many cycles before the next retirement are attributed to this cause. All cycles since
	 * reset but the first are, and before that retirement is reported. May be NULL.
	 */
	void (*attribute)(void *ctx, enum timing_cause cause, u64 cycles);
	/*
	 * It says whether each retirement is reported now, or only the last one and the cycles
	 * attributed behind it. NULL stands for each.
	 */
	const bool *listens;
	/*
	 * Fill in the records of what would be done next, `count` at most: as many as can be known
	 * without doing it, and without what the last record consumed has read. timing_cycles asks
	 * for them where what follows starts before that record retires. May be NULL, at the price
	 * of some cycles of accuracy.
	 */
	unsigned (*lookahead)(void *ctx, struct timing_record *records, unsigned count);
	/* what the harts' models share (coherence.h); NULL: this is the only one */
	struct timing_coherence *coherence;
};

#endif
