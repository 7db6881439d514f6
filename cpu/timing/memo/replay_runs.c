/* SPDX-License-Identifier: MIT */
/* Runs that have not been met as they are now: see replay_along.h. */
#include "cpu/timing/memo/replay_along.h"

/* Has it two operands that have places? As recall_placed. */
static bool is_placed(const struct recall *recall, const struct timing_insn *insn)
{
	return insn->flags ||
	       (recall->kind->passes && recall->kind->passes(insn->op, insn->raw));
}

/* Can it be a piece as a whole? The items that it then has, of memory and all. */
static bool fits(const struct recall *recall, const struct timing_run *run, unsigned *places,
		 unsigned *items)
{
	*places = *items = 0;
	if (run->count > RECALL_RUN_MAX)
		return false;
	for (unsigned n = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->block->insn[n];

		if (recall->kind->steps(insn->op, 0) || (insn->flags && insn->size > 8))
			return false;
		*places += is_placed(recall, insn);
		*items += is_placed(recall, insn) || recall->kind->has_operands(insn->op);
	}
	return true;
}

static void fill_items(struct recall *recall, struct memo_piece *piece,
		       const struct timing_run *run)
{
	struct memo_item *place = piece->item, *value = piece->item + piece->places;
	u32 at = 0;

	for (unsigned n = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->block->insn[n];
		u32 which = n << RECALL_ITEM_INSN;

		if (is_placed(recall, insn))
			*place++ = (struct memo_item){ at, which | (insn->flags != 0) };
		else if (recall->kind->has_operands(insn->op))
			*value++ = (struct memo_item){
				at, which | recall_operands(recall, run, n, at),
			};
		at += insn->words;
	}
}

/* NULL: it cannot be one, or there is no room. */
struct memo_piece *recall_new_piece(struct recall *recall, const struct timing_run *run)
{
	unsigned places, items;
	struct memo_piece *piece;

	if (!fits(recall, run, &places, &items))
		return NULL;
	piece = memo_piece_add(&recall->memo, recall->at, items);
	if (!piece)
		return NULL;
	piece->code = recall_code(run);
	piece->pc = run->pc;
	piece->onward = timing_run_onward(run);
	piece->count = run->count;
	piece->places = (u16)places;
	fill_items(recall, piece, run);
	return piece;
}

void recall_new_way(struct recall *recall, struct memo_piece *piece, const struct timing_run *run)
{
	struct timing_record records[RECALL_RUN_MAX];
	const u64 *operand = run->operand;

	timing_run_records(run, 0, run->count, &operand, records);
	recall_write_down(recall, piece, records, run->count);
}

void recall_run_records(struct recall *recall, const struct timing_run *run)
{
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		timing_run_record(run, n, &operand, &record);
		recall->asker.base = n;
		if (recall_consume(recall, &record, 1))
			continue;
		asker_reach(&recall->asker, 1);
		recall->kind->step(recall, &record, 1);
	}
	recall->asker.base = 0;
}
