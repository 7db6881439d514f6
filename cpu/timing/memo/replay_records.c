/* SPDX-License-Identifier: MIT */
/* Records as pieces of program: up to where it may go either way. See replay.h. */
#include "cpu/timing/memo/replay_parts.h"

#include "cpu/isa/isa.h"

/* Of a record: flags, what is in force behind it, and above that what its operands do. */
#define FACTS_PLACED BIT(15) /* it is known where its memory operand is */
#define FACTS_AFTER 16
#define FACTS_OPERANDS 24

/* Of what is not implied by the record before it there are more items. */
#define ITEMS_MAX 4
#define ITEM_SIZE 8 /* above a cause */
#define ITEM_SHADOWS 16

static bool ends_piece(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return class == CLASS_BRANCH || class == CLASS_JUMP || record->flags & TIMING_TRAP ||
	       record->next != record->pc + insn_length(record->raw);
}

static u32 facts_of(struct recall *recall, const struct timing_record *record)
{
	const u64 operands[] = { record->a, record->b, record->c };
	u32 facts = record->flags | (u32)record->after << FACTS_AFTER;

	if (record->pa)
		facts |= FACTS_PLACED;
	if (recall->kind->has_operands(record->op))
		facts |= (u32)recall->kind->operands(recall, record->raw, operands)
			 << FACTS_OPERANDS;
	return facts;
}

static struct memo_item address_item(u64 address)
{
	return (struct memo_item){ (u32)address, (u32)(address >> 32) };
}

/* What of a record a piece depends on: how many items. `odd`: it traps, or is in such a shadow. */
static unsigned describe(struct recall *recall, const struct timing_record *record, bool odd,
			 struct memo_item item[ITEMS_MAX])
{
	item[0] = (struct memo_item){ record->raw, facts_of(recall, record) };
	if (!odd)
		return 1;
	item[1] = address_item(record->pc);
	item[2] = address_item(record->next);
	item[3] = (struct memo_item){
		record->cause | (u32)record->size << ITEM_SIZE |
			(u32)record->shadows << ITEM_SHADOWS, 0,
	};
	return ITEMS_MAX;
}

static bool is_stepped(const struct recall *recall, const struct timing_record *record)
{
	return recall->kind->steps(record->op, record->flags);
}

/* Can the record be in a piece? */
static bool fits(const struct recall *recall, const struct timing_record *record)
{
	return !is_stepped(recall, record) &&
	       (!recall_touches_memory(record) || record->size <= 8);
}

static bool piece_matches(struct recall *recall, const struct memo_piece *piece,
			  const struct timing_record *records)
{
	const struct memo_item *known = piece->item;
	struct memo_item item[ITEMS_MAX];
	bool odd = false;

	if (piece->code || piece->pc != records[0].pc ||
	    piece->onward != records[piece->count - 1].next)
		return false;
	for (unsigned n = 0; n < piece->count; n++) {
		unsigned count;

		odd |= records[n].flags & TIMING_TRAP;
		count = describe(recall, &records[n], odd, item);
		/* Whether there are more of them says the first. */
		for (unsigned k = 0; k < count; k++, known++)
			if (known->raw != item[k].raw || known->facts != item[k].facts)
				return false;
	}
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

/* With shadows: 0 if they are not all there. */
static unsigned group_of(const struct recall *recall, const struct timing_record *records,
			 unsigned count)
{
	unsigned group = 1u + records[0].shadows;

	if (group > count || records[0].shadows > TIMING_SHADOWS_MAX)
		return 0;
	for (unsigned n = 0; n < group; n++)
		if (!fits(recall, &records[n]))
			return 0;
	return group;
}

static unsigned length_of(const struct recall *recall, const struct timing_record *records,
			  unsigned count)
{
	unsigned length = 0;

	while (length < MIN(count, MEMO_PIECE_MAX)) {
		const struct timing_record *record = &records[length];
		unsigned group = group_of(recall, record, count - length);

		length += group;
		if (!group || ends_piece(record))
			break;
	}
	return length;
}

static struct memo_piece *make_piece(struct recall *recall, const struct timing_record *records,
				     unsigned count)
{
	struct memo_item item[RECALL_RECORDS_MAX * ITEMS_MAX];
	struct memo_piece *piece;
	unsigned items = 0;
	bool odd = false;

	for (unsigned n = 0; n < count; n++) {
		odd |= records[n].flags & TIMING_TRAP;
		items += describe(recall, &records[n], odd, &item[items]);
	}
	piece = memo_piece_add(&recall->memo, recall->at, items);
	if (!piece)
		return NULL;
	piece->count = count;
	piece->pc = records[0].pc;
	piece->onward = records[count - 1].next;
	memcpy(piece->item, item, items * sizeof(item[0]));
	return piece;
}

static void place_operands(struct recall *recall, const struct timing_record *records,
			   unsigned count)
{
	unsigned operands = 0;

	for (unsigned n = 0; n < count; n++) {
		const u64 *placed = recall_placed(recall, &records[n]);

		if (placed)
			recall_place(recall, operands++, placed);
	}
}

static unsigned consume(struct recall *recall, const struct timing_record *records, unsigned count)
{
	struct memo_piece *piece;
	unsigned length;

	if (!is_stepped(recall, &records[0]))
		recall_enter(recall);
	if (!recall->at)
		return 0;
	piece = find_piece(recall, records, count);
	length = piece ? piece->count : length_of(recall, records, count);
	if (!length) {
		recall_leave(recall);
		return 0;
	}
	place_operands(recall, records, length);
	if (recall_follow(recall, piece))
		return length;
	if (!piece)
		piece = make_piece(recall, records, length);
	recall_write_down(recall, piece, records, length);
	return length;
}

unsigned recall_consume(struct recall *recall, const struct timing_record *records, unsigned count)
{
	unsigned taken;

	recall->asker.records = records;
	taken = consume(recall, records, count);
	recall->asker.records = NULL;
	return taken;
}
