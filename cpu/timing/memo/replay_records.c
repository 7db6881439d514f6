/* SPDX-License-Identifier: MIT */
/*
 * Divides records into traces: a trace ends at an instruction that can continue at more than one
 * address. See replay.h.
 */
#include "cpu/timing/memo/replay_trace.h"

#include "cpu/isa/isa.h"

/*
 * Facts of a record: its flags in the low bits, then enum timing_after, then what its time depends
 * on of its operands' values.
 */
#define FACTS_PLACED BIT(15) /* its physical address is known */
#define FACTS_AFTER 16
#define FACTS_OPERANDS 24

/* A record that does not follow from the one before it needs more items. */
#define ITEMS_MAX 4
#define ITEM_SIZE 8 /* an item's bits above the cause of a trap have the size of the access */
#define ITEM_SHADOWS 16

static bool ends_trace(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return class == CLASS_BRANCH || class == CLASS_JUMP || record->flags & TIMING_TRAP ||
	       record->next != record->pc + insn_length(record->raw);
}

static u32 facts_of(struct replay *replay, const struct timing_record *record)
{
	const u64 operands[] = { record->a, record->b, record->c };
	u32 facts = record->flags | (u32)record->after << FACTS_AFTER;

	if (record->pa)
		facts |= FACTS_PLACED;
	if (replay->kind->has_operands(record->op))
		facts |= (u32)replay->kind->operands(replay, record->raw, operands)
			 << FACTS_OPERANDS;
	return facts;
}

static struct memo_item address_item(u64 address)
{
	return (struct memo_item){ (u32)address, (u32)(address >> 32) };
}

/*
 * Fills in the items that describe a record in a trace, and returns how many there are. `odd` is
 * true from a record that traps on, so also for its shadows.
 */
static unsigned replay_records_describe(struct replay *replay, const struct timing_record *record,
					bool odd, struct memo_item item[ITEMS_MAX])
{
	item[0] = (struct memo_item){ record->raw, facts_of(replay, record) };
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

static bool is_stepped(const struct replay *replay, const struct timing_record *record)
{
	return replay->kind->steps(record->op, record->flags);
}

/* Returns whether the record can be in a trace. */
static bool replay_records_fits(const struct replay *replay, const struct timing_record *record)
{
	return !is_stepped(replay, record) && (!replay_touches_memory(record) || record->size <= 8);
}

static bool trace_matches(struct replay *replay, const struct memo_trace *trace,
			  const struct timing_record *records)
{
	const struct memo_item *known = trace->item;
	struct memo_item item[ITEMS_MAX];
	bool odd = false;

	if (trace->code || trace->pc != records[0].pc ||
	    trace->next_pc != records[trace->count - 1].next)
		return false;
	for (unsigned n = 0; n < trace->count; n++) {
		unsigned count;

		odd |= records[n].flags & TIMING_TRAP;
		count = replay_records_describe(replay, &records[n], odd, item);
		/* The flags in the first item say whether the record has more. */
		for (unsigned k = 0; k < count; k++, known++)
			if (known->raw != item[k].raw || known->facts != item[k].facts)
				return false;
	}
	return true;
}

static struct memo_trace *find_trace(struct replay *replay, const struct timing_record *records,
				     unsigned count)
{
	struct memo_trace *trace;

	for (trace = replay->at->traces; trace; trace = trace->next)
		if (trace->count <= count && trace_matches(replay, trace, records))
			return trace;
	return NULL;
}

/* Returns the length of a record with its shadows, or 0 if not all of them can be in the trace. */
static unsigned group_of(const struct replay *replay, const struct timing_record *records,
			 unsigned count)
{
	unsigned group = 1u + records[0].shadows;

	if (group > count || records[0].shadows > TIMING_SHADOWS_MAX)
		return 0;
	for (unsigned n = 0; n < group; n++)
		if (!replay_records_fits(replay, &records[n]))
			return 0;
	return group;
}

static unsigned length_of(const struct replay *replay, const struct timing_record *records,
			  unsigned count)
{
	unsigned length = 0;

	while (length < MIN(count, MEMO_TRACE_MAX)) {
		const struct timing_record *record = &records[length];
		unsigned group = group_of(replay, record, count - length);

		length += group;
		if (!group || ends_trace(record))
			break;
	}
	return length;
}

static struct memo_trace *make_trace(struct replay *replay, const struct timing_record *records,
				     unsigned count)
{
	struct memo_item item[REPLAY_RECORDS_MAX * ITEMS_MAX];
	struct memo_trace *trace;
	unsigned items = 0;
	bool odd = false;

	for (unsigned n = 0; n < count; n++) {
		odd |= records[n].flags & TIMING_TRAP;
		items += replay_records_describe(replay, &records[n], odd, &item[items]);
	}
	trace = memo_trace_add(&replay->memo, replay->at, items);
	if (!trace)
		return NULL;
	trace->count = count;
	trace->pc = records[0].pc;
	trace->next_pc = records[count - 1].next;
	memcpy(trace->item, item, items * sizeof(item[0]));
	return trace;
}

static void place_operands(struct replay *replay, const struct timing_record *records,
			   unsigned count)
{
	unsigned operands = 0;

	for (unsigned n = 0; n < count; n++) {
		const u64 *placed = replay_placed(replay, &records[n]);

		if (placed)
			replay_place(replay, operands++, placed);
	}
}

static unsigned replay_records_consume(struct replay *replay, const struct timing_record *records,
				       unsigned count)
{
	struct memo_trace *trace;
	unsigned length;

	if (!is_stepped(replay, &records[0]))
		replay_enter(replay);
	if (!replay->at)
		return 0;
	trace = find_trace(replay, records, count);
	length = trace ? trace->count : length_of(replay, records, count);
	if (!length) {
		replay_leave(replay);
		return 0;
	}
	place_operands(replay, records, length);
	if (replay_follow(replay, trace))
		return length;
	if (!trace)
		trace = make_trace(replay, records, length);
	replay_record_trace(replay, trace, records, length);
	return length;
}

unsigned replay_consume(struct replay *replay, const struct timing_record *records, unsigned count)
{
	unsigned consumed;

	replay->actions.records = records;
	consumed = replay_records_consume(replay, records, count);
	replay->actions.records = NULL;
	return consumed;
}
