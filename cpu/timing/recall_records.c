/* SPDX-License-Identifier: MIT */
/* Records as pieces of program: up to where it may go either way. See recall.h. */
#include "cpu/timing/recall_parts.h"

#include "cpu/isa.h"

/* Of a record: flags, what is in force behind it, and above that what its operands do. */
#define FACTS_AFTER 16
#define FACTS_OPERANDS 24

static bool ends_piece(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return class == CLASS_BRANCH || class == CLASS_JUMP;
}

static u32 operands_of(struct recall *recall, const struct timing_record *record)
{
	return recall->kind->operands(recall, record->raw, record->a, record->b);
}

static u32 facts_of(const struct timing_record *record)
{
	return record->flags | (u32)record->after << FACTS_AFTER;
}

static bool is_stepped(const struct recall *recall, const struct timing_record *record)
{
	return recall->kind->steps(record->op, record->flags);
}

/* Can the record be in a piece? */
static bool fits(const struct recall *recall, const struct timing_record *record)
{
	if (is_stepped(recall, record) || record->after != recall->after)
		return false;
	return !recall_touches_memory(record) ||
	       (record->pa && record->size <= 8 &&
		!!(record->flags & TIMING_TRANSLATED) == recall->translated);
}

static bool item_matches(struct recall *recall, const struct memo_item *item,
			 const struct timing_record *record)
{
	u32 operands = item->facts >> FACTS_OPERANDS;

	return item->raw == record->raw &&
	       (item->facts & (BIT(FACTS_OPERANDS) - 1)) == facts_of(record) &&
	       (!operands || operands == operands_of(recall, record));
}

static bool piece_matches(struct recall *recall, const struct memo_piece *piece,
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

static struct memo_piece *find_piece(struct recall *recall, const struct timing_record *records,
				     unsigned count)
{
	struct memo_piece *piece;

	for (piece = recall->at->pieces; piece; piece = piece->next)
		if (piece->count <= count && piece_matches(recall, piece, records))
			return piece;
	return NULL;
}

static unsigned length_of(const struct recall *recall, const struct timing_record *records,
			  unsigned count)
{
	unsigned length = 0;

	while (length < MIN(count, MEMO_PIECE_MAX) && fits(recall, &records[length]))
		if (ends_piece(&records[length++]))
			break;
	return length;
}

static struct memo_piece *make_piece(struct recall *recall, const struct timing_record *records,
				     unsigned count)
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
		if (recall->kind->has_operands(records[n].op))
			piece->item[n].facts |= operands_of(recall, &records[n]) << FACTS_OPERANDS;
	}
	return piece;
}

/* False: where one is cannot be told. */
static bool place_operands(struct recall *recall, const struct timing_record *records,
			   unsigned count)
{
	unsigned operands = 0;
	bool good = true;

	for (unsigned n = 0; n < count; n++)
		if (recall_touches_memory(&records[n]))
			good &= recall_place(recall, operands++, records[n].va, records[n].pa);
	return good;
}

unsigned recall_consume(struct recall *recall, const struct timing_record *records, unsigned count)
{
	struct memo_piece *piece;
	unsigned length;

	if (!is_stepped(recall, &records[0]))
		recall_enter(recall);
	if (!recall->at)
		return 0;
	piece = find_piece(recall, records, count);
	length = piece ? piece->count : length_of(recall, records, count);
	if (!length || !place_operands(recall, records, length)) {
		recall_leave(recall);
		return 0;
	}
	if (recall_follow(recall, piece))
		return length;
	if (!piece)
		piece = make_piece(recall, records, length);
	recall_write_down(recall, piece, records, length);
	return length;
}
