/* SPDX-License-Identifier: MIT */
/* Pieces of program and what came of them. See recall.h. */
#include "cpu/timing/inorder/recall.h"

#include <string.h>

#define COUNT_SHIFT 8 /* above an event's number */
#define COUNT_MAX (BIT(32 - COUNT_SHIFT) - 1)

/* Operands of a record, in the order of a run's: an address, or values. */
enum { OPERAND_VA, OPERAND_PA, OPERAND_A, OPERAND_B, OPERANDS };

/* What a record says beside its addresses and values. */
#define RECORD_ITEMS 2
#define ITEM_AFTER 16
#define ITEM_SIZE 24
#define ITEM_CAUSE 16

int inorder_recall_init(struct inorder_recall *recall, struct inorder *core)
{
	recall->core = core;
	core->asker.tape.answer = inorder_answer;
	return memo_init(&recall->memo, sizeof(recall->key), MEMO_SIZE);
}

void inorder_recall_free(struct inorder_recall *recall)
{
	memo_free(&recall->memo);
}

void inorder_recall_reset(struct inorder_recall *recall)
{
	recall->at = NULL;
	recall->settled = true;
}

/* The core's timestamps are those of the state. */
static void restore(struct inorder_recall *recall)
{
	if (recall->settled)
		return;
	memo_unpack(&recall->memo, recall->at, &recall->key);
	inorder_key_put(&recall->key, recall->core, recall->base);
	recall->settled = true;
}

void inorder_recall_settle(struct inorder_recall *recall)
{
	restore(recall);
	recall->at = NULL;
}

void inorder_recall_show(struct inorder_recall *recall)
{
	inorder_recall_settle(recall);
	if (inorder_key_take(&recall->key, recall->core))
		inorder_key_put(&recall->key, recall->core, inorder_key_base(recall->core));
}

/* Find out which state of the memo the core is in. */
static void enter(struct inorder_recall *recall)
{
	const struct inorder *core = recall->core;

	if (recall->at || recall->off || !inorder_key_take(&recall->key, core))
		return;
	recall->base = inorder_key_base(core);
	recall->at = memo_node(&recall->memo, &recall->key);
	if (!recall->at)
		memo_drop(&recall->memo);
}

/* What is done now: `operand` and a number of records behind those of the run that came before. */
struct piece {
	const struct timing_run *run; /* NULL: the record is all of it */
	const struct timing_record *record;
	const u64 *operand;
	bool translated;
	unsigned count;
	u8 after;
};

static void begin(struct inorder_recall *recall, const struct piece *piece)
{
	struct inorder_asker *asker = &recall->core->asker;
	const struct timing_host *host = &recall->core->host;

	asker->operand = piece->operand;
	asker->translated = piece->translated;
	asker->begin = recall->at ? recall->base : inorder_key_base(recall->core);
	asker->tape.known_count = 0;
	if (host->code_changes && *host->code_changes != asker->code_changes) {
		asker->code_changes = *host->code_changes;
		inorder_mmu_fetch_changed(&recall->core->mmu);
	}
}

static void step_run(struct inorder *core, const struct timing_run *run)
{
	struct inorder_asker *asker = &core->asker;
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		asker->memory = asker->values = (unsigned)(operand - run->operand);
		asker->taken = n + 1;
		timing_run_record(run, n, &operand, &record);
		inorder_step(core, &record);
	}
}

static void step(struct inorder *core, const struct piece *piece)
{
	struct inorder_asker *asker = &core->asker;

	if (piece->run) {
		step_run(core, piece->run);
		return;
	}
	asker->memory = OPERAND_VA;
	asker->values = OPERAND_A;
	asker->taken = 1;
	inorder_step(core, piece->record);
}

static bool listens(const struct inorder_recall *recall)
{
	const struct timing_host *host = &recall->core->host;

	return !host->listens || *host->listens;
}

/* To the host, as if it had been stepped. */
static void tell(const struct inorder_recall *recall, const u32 *told, unsigned count)
{
	const struct inorder *core = recall->core;
	const struct timing_host *host = &core->host;
	u64 record = core->records;

	/* Behind the last that leaves nothing is spent. */
	if (!listens(recall)) {
		if (host->commit)
			host->commit(host->ctx, record, core->asker.begin);
		return;
	}
	for (unsigned n = 0; n < count; n++) {
		unsigned what = told[n] & (BIT(INORDER_TOLD_SHIFT) - 1);
		u64 cycles = told[n] >> INORDER_TOLD_SHIFT;

		if (what != INORDER_TOLD_LEFT && host->spend)
			host->spend(host->ctx, what, cycles);
		if (what == INORDER_TOLD_LEFT && host->commit)
			host->commit(host->ctx, record, core->asker.begin + cycles);
		record += what == INORDER_TOLD_LEFT;
	}
}

static void pass_time(struct inorder_recall *recall, const struct piece *piece, u64 last)
{
	struct inorder *core = recall->core;
	struct timing_tally *tally = &core->model.tally;
	enum timing_mode mode = timing_mode_of(piece->after);

	core->issue.last = tally->count[TIMING_CYCLES] = last;
	if (unlikely(mode != tally->mode))
		timing_tally_enter(tally, mode);
	core->records += piece->count;
	core->mmu.after = piece->after;
}

static void apply(struct inorder_recall *recall, const struct memo_leaf *leaf,
		  const struct piece *piece)
{
	u64 *count = recall->core->model.tally.count;
	const u32 *counts = leaf->list + leaf->told;

	tell(recall, leaf->list, leaf->told);
	for (unsigned n = 0; n < leaf->counts; n++)
		count[counts[n] & (BIT(COUNT_SHIFT) - 1)] += counts[n] >> COUNT_SHIFT;
	pass_time(recall, piece, recall->base + leaf->last);
	recall->base += leaf->cycles;
	recall->at = leaf->node;
	recall->settled = false;
}

/* The state behind the piece, and how it came there. NULL: there is no room. */
static struct memo_leaf *make_leaf(struct inorder_recall *recall, u64 base)
{
	const struct inorder *core = recall->core;
	const struct inorder_told *told = &core->told;
	u32 counts[TIMING_EVENTS];
	struct memo_leaf head = { .told = (u16)told->count }, *leaf;

	for (unsigned event = 0; event < TIMING_EVENTS; event++) {
		u64 count = recall->tally.count[event];

		if (!count || event == TIMING_CYCLES)
			continue;
		if (count > COUNT_MAX)
			return NULL;
		counts[head.counts++] = (u32)(count << COUNT_SHIFT | event);
	}
	if (!inorder_key_take(&recall->key, core))
		return NULL;
	head.cycles = (u32)(inorder_key_base(core) - base);
	head.last = (u32)(core->issue.last - base);
	head.node = memo_node(&recall->memo, &recall->key);
	leaf = memo_leaf_add(&recall->memo, &head);
	if (!head.node || !leaf)
		return NULL;
	memcpy(leaf->list, told->list, head.told * sizeof(u32));
	memcpy(leaf->list + head.told, counts, head.counts * sizeof(u32));
	return leaf;
}

/* What was counted of a piece that has no room in the memo. */
static void leave_memo(struct inorder_recall *recall, const struct piece *piece)
{
	struct inorder *core = recall->core;

	tell(recall, core->told.list, core->told.count);
	for (unsigned event = 0; event < TIMING_EVENTS; event++)
		core->model.tally.count[event] += recall->tally.count[event];
	pass_time(recall, piece, core->issue.last);
	if (recall->memo.full)
		memo_drop(&recall->memo);
	inorder_recall_reset(recall);
}

/* Step a piece, some answers of which may be known, and write down how it goes. */
static void write_down(struct inorder_recall *recall, struct memo_piece *memo,
		       const struct piece *piece)
{
	struct inorder *core = recall->core;
	struct inorder_told *told = &core->told;
	struct memo_tape *tape = &core->asker.tape;
	u64 records = core->records;
	struct memo_leaf *leaf = NULL;

	restore(recall);
	memset(recall->tally.count, 0, sizeof(recall->tally.count));
	recall->tally.mode = core->model.tally.mode;
	told->tally = &recall->tally;
	told->host = NULL;
	told->count = 0;
	told->overflown = false;
	memo_tape_begin(tape, tape->known_count);
	core->asker.writes = true;
	step(core, piece);
	core->asker.writes = false;
	told->host = &core->host;
	told->tally = &core->model.tally;
	core->records = records;
	recall->memo.stats.grown++;
	if (memo && !tape->refused && !told->overflown)
		leaf = make_leaf(recall, recall->base);
	if (leaf && memo_grow(&recall->memo, memo, tape, leaf))
		apply(recall, leaf, piece);
	else
		leave_memo(recall, piece);
}

/* The piece was met before in this state, or is new: `memo` or NULL. */
static void follow(struct inorder_recall *recall, struct memo_piece *memo,
		   const struct piece *piece)
{
	const struct memo_leaf *leaf = NULL;

	if (memo && memo->first)
		leaf = inorder_follow(&recall->core->asker, memo);
	if (!leaf) {
		write_down(recall, memo, piece);
		return;
	}
	apply(recall, leaf, piece);
	recall->memo.stats.followed++;
	recall->memo.stats.records += piece->count;
}

static void describe(const struct timing_record *record, struct memo_item item[RECORD_ITEMS])
{
	item[0] = (struct memo_item){
		record->raw, record->flags | (u32)record->after << ITEM_AFTER |
				     (u32)record->size << ITEM_SIZE,
	};
	item[1] = (struct memo_item){
		record->op | (u32)record->cause << ITEM_CAUSE, record->shadows,
	};
}

static struct memo_piece *find_record(struct inorder_recall *recall,
				      const struct timing_record *record)
{
	struct memo_piece **link = &recall->at->pieces, *memo;
	struct memo_item item[RECORD_ITEMS];

	describe(record, item);
	for (; (memo = *link) != NULL; link = &memo->next) {
		if (memo->code || memo->pc != record->pc || memo->onward != record->next ||
		    memcmp(memo->item, item, sizeof(item)) != 0)
			continue;
		memo_piece_first(recall->at, link);
		return memo;
	}
	memo = memo_piece_add(&recall->memo, recall->at, RECORD_ITEMS);
	if (!memo)
		return NULL;
	memo->pc = record->pc;
	memo->onward = record->next;
	memcpy(memo->item, item, sizeof(item));
	return memo;
}

void inorder_recall_record(struct inorder_recall *recall, const struct timing_record *record)
{
	const u64 operand[OPERANDS] = { record->va, record->pa, record->a, record->b };
	const struct piece piece = {
		.record = record, .operand = operand, .after = record->after,
		.translated = record->flags & TIMING_TRANSLATED, .count = 1u + record->shadows,
	};

	enter(recall);
	begin(recall, &piece);
	if (recall->at)
		follow(recall, find_record(recall, record), &piece);
	else
		step(recall->core, &piece);
}

static struct memo_piece *find_run(struct inorder_recall *recall, const struct timing_run *run)
{
	u64 onward = timing_run_onward(run);
	struct memo_piece **link = &recall->at->pieces, *memo;

	for (; (memo = *link) != NULL; link = &memo->next) {
		if (memo->code != run->code->id || memo->pc != run->pc ||
		    memo->onward != onward || memo->count != run->count)
			continue;
		memo_piece_first(recall->at, link);
		return memo;
	}
	memo = memo_piece_add(&recall->memo, recall->at, 0);
	if (!memo)
		return NULL;
	memo->code = run->code->id;
	memo->pc = run->pc;
	memo->onward = onward;
	memo->count = run->count;
	return memo;
}

/* Instruction by instruction, where it begins in another mode than it ends in. */
static void consume_records(struct inorder_recall *recall, const struct timing_run *run)
{
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		timing_run_record(run, n, &operand, &record);
		recall->core->asker.base = n;
		inorder_recall_record(recall, &record);
	}
	recall->core->asker.base = 0;
}

void inorder_recall_run(struct inorder_recall *recall, const struct timing_run *run)
{
	struct inorder *core = recall->core;
	const struct piece piece = {
		.run = run, .operand = run->operand, .translated = run->access & TIMING_TRANSLATED,
		.count = run->count, .after = run->after,
	};

	core->asker.run = run;
	core->asker.reached = 0;
	enter(recall);
	begin(recall, &piece);
	if (run->after != core->mmu.after)
		consume_records(recall, run);
	else if (recall->at)
		follow(recall, find_run(recall, run), &piece);
	else
		step(core, &piece);
	core->asker.run = NULL;
}
