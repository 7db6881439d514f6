/* SPDX-License-Identifier: MIT */
/* Pieces of program and what came of them. See replay.h. */
#include "cpu/timing/inorder/replay.h"

#include "cpu/timing/inorder/answer.h"
#include "cpu/timing/memo/memo_find.h"
#include "cpu/timing/units/coherence.h"

#include <string.h>

/* Operands of a record, in the order of a run's: an address, or values. */
enum { OPERAND_VA, OPERAND_PA, OPERAND_A, OPERAND_B, OPERANDS };

/* What a record says beside its addresses and values. */
#define RECORD_ITEMS 2
#define ITEM_AFTER 16
#define ITEM_SIZE 24
#define ITEM_CAUSE 16

int inorder_recall_init(struct inorder_recall *recall, struct inorder *core)
{
	unsigned harts = coherence_harts(core->host.coherence);

	recall->core = core;
	core->asker.tape.answer = inorder_answer;
	return memo_init(&recall->memo, sizeof(recall->key), memo_share(harts));
}

void inorder_recall_free(struct inorder_recall *recall)
{
	memo_free(&recall->memo);
}

static void go_on(struct inorder_recall *recall)
{
	recall->at = NULL;
	recall->leaf = NULL;
	recall->settled = true;
}

void inorder_recall_reset(struct inorder_recall *recall)
{
	/* What is not counted yet was of another life. */
	for (; recall->touched; recall->touched = recall->touched->touched)
		recall->touched->taken = 0;
	recall->departed = false;
	go_on(recall);
}

/* The last departure: more than that nobody wanted to know. */
static void tell_departed(struct inorder_recall *recall)
{
	const struct inorder *core = recall->core;

	if (recall->departed && core->host.commit)
		core->host.commit(core->host.ctx, core->records - 1, core->issue.last);
	recall->departed = false;
}

void inorder_recall_count(struct inorder_recall *recall)
{
	u64 *count = recall->core->model.tally.count;
	struct memo_leaf *leaf;

	tell_departed(recall);
	while ((leaf = recall->touched) != NULL) {
		told_count(count, leaf->list + leaf->told, leaf->counts, leaf->taken);
		recall->touched = leaf->touched;
		leaf->taken = 0;
	}
}

/* The core's timestamps are those of the state. */
static void restore(struct inorder_recall *recall)
{
	inorder_recall_count(recall);
	if (recall->settled)
		return;
	memo_unpack(&recall->memo, recall->at, &recall->key);
	inorder_key_put(&recall->key, recall->core, recall->base);
	recall->settled = true;
}

void inorder_recall_settle(struct inorder_recall *recall)
{
	restore(recall);
	go_on(recall);
}

void inorder_recall_show(struct inorder_recall *recall)
{
	inorder_recall_settle(recall);
	if (inorder_key_take(&recall->key, recall->core))
		inorder_key_put(&recall->key, recall->core, inorder_key_base(recall->core));
}

static void drop(struct inorder_recall *recall)
{
	inorder_recall_count(recall);
	memo_drop(&recall->memo);
}

/* Find out which state of the memo the core is in. */
static ALWAYS_INLINE void enter(struct inorder_recall *recall)
{
	const struct inorder *core = recall->core;

	if (recall->at || recall->off || !inorder_key_take(&recall->key, core))
		return;
	recall->base = inorder_key_base(core);
	recall->at = memo_node(&recall->memo, &recall->key);
	if (!recall->at)
		drop(recall);
}

/* What is done now: `operand` and a number of records behind those of the run that came before. */
struct piece {
	const struct timing_run *run; /* NULL: the record is all of it */
	const struct timing_record *record;
	const u64 *operand;
	u16 access; /* TIMING_TRANSLATED, or not */
	u64 pc, onward;
	unsigned count;
	u8 after;
};

static ALWAYS_INLINE void begin(struct inorder_recall *recall, const struct piece *piece)
{
	struct inorder_asker *asker = &recall->core->asker;

	asker->operand = piece->operand;
	asker->pc = piece->pc;
	asker->onward = piece->onward;
	asker->translated = (u64)(piece->access & TIMING_TRANSLATED) *
			    (INORDER_ACCESS_TRANSLATED / TIMING_TRANSLATED);
	asker->begin = recall->at ? recall->base : inorder_key_base(recall->core);
	asker->tape.known_count = 0;
}

/* Has code changed that is watched? Not while records or runs are taken into account. */
static void look_at_code(struct inorder *core)
{
	const u64 *changes = core->host.code_changes;

	if (changes && *changes != core->asker.code_changes) {
		core->asker.code_changes = *changes;
		inorder_mmu_fetch_changed(&core->mmu);
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
static ALWAYS_INLINE void tell(struct inorder_recall *recall, const u32 *told, unsigned count)
{
	const struct inorder *core = recall->core;

	/* Behind the last that leaves nothing is spent. */
	if (!listens(recall)) {
		recall->departed = true;
		return;
	}
	tell_departed(recall);
	told_pass_on(told, count, &core->host, core->records, core->asker.begin);
}

/* Behind a record; a run is all in one mode. */
static void change_mode(struct inorder_recall *recall, u8 after)
{
	struct timing_tally *tally = &recall->core->model.tally;

	recall->core->mmu.after = after;
	if (timing_mode_of(after) == tally->mode)
		return;
	inorder_recall_count(recall);
	timing_tally_enter(tally, timing_mode_of(after));
}

static ALWAYS_INLINE void pass_time(struct inorder_recall *recall, const struct piece *piece,
				    u64 last)
{
	struct inorder *core = recall->core;

	core->issue.last = core->model.tally.count[TIMING_CYCLES] = last;
	core->records += piece->count;
	if (!piece->run)
		change_mode(recall, piece->after);
}

/* It is counted what came of the piece, by and by. */
static ALWAYS_INLINE void touch(struct inorder_recall *recall, struct memo_leaf *leaf)
{
	if (leaf->taken++)
		return;
	leaf->touched = recall->touched;
	recall->touched = leaf;
}

static ALWAYS_INLINE void apply(struct inorder_recall *recall, struct memo_leaf *leaf,
				const struct piece *piece)
{
	tell(recall, leaf->list, leaf->told);
	touch(recall, leaf);
	pass_time(recall, piece, recall->base + leaf->last);
	recall->base += leaf->cycles;
	recall->at = leaf->node;
	recall->leaf = leaf;
	recall->settled = false;
}

/* The state behind the piece, and how it came there. NULL: there is no room. */
static struct memo_leaf *make_leaf(struct inorder_recall *recall, u64 base)
{
	static const u64 none[TIMING_EVENTS];
	const struct inorder *core = recall->core;
	const struct told *told = &core->told.list;
	struct memo_leaf head = { .told = (u16)told->count }, *leaf;
	u32 counts[TIMING_EVENTS];
	unsigned length;

	if (told->overflown || !told_counts(none, recall->tally.count, counts,
					    TIMING_EVENTS, &length))
		return NULL;
	head.counts = (u16)length;
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

	tell(recall, core->told.list.list, core->told.list.count);
	for (unsigned event = 0; event < TIMING_EVENTS; event++)
		core->model.tally.count[event] += recall->tally.count[event];
	pass_time(recall, piece, core->issue.last);
	inorder_recall_count(recall);
	if (recall->memo.full)
		drop(recall);
	go_on(recall);
}

/* Step a piece, some answers of which may be known, and write down how it goes. */
static NOINLINE void write_down(struct inorder_recall *recall, struct memo_piece *memo,
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
	told->list.count = 0;
	told->list.overflown = false;
	memo_tape_begin(tape, tape->known_count);
	core->asker.writes = true;
	step(core, piece);
	core->asker.writes = false;
	told->host = &core->host;
	told->tally = &core->model.tally;
	core->records = records;
	recall->memo.stats.grown++;
	if (memo && !tape->refused)
		leaf = make_leaf(recall, recall->base);
	if (leaf && memo_grow(&recall->memo, memo, tape, leaf))
		apply(recall, leaf, piece);
	else
		leave_memo(recall, piece);
}

/* True: the piece was met before in this state, and all that it asks is answered as it was. */
static ALWAYS_INLINE bool follow(struct inorder_recall *recall, const struct memo_piece *memo,
				 const struct piece *piece)
{
	struct inorder_asker *asker = &recall->core->asker;
	struct memo_leaf *leaf;

	if (!memo || !memo->first)
		return false;
	leaf = memo_follow(memo, &asker->tape, inorder_answer_inline, asker,
			   &asker->core->mmu.fetch_version);
	if (!leaf)
		return false;
	apply(recall, leaf, piece);
	recall->memo.stats.followed++;
	recall->memo.stats.records += piece->count;
	return true;
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

static bool is_of_record(const struct memo_piece *memo, const void *ctx)
{
	const struct timing_record *record = ctx;
	struct memo_item item[RECORD_ITEMS];

	if (memo->code || memo->pc != record->pc || memo->onward != record->next)
		return false;
	describe(record, item);
	return !memcmp(memo->item, item, sizeof(item));
}

static struct memo_piece *find_record(struct inorder_recall *recall,
				      const struct timing_record *record)
{
	struct memo_piece *memo = memo_find(recall->at, recall->leaf, 0, is_of_record, record);

	if (memo)
		return memo;
	memo = memo_piece_add(&recall->memo, recall->at, RECORD_ITEMS);
	if (!memo)
		return NULL;
	memo->pc = record->pc;
	memo->onward = record->next;
	describe(record, memo->item);
	return memo;
}

void inorder_recall_record(struct inorder_recall *recall, const struct timing_record *record)
{
	struct memo_piece *memo;
	const u64 operand[OPERANDS] = { record->va, record->pa, record->a, record->b };
	const struct piece piece = {
		.record = record, .operand = operand, .after = record->after,
		.access = record->flags, .count = 1u + record->shadows,
		.pc = record->pc, .onward = record->next,
	};

	look_at_code(recall->core);
	enter(recall);
	begin(recall, &piece);
	if (!recall->at) {
		step(recall->core, &piece);
		return;
	}
	memo = find_record(recall, record);
	if (!follow(recall, memo, &piece))
		write_down(recall, memo, &piece);
}

static ALWAYS_INLINE bool is_of_run(const struct memo_piece *memo, const void *ctx)
{
	const struct timing_run *run = ctx;

	return memo->code == run->block->id && memo->pc == run->pc &&
	       memo->onward == timing_run_onward(run) && memo->count == run->count;
}

static ALWAYS_INLINE struct memo_piece *find_run(struct inorder_recall *recall,
						 const struct timing_run *run)
{
	struct memo_piece *memo = memo_find(recall->at, recall->leaf,
					    memo_guess(run->next, run->count), is_of_run, run);

	if (memo)
		return memo;
	memo = memo_piece_add(&recall->memo, recall->at, 0);
	if (!memo)
		return NULL;
	memo->code = run->block->id;
	memo->pc = run->pc;
	memo->onward = timing_run_onward(run);
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

static ALWAYS_INLINE struct piece piece_of(const struct timing_run *run)
{
	return (struct piece){
		.run = run, .operand = run->operand, .access = run->access,
		.pc = run->pc, .onward = run->next, .count = run->count, .after = run->after,
	};
}

/* What is not as it was: `memo` or NULL. Apart, so that the rest needs no piece in memory. */
static NOINLINE void step_run_anew(struct inorder_recall *recall, struct memo_piece *memo,
				   const struct timing_run *run)
{
	const struct piece piece = piece_of(run);

	if (run->after != recall->core->mmu.after)
		consume_records(recall, run);
	else if (recall->at)
		write_down(recall, memo, &piece);
	else
		step(recall->core, &piece);
}

static ALWAYS_INLINE void consume_run(struct inorder_recall *recall, const struct timing_run *run)
{
	const struct piece piece = piece_of(run);
	struct inorder *core = recall->core;
	struct memo_piece *memo = NULL;

	core->asker.run = run;
	core->asker.reached = 0;
	enter(recall);
	begin(recall, &piece);
	if (likely(recall->at && run->after == core->mmu.after)) {
		memo = find_run(recall, run);
		if (likely(follow(recall, memo, &piece)))
			return;
	}
	step_run_anew(recall, memo, run);
}

void inorder_recall_runs(struct inorder_recall *recall, const struct timing_run *run,
			 const struct timing_run *end)
{
	look_at_code(recall->core);
	for (; run != end; run = timing_run_next(run))
		consume_run(recall, run);
	recall->core->asker.run = NULL;
}
