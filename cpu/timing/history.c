/* SPDX-License-Identifier: MIT */
/* A ring of records. See history.h. */
#include "cpu/timing/history.h"

#include "cpu/timing/pmp_csr.h"

#include <stdlib.h>

/*
 * The number of records in the ring in addition to one for each instruction: room for the shadows
 * of traps.
 */
#define SPARE 4096

struct timing_history {
	u64 wanted; /* number of instructions to keep */
	u64 room; /* size of the ring, in records */
	/* record numbers: the oldest record that is kept, and the next one to be added */
	u64 first, end;
	u64 kept; /* instructions in the ring */
	bool begun;
	u64 pc; /* the address of the oldest instruction */
	struct timing_context context; /* the context in force at the oldest instruction */
	struct timing_record ring[];
};

struct timing_history *timing_history_create(u64 instructions)
{
	u64 room = MIN(instructions, TIMING_HISTORY_MAX) + SPARE;
	struct timing_history *history =
		calloc(1, sizeof(*history) + room * sizeof(history->ring[0]));

	if (!history)
		return NULL;
	history->wanted = instructions;
	history->room = room;
	return history;
}

void timing_history_free(struct timing_history *history)
{
	free(history);
}

void timing_history_begin(struct timing_history *history, u64 pc,
			  const struct timing_context *context)
{
	history->first = history->end = history->kept = 0;
	history->begun = true;
	history->pc = pc;
	history->context = *context;
}

void timing_history_end(struct timing_history *history)
{
	history->begun = false;
}

bool timing_history_goes_on(const struct timing_history *history)
{
	return history->begun;
}

/* Applies the write of a CSR on which translation or protection depends to the context. */
static void apply_csr(struct timing_context *context, const struct timing_record *record)
{
	enum { SATP = 0x180, VSATP = 0x280, HGATP = 0x680 };
	u32 number = record->raw >> 20;

	if (number == SATP && context->after & TIMING_VIRTUAL)
		number = VSATP;
	if (number == SATP)
		context->satp = record->a;
	else if (number == VSATP)
		context->vsatp = record->a;
	else if (number == HGATP)
		context->hgatp = record->a;
	else if (pmp_csr_is_one(number))
		pmp_csr_take(&context->pmp, number, record->a);
}

/* Forgets the oldest instruction and its shadows. The history then begins after it. */
static void history_forget(struct timing_history *history)
{
	const struct timing_record *oldest = &history->ring[history->first % history->room];

	if (timing_writes_csr(oldest))
		apply_csr(&history->context, oldest);
	history->pc = oldest->next;
	history->context.after = oldest->after;
	history->context.running = true;
	history->first += 1u + oldest->shadows;
	history->kept--;
}

void timing_history_add(struct timing_history *history, const struct timing_record *records,
			unsigned count)
{
	for (unsigned n = 0; n < count;) {
		unsigned group = 1u + records[n].shadows;

		while (history->kept && (history->kept >= history->wanted ||
					 history->end - history->first + group > history->room))
			history_forget(history);
		for (unsigned k = 0; k < group; k++) {
			struct timing_record *kept = &history->ring[history->end++ % history->room];

			/* A WFI does not sleep when it is replayed. */
			*kept = records[n++];
			kept->flags &= (u16)~TIMING_WAITS;
		}
		history->kept++;
	}
}

/*
 * Copies the records from number `at` on, TIMING_BATCH at most, and returns how many these are. A
 * trap and its shadows stay together.
 */
static unsigned next_group(const struct timing_history *history, u64 at,
			   struct timing_record *batch)
{
	unsigned count = 0;

	while (at < history->end) {
		unsigned group = 1u + history->ring[at % history->room].shadows;

		if (count + group > TIMING_BATCH)
			break;
		for (unsigned k = 0; k < group; k++)
			batch[count++] = history->ring[at++ % history->room];
	}
	return count;
}

void timing_history_replay(const struct timing_history *history, struct timing_model *model)
{
	struct timing_record batch[TIMING_BATCH];
	u64 at = history->first;
	unsigned count;

	timing_reset(model, history->pc);
	timing_begin_in(model, history->context.after);
	timing_enter(model, &history->context);
	while ((count = next_group(history, at, batch)) > 0) {
		timing_consume(model, batch, count);
		at += count;
	}
}

u64 timing_history_count(const struct timing_history *history)
{
	return history->end - history->first;
}
