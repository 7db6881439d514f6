/* SPDX-License-Identifier: MIT */
/* The queue of runs of blocks between a tier and the model (see timed/runs.h). */
#include "cpu/timed/runs.h"

#include "bus/platform.h"
#include "cpu/engine/block_cache.h"
#include "cpu/hart/hart.h"
#include "cpu/hart/limits.h"
#include "cpu/timed/memory.h"
#include "cpu/timing/kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(BLOCK_INSNS_MAX <= TIMED_RUN_INSNS, "there is room for any block");

int timed_runs_create(struct timed *timed)
{
	timed->runs = calloc(1, sizeof(*timed->runs));
	if (!timed->runs)
		return -ENOMEM;
	timed->runs->notes = &timed->hart->native.notes;
	timed->runs->notes->most = &timed->runs->words[TIMED_RUNS_WORDS];
	timed_runs_drop(timed->runs);
	return 0;
}

static const struct timing_run *first_of(const struct timed_runs *runs)
{
	return (const struct timing_run *)runs->words;
}

static const struct timing_run *end_of(const struct timed_runs *runs)
{
	return (const struct timing_run *)runs->notes->end;
}

static void find_ram(struct run_notes *notes, const struct bus *bus)
{
	const struct region *region = &bus->regions[bus->largest];

	if (!region->ram)
		return;
	notes->ram_host = (u64)(uintptr_t)region->ram->host;
	notes->ram_base = region->base;
	notes->ram_size = region->size;
}

void timed_runs_follow(struct timed *timed)
{
	const struct hart *hart = timed->hart;
	struct run_notes *notes = timed->runs->notes;
	const struct timing_run common = {
		.after = timed_after(hart),
		.access = timed_translates(hart->data_regime) ? TIMING_TRANSLATED : 0,
	};

	timed_finish(timed, hart->pc);
	notes->how = common.how;
	/* All memory exists before a hart runs, so it is searched for only once. */
	if (unlikely(!notes->ram_size))
		find_ram(notes, &hart->platform->bus);
}

/* Gives the model all that came before a store, before memory is seen with that store. */
static void pass_store(struct timed *timed, const struct timing_run *run, unsigned n)
{
	timed_runs_reach(timed->runs, run, n);
	timed_flush(timed);
	timed_runs_reach(timed->runs, run, n + 1);
}

/*
 * Gives a run to a model that takes records. A store begins a new part of it, because memory
 * changes there.
 */
static void runs_expand(struct timed *timed, const struct timing_run *run)
{
	const struct timing_insn *insn = run->block->insn;
	const u64 *operand = run->operand;
	unsigned count = run->count;

	for (unsigned n = 0, end; n < count; n = end) {
		if (insn[n].flags & TIMING_STORE)
			pass_store(timed, run, n);
		for (end = n + 1; end < count && !(insn[end].flags & TIMING_STORE);)
			end++;
		if (timed->count + end - n > TIMING_BATCH)
			timed_flush(timed);
		timing_run_records(run, n, end, &operand, &timed->batch[timed->count]);
		timed->count += end - n;
	}
}

/* Notes the pages of all stores, so that most reads need no search. */
void timed_runs_note_pages(struct timed_runs *runs)
{
	const struct timing_run *run = first_of(runs), *end = end_of(runs);

	runs->paged = true;
	memset(runs->pages, 0, sizeof(runs->pages));
	for (; run != end; run = timing_run_next(run)) {
		const u64 *operand = run->operand;

		for (unsigned n = 0; n < run->count; n++) {
			const struct timing_insn *insn = &run->block->insn[n];

			if (insn->flags & TIMING_STORE)
				runs->pages[timed_runs_page(operand[1])] |=
					timed_runs_page_bit(operand[1]);
			operand += insn->words;
		}
	}
}

/*
 * Returns whether runs are given to the model as they are, and not as records, which an account
 * that follows calls needs.
 */
static bool goes_whole(const struct timed *timed)
{
	bool follows = timed->account && timed->account->samples;

	return timing_takes_runs(timed->model) && !follows && timed->phase != TIMED_KEEPS &&
	       !timed->runs->code_moves;
}

/* Adds a run that is passed on to the history, by way of the batch, which is empty. */
static void keep_run(struct timed *timed, const struct timing_run *run)
{
	const u64 *operand = run->operand;

	timing_run_records(run, 0, run->count, &operand, timed->batch);
	timing_history_add(timed->history, timed->batch, run->count);
}

/* Passes as many runs from `run` on as a batch may have. Returns the run after them. */
static const struct timing_run *pass_some(struct timed *timed, const struct timing_run *run)
{
	const struct timing_run *end = end_of(timed->runs), *next = run;
	bool reports = timed_reports(timed), keeps = timed_keeps(timed);
	unsigned count = 0;

	for (; next != end && count + TIMED_RUN_INSNS <= TIMING_BATCH;
	     next = timing_run_next(next)) {
		count += next->count;
		if (reports)
			timing_account_push_run(timed->account, next);
		if (unlikely(keeps))
			keep_run(timed, next);
	}
	timing_consume_runs(timed->model, run, next);
	timed->pushed += count;
	return next;
}

void timed_runs_drain(struct timed *timed)
{
	struct timed_runs *runs = timed->runs;
	const struct timing_run *run = first_of(runs), *end = end_of(runs);

	if (run == end)
		return;
	timed->current = false;
	timed_runs_reach(runs, run, 0);
	runs->paged = false;
	/* If code was written, what the model reads differs from one run to the next. */
	timed->runs->code_moves = timed_code_changed(timed);
	if (goes_whole(timed)) {
		timed_flush(timed);
		while (run != end)
			run = pass_some(timed, run);
	} else {
		for (; run != end; run = timing_run_next(run))
			runs_expand(timed, run);
	}
	timed->runs->code_changes += timed->runs->code_moves;
	timed->runs->code_moves = false;
	timed_runs_drop(runs);
}

/* Returns a bit for each byte of [pa, pa + size) that a store wrote. */
static u64 runs_overlap(u64 pa, size_t size, u64 stored, unsigned width)
{
	u64 from = MAX(pa, stored), to = MIN(pa + size, stored + width);

	if (from >= to)
		return 0;
	return UINT64_MAX >> (64 - (to - from)) << (from - pa);
}

/*
 * Undoes a store in the bytes of `left`, and returns a bit for each byte undone. Only the first of
 * several stores to a byte has the value from before.
 */
static u64 runs_undo(const struct timing_insn *insn, const u64 *operand, u64 pa, u8 *data, u64 left)
{
	const u8 *before = (const u8 *)&operand[2];
	u64 bytes = runs_overlap(pa, 64, operand[1], insn->size) & left;

	for (u64 rest = bytes; rest; rest &= rest - 1) {
		unsigned n = (unsigned)__builtin_ctzll(rest);

		data[n] = before[pa + n - operand[1]];
	}
	return bytes;
}

void timed_runs_undo(struct timed_runs *runs, u64 pa, u8 *data, size_t size)
{
	const struct timing_run *run = runs->at, *end = end_of(runs);
	u64 left = UINT64_MAX >> (64 - size);
	unsigned first = runs->insn;

	for (; run != end; run = timing_run_next(run), first = 0) {
		const u64 *operand = run->operand;

		for (unsigned n = 0; n < run->count; n++) {
			const struct timing_insn *insn = &run->block->insn[n];

			if (n >= first && insn->flags & TIMING_STORE)
				left &= ~runs_undo(insn, operand, pa, data, left);
			operand += insn->words;
		}
	}
}

static struct timing_insn runs_describe(const struct hart *hart, const struct insn *insn)
{
	static const u8 flags[] = {
		[TOUCH_NONE] = 0, [TOUCH_LOAD] = TIMING_LOAD, [TOUCH_STORE] = TIMING_STORE,
		[TOUCH_ATOMIC] = TIMING_LOAD | TIMING_STORE,
	};
	struct timing_insn common = {
		.raw = insn->raw, .op = insn->op, .at = insn->at,
		.branch = isa_ops[insn->op].class == CLASS_BRANCH,
	};
	enum touch touch = observe_touch(insn);

	common.flags = flags[touch];
	common.words = (u8)timing_operands(isa_ops[insn->op].class);
	if (touch == TOUCH_NONE)
		return common;
	common.words = touch == TOUCH_LOAD ? 2 : 3;
	common.size = (u8)observe_width(hart->isa, insn);
	return common;
}

void *timed_runs_describe(struct hart *hart, struct block *block, u64 id, void *at)
{
	struct timing_block *timing = at;
	const struct insn *insn = block->insn;
	u32 sum = 0;

	timing->id = id;
	timing->count = block->count;
	timing->taken = timing_price_taken(hart->timed->core);
	timing->trap = timing_price_trap(hart->timed->core);
	for (unsigned n = 0; n < block->count; n++) {
		timing->insn[n] = runs_describe(hart, insn);
		timing->insn[n].sum = sum;
		timing->insn[n].element =
			(u8)timing_price_element(hart->timed->core, &timing->insn[n]);
		sum += timing_price(hart->timed->core, &timing->insn[n]);
		insn += 1 + block_has_link(isa_ops[insn->op].class);
	}
	timing->insn[block->count] = (struct timing_insn){ .at = insn->at, .sum = sum };
	block->timing = timing;
	return (u8 *)at + align_up(timing_block_size(block->count), 8);
}
