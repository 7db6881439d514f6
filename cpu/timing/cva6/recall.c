/* SPDX-License-Identifier: MIT */
/* A CVA6 with a memo; see recall.h. */
#include "cpu/timing/cva6/recall_parts.h"

#include <string.h>

/* Bytes for states, pieces and what came of them. */
#define MEMO_SIZE (64u << 20)

/* Of a record: flags, what is in force behind it, and above that what its operands do. */
#define FACTS_AFTER 16
#define FACTS_OPERANDS 24
#define OPERANDS_KNOWN 1 /* plus steps of a division */
#define OPERANDS_END 0xff /* it ends at once */

/* What starts the pipeline anew, or may trap behind it, is stepped. */
#define STEPPED_FLAGS (TIMING_TRAP | TIMING_INTERRUPT | TIMING_FETCH | TIMING_WAITS)

#define COUNT_SHIFT 8 /* above an event's number */
#define COUNT_MAX (BIT(32 - COUNT_SHIFT) - 1)

int cva6_recall_init(struct cva6_recall *recall, struct cva6_core *core, struct cva6_still *still)
{
	recall->core = recall->asker.core = core;
	recall->still = still;
	return memo_init(&recall->memo, sizeof(recall->key), MEMO_SIZE);
}

void cva6_recall_free(struct cva6_recall *recall)
{
	memo_free(&recall->memo);
}

void cva6_recall_reset(struct cva6_recall *recall)
{
	recall->at = NULL;
	recall->leaf = NULL;
	recall->settled = true;
}

void cva6_core_consume(struct cva6_core *core, struct cva6_still *still,
		       const struct timing_record *records, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		core->records.ring[core->records.end++ % CVA6_RECORDS] = records[n];
	while (!cva6_issue_starves(core))
		cva6_core_advance(core, still);
}

static bool is_stepped(const struct timing_record *record)
{
	return cva6_recall_steps(record->op) || record->flags & STEPPED_FLAGS;
}

static bool ends_piece(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return class == CLASS_BRANCH || class == CLASS_JUMP;
}

static bool touches_memory(const struct timing_record *record)
{
	return record->flags & (TIMING_LOAD | TIMING_STORE);
}

u32 cva6_recall_operands(const struct cva6_core *core, u32 raw, u64 a, u64 b)
{
	const struct cva6_uop *uop = cva6_decoder_find(core->decoder, raw);
	bool ends;
	u8 steps = 0;

	if (uop->unit == CVA6_DIV)
		ends = cva6_division_ends(uop, a, b, &steps);
	else
		ends = cva6_fpu_is_special(uop, a, b);
	return ends ? OPERANDS_END : OPERANDS_KNOWN + steps;
}

static u32 operands_of(const struct cva6_core *core, const struct timing_record *record)
{
	return cva6_recall_operands(core, record->raw, record->a, record->b);
}

static u32 facts_of(const struct timing_record *record)
{
	return record->flags | (u32)record->after << FACTS_AFTER;
}

/* Can the record be in a piece? */
static bool fits(const struct cva6_recall *recall, const struct timing_record *record)
{
	if (is_stepped(record) || record->after != recall->after)
		return false;
	return !touches_memory(record) ||
	       (record->pa && record->size <= 8 &&
		!!(record->flags & TIMING_TRANSLATED) == recall->translated);
}

static bool item_matches(const struct cva6_recall *recall, const struct memo_item *item,
			 const struct timing_record *record)
{
	u32 operands = item->facts >> FACTS_OPERANDS;

	return item->raw == record->raw &&
	       (item->facts & (BIT(FACTS_OPERANDS) - 1)) == facts_of(record) &&
	       (!operands || operands == operands_of(recall->core, record));
}

static bool piece_matches(const struct cva6_recall *recall, const struct memo_piece *piece,
			  const struct timing_record *records)
{
	if (piece->code || piece->pc != records[0].pc ||
	    piece->onward != records[piece->count - 1].next)
		return false;
	for (unsigned n = 0; n < piece->count; n++)
		if (!item_matches(recall, &piece->item[n], &records[n]))
			return false;
	return true;
}

static struct memo_piece *find_piece(const struct cva6_recall *recall,
				     const struct timing_record *records, unsigned count)
{
	struct memo_piece *piece;

	for (piece = recall->at->pieces; piece; piece = piece->next)
		if (piece->count <= count && piece_matches(recall, piece, records))
			return piece;
	return NULL;
}

static unsigned length_of(const struct cva6_recall *recall, const struct timing_record *records,
			  unsigned count)
{
	unsigned length = 0;

	while (length < MIN(count, MEMO_PIECE_MAX) && fits(recall, &records[length]))
		if (ends_piece(&records[length++]))
			break;
	return length;
}

static struct memo_piece *make_piece(struct cva6_recall *recall,
				     const struct timing_record *records, unsigned count)
{
	struct memo_piece *piece = memo_piece_add(&recall->memo, recall->at, count);

	if (!piece)
		return NULL;
	piece->count = count;
	piece->pc = records[0].pc;
	piece->onward = records[count - 1].next;
	for (unsigned n = 0; n < count; n++) {
		piece->item[n].raw = records[n].raw;
		piece->item[n].facts = facts_of(&records[n]);
		if (cva6_recall_has_operands(records[n].op))
			piece->item[n].facts |= operands_of(recall->core, &records[n])
						<< FACTS_OPERANDS;
	}
	return piece;
}

/* Each memory operand gets two places, of the virtual address and of the physical one. */
static bool place_operands(struct cva6_recall *recall, const struct timing_record *records,
			   unsigned count)
{
	u64 *place = &recall->asker.place[recall->asker.places];
	bool good = true;

	for (unsigned n = 0; n < count; n++) {
		if (!touches_memory(&records[n]))
			continue;
		*place++ = records[n].va;
		*place++ = records[n].pa;
		good &= records[n].pa != 0;
	}
	return good;
}

/* What has not left yet is known to the scoreboard; of its records only this is asked. */
static void refill_ring(struct cva6_recall *recall)
{
	struct cva6_records *records = &recall->core->records;

	for (u64 n = records->commit; n < records->end; n++)
		records->ring[n % CVA6_RECORDS] = (struct timing_record){ .after = recall->after };
}

/* The core's registers, with tokens for addresses. */
static void restore(struct cva6_recall *recall)
{
	memo_unpack(&recall->memo, recall->at, &recall->key);
	cva6_key_put(&recall->key, recall->core);
	refill_ring(recall);
}

/* What had been counted when the last record left, if it is the last of all. */
static void restore_left(struct cva6_recall *recall)
{
	const struct cva6_core *core = recall->core;
	const struct memo_leaf *leaf = recall->leaf;
	struct timing_tally *left = core->seen;
	const u32 *tail;

	if (!leaf || core->records.commit != core->records.end)
		return;
	*left = *core->tally;
	tail = leaf->data + leaf->moves + leaf->told + leaf->counts;
	for (unsigned n = 0; n < leaf->tail; n++)
		left->count[tail[n] & (BIT(COUNT_SHIFT) - 1)] -= tail[n] >> COUNT_SHIFT;
}

void cva6_recall_settle(struct cva6_recall *recall)
{
	if (recall->settled)
		return;
	restore(recall);
	cva6_core_resolve(recall->core, &recall->asker);
	restore_left(recall);
	recall->settled = true;
}

void cva6_recall_show(struct cva6_recall *recall)
{
	struct cva6_core *core = recall->core;
	struct cva6_records *records = &core->records;
	u64 under_way = records->end - records->commit;

	cva6_recall_settle(recall);
	for (u64 n = under_way; n < CVA6_RECORDS; n++)
		memset(&records->ring[(records->commit + n) % CVA6_RECORDS], 0,
		       sizeof(records->ring[0]));
	if (under_way)
		timing_tally_reset(core->seen);
	for (unsigned n = 0; n < MIN(cva6_core_plain(core), under_way); n++) {
		const struct cva6_scoreboard *sb = &core->pipe.sb;

		records->ring[(records->commit + n) % CVA6_RECORDS] = (struct timing_record){
			.after = sb->entry[cva6_slot(sb, &core->params, n)].after,
		};
	}
	cva6_key_take(&recall->key, core);
	cva6_key_put(&recall->key, core);
}

/* The places of addresses as they are numbered in the next state. */
static void move_places(struct cva6_asker *asker, const struct memo_leaf *leaf)
{
	u64 place[CVA6_ADDRESSES_MAX];

	for (unsigned n = 0; n < leaf->moves; n++)
		place[n] = asker->place[leaf->data[n]];
	memcpy(asker->place, place, leaf->moves * sizeof(place[0]));
	asker->places = leaf->moves;
}

static void tell(const struct cva6_core *core, const struct memo_leaf *leaf)
{
	const struct timing_host *host = &core->host;
	const u32 *told = leaf->data + leaf->moves;
	u64 record = core->records.commit;

	if ((!host->commit && !host->spend) || (host->listens && !*host->listens))
		return;
	for (unsigned n = 0; n < leaf->told; n++) {
		unsigned what = told[n] & (BIT(CVA6_TOLD_SHIFT) - 1);
		u64 cycles = told[n] >> CVA6_TOLD_SHIFT;

		if (what != CVA6_TOLD_LEFT && host->spend)
			host->spend(host->ctx, what, cycles);
		if (what == CVA6_TOLD_LEFT && host->commit)
			host->commit(host->ctx, record, core->cycle + cycles);
		record += what == CVA6_TOLD_LEFT;
	}
}

void cva6_recall_apply(struct cva6_recall *recall, const struct memo_leaf *leaf, unsigned count)
{
	struct cva6_core *core = recall->core;
	const u32 *counts = leaf->data + leaf->moves + leaf->told;

	tell(core, leaf);
	for (unsigned n = 0; n < leaf->counts; n++)
		core->tally->count[counts[n] & (BIT(COUNT_SHIFT) - 1)] += counts[n] >> COUNT_SHIFT;
	core->records.end += count;
	core->records.issue = core->records.end;
	core->records.commit += leaf->left;
	if (leaf->left) {
		core->last_commit = core->alive = core->cycle + leaf->last;
		core->tally->count[TIMING_CYCLES] = core->last_commit;
	}
	core->cycle += leaf->cycles;
	move_places(&recall->asker, leaf);
	recall->at = leaf->node;
	recall->leaf = leaf;
	recall->settled = false;
	recall->memo.stats.followed++;
	recall->memo.stats.records += count;
}

/* Events that were counted between two tallies, but for the cycle. False: too many. */
static bool list_counts(const u64 *from, const u64 *to, u32 *list, u16 *length)
{
	*length = 0;
	for (unsigned event = 0; event < TIMING_EVENTS; event++) {
		u64 count = to[event] - from[event];

		if (!count || event == TIMING_CYCLES)
			continue;
		if (count > COUNT_MAX)
			return false;
		list[(*length)++] = (u32)(count << COUNT_SHIFT | event);
	}
	return true;
}

/* What was at hand before a piece was stepped. */
struct before {
	u64 cycle, commit;
	u64 count[TIMING_EVENTS];
};

/* The state behind the piece, and how it came there. NULL: there is no room. */
static struct memo_leaf *make_leaf(struct cva6_recall *recall, const struct before *before)
{
	const struct cva6_core *core = recall->core;
	struct cva6_asker *asker = &recall->asker;
	u32 counts[TIMING_EVENTS], tail[TIMING_EVENTS];
	struct memo_leaf head = { .told = (u16)asker->told_count }, *leaf;
	u64 from[CVA6_ADDRESSES_MAX];
	u32 *data;

	cva6_key_take(&recall->key, core);
	head.moves = (u16)cva6_key_number(&recall->key, from);
	if (!list_counts(before->count, core->tally->count, counts, &head.counts))
		return NULL;
	if (core->records.commit == core->records.end &&
	    !list_counts(core->seen->count, core->tally->count, tail, &head.tail))
		return NULL;
	head.cycles = (u32)(core->cycle - before->cycle);
	head.left = (u16)(core->records.commit - before->commit);
	head.last = head.left ? (u32)(core->last_commit - before->cycle) : 0;
	head.node = memo_node(&recall->memo, &recall->key);
	leaf = memo_leaf_add(&recall->memo, head.moves + head.told + head.counts + head.tail);
	if (!head.node || !leaf)
		return NULL;
	*leaf = head;
	data = leaf->data;
	for (unsigned n = 0; n < head.moves; n++)
		*data++ = cva6_token_place(from[n]);
	memcpy(data, asker->told, head.told * sizeof(*data));
	memcpy(data + head.told, counts, head.counts * sizeof(*data));
	memcpy(data + head.told + head.counts, tail, head.tail * sizeof(*data));
	return leaf;
}

/* Records go in with tokens for addresses, as place_operands has numbered them. */
static void step_piece(struct cva6_recall *recall, const struct timing_record *records,
		       unsigned count)
{
	unsigned place = recall->asker.places;

	for (unsigned n = 0; n < count; n++) {
		struct timing_record record = records[n];

		if (touches_memory(&record)) {
			record.va = cva6_token(place++);
			record.pa = cva6_token(place++);
		}
		recall->asker.taken = n + 1;
		cva6_asker_reach(&recall->asker, n + 1);
		cva6_core_consume(recall->core, recall->still, &record, 1);
	}
}

/* The core goes on by itself. */
static void leave_memo(struct cva6_recall *recall, const struct timing_record *records,
		       unsigned count)
{
	struct cva6_records *own = &recall->core->records;

	cva6_core_resolve(recall->core, &recall->asker);
	for (unsigned n = 0; n < count; n++)
		own->ring[(own->end - count + n) % CVA6_RECORDS] = records[n];
	if (recall->memo.full)
		memo_drop(&recall->memo);
	cva6_recall_reset(recall);
}

void cva6_recall_write_down(struct cva6_recall *recall, struct memo_piece *piece,
			    const struct timing_record *records, unsigned count)
{
	struct cva6_core *core = recall->core;
	struct cva6_asker *asker = &recall->asker;
	struct before before = { .cycle = core->cycle, .commit = core->records.commit };
	struct memo_leaf *leaf = NULL;

	memcpy(before.count, core->tally->count, sizeof(before.count));
	restore(recall);
	asker->told_count = 0;
	asker->begin = core->cycle;
	memo_tape_begin(&asker->tape, asker->tape.known_count);
	cva6_core_write_down(core, asker);
	step_piece(recall, records, count);
	cva6_core_write_down(core, NULL);
	recall->memo.stats.grown++;
	if (piece && !asker->tape.refused && cva6_key_exists(core))
		leaf = make_leaf(recall, &before);
	if (!leaf || !memo_grow(&recall->memo, piece, &asker->tape, leaf)) {
		leave_memo(recall, records, count);
		return;
	}
	move_places(asker, leaf);
	recall->at = leaf->node;
	recall->leaf = leaf;
	recall->settled = false;
}

void cva6_recall_enter(struct cva6_recall *recall)
{
	struct cva6_core *core = recall->core;

	/* Versions of answers that last are counted in 32 bits. */
	if ((u32)(core->icache.tags.changes >> 32) != recall->versions) {
		recall->versions = (u32)(core->icache.tags.changes >> 32);
		cva6_recall_settle(recall);
		cva6_recall_reset(recall);
		memo_drop(&recall->memo);
	}
	if (recall->at || recall->off || !cva6_key_exists(core))
		return;
	cva6_key_take(&recall->key, core);
	recall->asker.places = cva6_key_number(&recall->key, recall->asker.place);
	recall->at = memo_node(&recall->memo, &recall->key);
	recall->leaf = NULL;
	recall->after = core->pipe.context.after;
	recall->translated = core->pipe.context.data_translated;
	if (!recall->at)
		memo_drop(&recall->memo);
}

unsigned cva6_recall_consume(struct cva6_recall *recall, const struct timing_record *records,
			     unsigned count)
{
	struct memo_piece *piece;
	const struct memo_leaf *leaf;
	unsigned length;

	if (!is_stepped(&records[0]))
		cva6_recall_enter(recall);
	if (!recall->at)
		return 0;
	recall->asker.tape.known_count = 0;
	piece = find_piece(recall, records, count);
	length = piece ? piece->count : length_of(recall, records, count);
	if (!length || !place_operands(recall, records, length)) {
		cva6_recall_settle(recall);
		recall->at = NULL;
		return 0;
	}
	if (piece && piece->first) {
		leaf = cva6_follow(&recall->asker, piece);
		if (leaf) {
			cva6_recall_apply(recall, leaf, length);
			return length;
		}
	}
	if (!piece)
		piece = make_piece(recall, records, length);
	cva6_recall_write_down(recall, piece, records, length);
	return length;
}
