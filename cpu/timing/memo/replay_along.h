/* SPDX-License-Identifier: MIT */
/*
 * Following runs (run.h) that have been met before: what every piece costs, all of it inlined into
 * a kind's own function, with the kind's answers. A block's number stands for its instructions, and
 * of its operands only addresses and what divisions take are looked at.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_ALONG_H
#define CPU_TIMING_MEMO_REPLAY_ALONG_H

#include "cpu/timing/memo/memo_find.h"
#include "cpu/timing/memo/replay_parts.h"

/* Of an item: which instruction, and what a division takes; of places, whether it is memory. */
#define RECALL_ITEM_INSN 8
#define RECALL_ITEM_OPERANDS (BIT(RECALL_ITEM_INSN) - 1)

/* Above the number of the code, which never gets there: enum timing_after, TIMING_TRANSLATED. */
#define RECALL_CODE_AFTER 56
#define RECALL_CODE_TRANSLATED 62

/* A number for its instructions, and what they run in. */
static ALWAYS_INLINE u64 recall_code(const struct timing_run *run)
{
	bool translated = run->access & TIMING_TRANSLATED;

	return run->block->id | (u64)run->after << RECALL_CODE_AFTER |
	       (u64)translated << RECALL_CODE_TRANSLATED;
}

static ALWAYS_INLINE u32 recall_operands(struct recall *recall, const struct timing_run *run,
					 unsigned insn, unsigned at)
{
	return recall->kind->operands(recall, run->block->insn[insn].raw, &run->operand[at]);
}

struct recall_wanted {
	struct recall *recall;
	const struct timing_run *run;
};

static ALWAYS_INLINE bool recall_matches(const struct memo_piece *piece, const void *ctx)
{
	const struct recall_wanted *wanted = ctx;
	const struct timing_run *run = wanted->run;

	if (piece->onward != timing_run_onward(run) || piece->code != recall_code(run) ||
	    piece->pc != run->pc || piece->count != run->count)
		return false;
	for (unsigned n = piece->places; n < piece->items; n++) {
		const struct memo_item *item = &piece->item[n];
		unsigned insn = item->facts >> RECALL_ITEM_INSN;

		if (recall_operands(wanted->recall, run, insn, item->raw) !=
		    (item->facts & RECALL_ITEM_OPERANDS))
			return false;
	}
	return true;
}

/* False: where one is cannot be told. */
static ALWAYS_INLINE bool recall_place_operands(struct recall *recall,
						const struct memo_piece *piece,
						const struct timing_run *run)
{
	bool good = true;

	for (unsigned n = 0; n < piece->places; n++) {
		const struct memo_item *item = &piece->item[n];
		const u64 *operand = &run->operand[item->raw];

		recall_place(recall, n, operand);
		good &= operand[1] || !(item->facts & RECALL_ITEM_OPERANDS);
	}
	return good;
}

/* What has not been met: replay_runs.c. The piece that it is, or NULL. */
struct memo_piece *recall_new_piece(struct recall *recall, const struct timing_run *run);
/* Its operands have their places, and the answers so far are known. */
void recall_new_way(struct recall *recall, struct memo_piece *piece, const struct timing_run *run);
/* It cannot be a piece: record by record, from where the core is, or has to step. */
void recall_run_records(struct recall *recall, const struct timing_run *run);

static ALWAYS_INLINE struct memo_piece *recall_piece(struct recall *recall,
						     const struct timing_run *run)
{
	const struct recall_wanted wanted = { recall, run };
	struct memo_piece *piece;

	if (unlikely(!recall->at))
		recall_enter(recall);
	if (unlikely(!recall->at))
		return NULL;
	piece = memo_find(recall->at, recall->leaf, memo_guess(run->next, run->count),
			  recall_matches, &wanted);
	if (unlikely(!piece))
		piece = recall_new_piece(recall, run);
	return piece && recall_place_operands(recall, piece, run) ? piece : NULL;
}

/* What a kind's recall_kind.runs is, with its answers. */
static ALWAYS_INLINE void recall_along(struct recall *recall, const struct timing_run *run,
				       const struct timing_run *end, memo_answer *answer)
{
	for (; run != end; run = timing_run_next(run)) {
		struct memo_leaf *leaf = NULL;
		struct memo_piece *piece;

		recall->asker.run = run;
		piece = recall_piece(recall, run);
		if (unlikely(!piece)) {
			recall_run_records(recall, run);
			continue;
		}
		recall->asker.tape.known_count = 0;
		if (likely(piece->first))
			leaf = asker_follow(&recall->asker, piece, answer, recall->version);
		if (likely(leaf))
			recall_apply(recall, leaf, run->count);
		else
			recall_new_way(recall, piece, run);
	}
	recall->asker.run = NULL;
}

#endif
