/* SPDX-License-Identifier: MIT */
/*
 * The outcome of a trace, except the next state, as lists of numbers that are stored in a memo
 * (memo.h): the retirements and stalls to be reported to the host, and the events.
 */
#ifndef CPU_TIMING_MEMO_RETIRED_H
#define CPU_TIMING_MEMO_RETIRED_H

#include "cpu/timing/host.h"
#include "cpu/timing/tally.h"

/*
 * A list of reports in the order in which they are made. The low bits of an entry are
 * RETIRED_RECORD, RETIRED_SHADOWS or a cause; the bits above are cycles.
 */
#define RETIRED_MAX 512
struct retired {
	u32 list[RETIRED_MAX];
	unsigned count;
	bool overflown; /* there were more than the list can hold */
};

/* These stand in the place of a cause: */
/* a record retired in this cycle, counted from the trace's first cycle */
#define RETIRED_RECORD 0xff
#define RETIRED_SHADOWS 0xfe /* the number of shadows of the record that retired */
#define RETIRED_SHIFT 8

static inline unsigned retired_what(u32 entry)
{
	return entry & (BIT(RETIRED_SHIFT) - 1);
}

void retired_add(struct retired *retired, unsigned what, u64 cycles);

/*
 * Reports a list to the host: `record` is the next record to retire, and cycles count from `begin`.
 */
void retired_pass_on(const u32 *list, unsigned count, const struct timing_host *host, u64 record,
		     u64 begin);

/* In a list of events the low bits of an entry are the event, the bits above its count. */
#define RETIRED_COUNT_SHIFT 8
#define RETIRED_COUNT_MAX (BIT(32 - RETIRED_COUNT_SHIFT) - 1)

static inline unsigned retired_event(u32 entry)
{
	return entry & (BIT(RETIRED_COUNT_SHIFT) - 1);
}

/*
 * Lists the differences of two sets of counts, except cycles, in at most `room` numbers. Returns
 * false if there are more.
 */
bool retired_counts(const u64 *from, const u64 *to, u32 *list, unsigned room, unsigned *length);

/* Adds such a list to the counts, `times` times. */
void retired_count(u64 *count, const u32 *list, unsigned length, u64 times);

#endif
