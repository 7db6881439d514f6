/* SPDX-License-Identifier: MIT */
/*
 * The runs of blocks (timing/run.h) that a hart's tier has noted and the model has not had yet.
 * They are ahead of the model, and so is memory: what it reads in the meantime is what was there.
 */
#ifndef CPU_TIMED_RUNS_H
#define CPU_TIMED_RUNS_H

#include "cpu/timed/timed.h"
#include "cpu/timing/run.h"

struct block;

/* Words of runs, and room behind them for one more, as long as any. */
#define TIMED_RUNS_WORDS 2048
#define TIMED_RUN_MOST (sizeof(struct timing_run) / 8 + TIMING_WORDS_MAX * TIMED_RUN_INSNS)
#define TIMED_RUN_INSNS 64

/* Words of bits, one for each of as many pages by 64: others share them. */
#define TIMED_RUNS_PAGES 4

struct timed_runs {
	u64 *end; /* of those noted: the next one goes here */
	/* Guest memory that operands may be in: where the host has it, where the guest has it. */
	u64 ram_host, ram_base, ram_size;
	u16 access; /* of runs from now on, as the next */
	u8 after;
	/* The model has not had instruction `insn` of `at` and all behind it. */
	const struct timing_run *at;
	unsigned insn;
	u64 pages[TIMED_RUNS_PAGES]; /* that they store to, by a hash; once a read has asked */
	bool paged;
	bool code_moves; /* code was written by some of those that are being told */
	u64 code_writes; /* of RAM (bus/ram.h), when that was looked at */
	u64 code_changes; /* that models know of: of these, and one more for each flush meanwhile */
	u64 words[TIMED_RUNS_WORDS + TIMED_RUN_MOST];
};

int timed_runs_create(struct timed *timed); /* 0 or -ENOMEM */

/* Runs follow: the last record ends at the hart's pc, and they are in the mode it is in now. */
void timed_runs_follow(struct timed *timed);

/* The model has all of them after this. */
void timed_runs_drain(struct timed *timed);

/* The model has had all up to instruction n of the run: reads see memory as it was before it. */
static inline void timed_runs_reach(struct timed_runs *runs, const struct timing_run *run,
				    unsigned n)
{
	runs->at = run;
	runs->insn = n;
}

/* Forget them. */
static inline void timed_runs_drop(struct timed_runs *runs)
{
	runs->end = runs->words;
	runs->paged = false;
}

/* These map a page's number to a word of runs->pages, and to a bit in that word. */
static inline unsigned timed_runs_page(u64 pa)
{
	return (pa >> PAGE_SHIFT) / 64 % TIMED_RUNS_PAGES;
}

static inline u64 timed_runs_page_bit(u64 pa)
{
	return BIT((pa >> PAGE_SHIFT) % 64);
}

/* May the page be one that they store to? */
void timed_runs_note_pages(struct timed_runs *runs);
static inline bool timed_runs_stored(struct timed_runs *runs, u64 pa)
{
	if (unlikely(!runs->paged))
		timed_runs_note_pages(runs);
	return runs->pages[timed_runs_page(pa)] & timed_runs_page_bit(pa);
}

/*
 * Of bytes just read from memory at pa: those that stores which the model has not had yet have
 * written become what they were before. At most 64 bytes, within a page.
 */
void timed_runs_undo(struct timed_runs *runs, u64 pa, u8 *data, size_t size);

/* Writes what runs of a block have in common to `at`, aligned to 8; returns its end. */
void *timed_runs_describe(struct hart *hart, struct block *block, u64 id, void *at);

/* A block is entered at pc. Then its operands are noted, and then how it was left. */
static ALWAYS_INLINE struct timing_run *timed_run_begin(struct timed *timed,
							const struct timing_block *block, u64 pc)
{
	struct timed_runs *runs = timed->runs;
	struct timing_run *run;

	if (unlikely(runs->end >= &runs->words[TIMED_RUNS_WORDS]))
		timed_runs_drain(timed);
	run = (struct timing_run *)runs->end;
	run->block = block;
	run->pc = pc;
	return run;
}

static ALWAYS_INLINE void timed_run_end(struct timed_runs *runs, struct timing_run *run, u64 *end)
{
	run->after = runs->after;
	run->access = runs->access;
	run->words = (u16)(end - run->operand);
	if (likely(run->count))
		runs->end = end;
}

#endif
