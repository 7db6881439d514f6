/* SPDX-License-Identifier: MIT */
/*
 * The runs of blocks (timing/run.h) that a hart's tier has noted and the model has not consumed
 * yet. Memory already contains their stores, so a read by the model undoes those.
 */
#ifndef CPU_TIMED_RUNS_H
#define CPU_TIMED_RUNS_H

#include "cpu/timed/timed.h"
#include "cpu/timing/notes.h"

struct block;

/* The words of runs; after them is room for one more run of the greatest length. */
#define TIMED_RUNS_WORDS 2048
#define TIMED_RUN_MOST (sizeof(struct timing_run) / 8 + TIMING_WORDS_MAX * TIMED_RUN_INSNS)
#define TIMED_RUN_INSNS 64

/* The words of a bit map of pages, in which several pages share a bit. */
#define TIMED_RUNS_PAGES 4

struct timed_runs {
	struct run_notes *notes; /* the hart's, with the end of `words` */
	/* The model has not consumed instruction `insn` of `at`, nor any after it. */
	const struct timing_run *at;
	unsigned insn;
	u64 pages[TIMED_RUNS_PAGES]; /* that runs store to, by a hash; set for the first read */
	bool paged;
	bool code_moves; /* some of the runs that are being given to the model wrote code */
	u64 code_writes; /* the RAM's count (bus/ram.h) when it was read last */
	u64 code_changes; /* the count for models: of code_writes, and one for each flush */
	u64 words[TIMED_RUNS_WORDS + TIMED_RUN_MOST];
};

int timed_runs_create(struct timed *timed); /* returns 0 or -ENOMEM */

/*
 * Must be called before the tier notes runs in the hart's current mode: the last record ends at the
 * hart's pc.
 */
void timed_runs_follow(struct timed *timed);

/* Gives all runs to the model. */
void timed_runs_drain(struct timed *timed);

/*
 * Notes that the model has consumed everything before instruction n of the run: its reads see
 * memory as before that instruction.
 */
static inline void timed_runs_reach(struct timed_runs *runs, const struct timing_run *run,
				    unsigned n)
{
	runs->at = run;
	runs->insn = n;
}

/* Forgets the runs. */
static inline void timed_runs_drop(struct timed_runs *runs)
{
	runs->notes->end = runs->words;
	runs->paged = false;
}

/* Return the word of runs->pages for a page, and the page's bit in that word. */
static inline unsigned timed_runs_page(u64 pa)
{
	return (pa >> PAGE_SHIFT) / 64 % TIMED_RUNS_PAGES;
}

static inline u64 timed_runs_page_bit(u64 pa)
{
	return BIT((pa >> PAGE_SHIFT) % 64);
}

/*
 * timed_runs_stored returns whether runs may store to the page; timed_runs_note_pages prepares
 * that.
 */
void timed_runs_note_pages(struct timed_runs *runs);
static inline bool timed_runs_stored(struct timed_runs *runs, u64 pa)
{
	if (unlikely(!runs->paged))
		timed_runs_note_pages(runs);
	return runs->pages[timed_runs_page(pa)] & timed_runs_page_bit(pa);
}

/*
 * Undoes stores in bytes just read from memory at pa: those that the model has not consumed yet. At
 * most 64 bytes, within a page.
 */
void timed_runs_undo(struct timed_runs *runs, u64 pa, u8 *data, size_t size);

/*
 * Writes the data that all runs of a block have in common to `at`, aligned to 8; returns its end.
 */
void *timed_runs_describe(struct hart *hart, struct block *block, u64 id, void *at);

/*
 * Begins a run: a block is entered at pc. Its operands are noted next, from where this returns, and
 * then how it was left (timing_run_end).
 */
static ALWAYS_INLINE u64 *timed_run_begin(struct timed *timed, const struct timing_block *block,
					  u64 pc)
{
	struct run_notes *notes = timed->runs->notes;
	struct timing_run *run;

	if (unlikely(timing_notes_full(notes)))
		timed_runs_drain(timed);
	run = (struct timing_run *)notes->end;
	run->block = block;
	run->pc = pc;
	return run->operand;
}

/*
 * Returns whether records are added to the history, which goes on while something is measured: a
 * later measurement may be warmed up with them. A model that adds up prices needs no records.
 */
static inline bool timed_keeps(const struct timed *timed)
{
	return timed->history && timing_history_goes_on(timed->history) &&
	       (timed->phase == TIMED_KEEPS || !timed->priced);
}

#endif
