/* SPDX-License-Identifier: MIT */
/*
 * Runs of decoded blocks as pieces of program (run.h): a block's number stands for its
 * instructions, and of its operands only addresses and what divisions take are looked at.
 */
#include "cpu/timing/memo_find.h"
#include "cpu/timing/recall_parts.h"

/* Of an item: which instruction, and what a division takes; of places, whether it is memory. */
#define ITEM_INSN 8
#define ITEM_OPERANDS (BIT(ITEM_INSN) - 1)

/* Above the number of the code, which never gets there: enum timing_after, TIMING_TRANSLATED. */
#define CODE_AFTER 56
#define CODE_TRANSLATED 62

/* A number for its instructions, and what they run in. */
static u64 code_of(const struct timing_run *run)
{
	bool translated = run->access & TIMING_TRANSLATED;

	return run->code->id | (u64)run->after << CODE_AFTER | (u64)translated << CODE_TRANSLATED;
}

static bool is_of_run(const struct memo_piece *piece, const struct timing_run *run)
{
	return piece->code == code_of(run) && piece->pc == run->pc &&
	       piece->onward == timing_run_onward(run) && piece->count == run->count;
}

static u32 operands_of(struct recall *recall, const struct timing_run *run, unsigned insn,
		       unsigned at)
{
	return recall->kind->operands(recall, run->code->insn[insn].raw, &run->operand[at]);
}

static bool operands_match(struct recall *recall, const struct memo_piece *piece,
			   const struct timing_run *run)
{
	for (unsigned n = piece->places; n < piece->items; n++) {
		const struct memo_item *item = &piece->item[n];

		if (operands_of(recall, run, item->facts >> ITEM_INSN, item->raw) !=
		    (item->facts & ITEM_OPERANDS))
			return false;
	}
	return true;
}

struct wanted {
	struct recall *recall;
	const struct timing_run *run;
};

static bool matches(const struct memo_piece *piece, const void *ctx)
{
	const struct wanted *wanted = ctx;

	return is_of_run(piece, wanted->run) &&
	       operands_match(wanted->recall, piece, wanted->run);
}

static struct memo_piece *find_piece(struct recall *recall, const struct timing_run *run)
{
	const struct wanted wanted = { recall, run };

	return memo_find(recall->at, recall->leaf, run->jumped, matches, &wanted);
}

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
	for (unsigned n = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->code->insn[n];

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
		const struct timing_insn *insn = &run->code->insn[n];
		u32 which = n << ITEM_INSN;

		if (is_placed(recall, insn))
			*place++ = (struct memo_item){ at, which | (insn->flags != 0) };
		else if (recall->kind->has_operands(insn->op))
			*value++ = (struct memo_item){
				at, which | operands_of(recall, run, n, at),
			};
		at += insn->words;
	}
}

/* NULL: it cannot be one, or there is no room. */
static struct memo_piece *make_piece(struct recall *recall, const struct timing_run *run)
{
	unsigned places, items;
	struct memo_piece *piece;

	if (!fits(recall, run, &places, &items))
		return NULL;
	piece = memo_piece_add(&recall->memo, recall->at, items);
	if (!piece)
		return NULL;
	piece->code = code_of(run);
	piece->pc = run->pc;
	piece->onward = timing_run_onward(run);
	piece->count = run->count;
	piece->places = (u16)places;
	fill_items(recall, piece, run);
	return piece;
}

/* False: where one is cannot be told. */
static bool place_operands(struct recall *recall, const struct memo_piece *piece,
			   const struct timing_run *run)
{
	bool good = true;

	for (unsigned n = 0; n < piece->places; n++) {
		const struct memo_item *item = &piece->item[n];
		const u64 *operand = &run->operand[item->raw];

		recall_place(recall, n, operand);
		good &= operand[1] || !(item->facts & ITEM_OPERANDS);
	}
	return good;
}

static unsigned expand(const struct timing_run *run, struct timing_record *records)
{
	const u64 *operand = run->operand;

	timing_run_records(run, 0, run->count, &operand, records);
	return run->count;
}

/* True: it was a piece. */
static bool consume_whole(struct recall *recall, const struct timing_run *run)
{
	struct timing_record records[RECALL_RUN_MAX];
	struct memo_piece *piece;

	if (!recall->at || run->count > RECALL_RUN_MAX)
		return false;
	piece = find_piece(recall, run);
	if (!piece)
		piece = make_piece(recall, run);
	if (!piece || !place_operands(recall, piece, run))
		return false;
	if (!recall_follow(recall, piece))
		recall_write_down(recall, piece, records, expand(run, records));
	return true;
}

/* Record by record, from where the core is, or has to step. */
static void consume_records(struct recall *recall, const struct timing_run *run)
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

void recall_runs(struct recall *recall, const struct timing_run *run, const struct timing_run *end)
{
	for (; run != end; run = timing_run_next(run)) {
		recall->asker.run = run;
		recall_enter(recall);
		if (!consume_whole(recall, run))
			consume_records(recall, run);
	}
	recall->asker.run = NULL;
}
