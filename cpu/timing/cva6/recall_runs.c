/* SPDX-License-Identifier: MIT */
/*
 * Runs of decoded blocks as pieces of program (../run.h): a block's number stands for its
 * instructions, and of its operands only addresses and what divisions take are looked at.
 */
#include "cpu/timing/cva6/recall_parts.h"

/* Of an item: which instruction, 0 beside it for a memory operand, else what a division takes. */
#define ITEM_INSN 8

static bool is_of_run(const struct memo_piece *piece, const struct timing_run *run)
{
	/* Where a branch goes does not tell whether it was taken, when that is the same place. */
	return piece->code == run->code->id && piece->pc == run->pc &&
	       piece->onward == (run->next | timing_run_taken(run)) && piece->count == run->count;
}

static bool operands_match(const struct cva6_recall *recall, const struct memo_piece *piece,
			   const struct timing_run *run)
{
	for (unsigned n = 0; n < piece->items; n++) {
		const struct memo_item *item = &piece->item[n];
		const u64 *operand = &run->operand[item->raw];
		const struct timing_insn *insn = &run->code->insn[item->facts >> ITEM_INSN];
		u32 known = item->facts & (BIT(ITEM_INSN) - 1);

		if (known && cva6_recall_operands(recall->core, insn->raw, operand[0],
						  operand[1]) != known)
			return false;
	}
	return true;
}

static struct memo_piece *find_piece(struct cva6_recall *recall, const struct timing_run *run)
{
	struct memo_piece **link = &recall->at->pieces, *piece;

	for (; (piece = *link) != NULL; link = &piece->next) {
		if (!is_of_run(piece, run) || !operands_match(recall, piece, run))
			continue;
		/* What came last comes next. */
		*link = piece->next;
		piece->next = recall->at->pieces;
		recall->at->pieces = piece;
		return piece;
	}
	return NULL;
}

/* Can it be a piece as a whole? The items that it then has. */
static bool fits(const struct timing_run *run, unsigned *items)
{
	*items = 0;
	for (unsigned n = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->code->insn[n];

		if (cva6_recall_steps(insn->op) || (insn->flags && insn->size > 8))
			return false;
		*items += insn->flags || cva6_recall_has_operands(insn->op);
	}
	return true;
}

static struct memo_piece *make_piece(struct cva6_recall *recall, const struct timing_run *run,
				     unsigned items)
{
	struct memo_piece *piece = memo_piece_add(&recall->memo, recall->at, items);
	u32 at = 0;

	if (!piece)
		return NULL;
	piece->code = run->code->id;
	piece->pc = run->pc;
	piece->onward = run->next | timing_run_taken(run);
	piece->count = run->count;
	for (unsigned n = 0, k = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->code->insn[n];
		const u64 *operand = &run->operand[at];

		if (insn->flags)
			piece->item[k++] = (struct memo_item){ at, n << ITEM_INSN };
		else if (cva6_recall_has_operands(insn->op))
			piece->item[k++] = (struct memo_item){
				at, n << ITEM_INSN | cva6_recall_operands(recall->core, insn->raw,
									  operand[0], operand[1]),
			};
		at += insn->words;
	}
	return piece;
}

static bool place_operands(struct cva6_recall *recall, const struct memo_piece *piece,
			   const struct timing_run *run)
{
	u64 *place = &recall->asker.place[recall->asker.places];
	bool good = true;

	for (unsigned n = 0; n < piece->items; n++) {
		const u64 *operand = &run->operand[piece->item[n].raw];

		if (piece->item[n].facts & (BIT(ITEM_INSN) - 1))
			continue;
		*place++ = operand[0];
		*place++ = operand[1];
		good &= operand[1] != 0;
	}
	return good;
}

static unsigned expand(const struct timing_run *run, struct timing_record *records)
{
	const u64 *operand = run->operand;

	for (unsigned n = 0; n < run->count; n++)
		timing_run_record(run, n, &operand, &records[n]);
	return run->count;
}

/* True: it was a piece. */
static bool consume_whole(struct cva6_recall *recall, const struct timing_run *run)
{
	struct timing_record records[CVA6_RUN_MAX];
	const struct memo_leaf *leaf;
	struct memo_piece *piece;
	unsigned items;

	if (!recall->at || run->after != recall->after || run->count > CVA6_RUN_MAX ||
	    !!(run->access & TIMING_TRANSLATED) != recall->translated)
		return false;
	recall->asker.tape.known_count = 0;
	piece = find_piece(recall, run);
	if (!piece && fits(run, &items))
		piece = make_piece(recall, run, items);
	if (!piece || !place_operands(recall, piece, run))
		return false;
	if (piece->first) {
		leaf = cva6_follow(&recall->asker, piece);
		if (leaf) {
			cva6_recall_apply(recall, leaf, run->count);
			return true;
		}
	}
	cva6_recall_write_down(recall, piece, records, expand(run, records));
	return true;
}

/* Record by record, from where the core is, or has to step. */
static void consume_records(struct cva6_recall *recall, const struct timing_run *run)
{
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		timing_run_record(run, n, &operand, &record);
		recall->asker.base = n;
		if (cva6_recall_consume(recall, &record, 1))
			continue;
		cva6_asker_reach(&recall->asker, 1);
		cva6_core_consume(recall->core, recall->still, &record, 1);
	}
	recall->asker.base = 0;
}

void cva6_recall_run(struct cva6_recall *recall, const struct timing_run *run)
{
	recall->asker.run = run;
	cva6_recall_enter(recall);
	if (!consume_whole(recall, run))
		consume_records(recall, run);
	recall->asker.run = NULL;
}
