/* SPDX-License-Identifier: MIT */
/*
 * The outcome of a trace beside the state behind it, as lists of numbers that go into a memo
 * (memo.h): the retirements and stalls that the host hears of as time goes by, and the events.
 */
#ifndef CPU_TIMING_MEMO_RETIRED_H
#define CPU_TIMING_MEMO_RETIRED_H

#include "cpu/timing/host.h"
#include "cpu/timing/tally.h"

/*
 * A list of reports in the order in which the host gets them. In the low bits of an entry is what
 * retired, or a cause; above are cycles.
 */
#define RETIRED_MAX 512
struct retired {
	u32 list[RETIRED_MAX];
	unsigned count;
	bool overflown; /* there were more than fit */
};

/* These stand in place of a cause of stalled cycles: */
#define RETIRED_RECORD 0xff /* a record retired in this cycle, counted from the trace's first */
#define RETIRED_SHADOWS 0xfe /* so many shadows are behind what retired */
#define RETIRED_SHIFT 8

static inline unsigned retired_what(u32 entry)
{
	return entry & (BIT(RETIRED_SHIFT) - 1);
}

void retired_add(struct retired *retired, unsigned what, u64 cycles);

/* Report a list to the host: `record` is the next to retire, cycles count from `begin`. */
void retired_pass_on(const u32 *list, unsigned count, const struct timing_host *host, u64 record,
		     u64 begin);

/* In a list of events the low bits of an entry say which event, those above how often. */
#define RETIRED_COUNT_SHIFT 8
#define RETIRED_COUNT_MAX (BIT(32 - RETIRED_COUNT_SHIFT) - 1)

static inline unsigned retired_event(u32 entry)
{
	return entry & (BIT(RETIRED_COUNT_SHIFT) - 1);
}

/*
 * List the events between two counts, but for the cycle, in `room` numbers at most. Return false if
 * there are more.
 */
bool retired_counts(const u64 *from, const u64 *to, u32 *list, unsigned room, unsigned *length);

/* Add such a list to the counts, so many times. */
void retired_count(u64 *count, const u32 *list, unsigned length, u64 times);

#endif
