/* SPDX-License-Identifier: MIT */
/*
 * What comes of a piece of program that goes into a memo (memo.h), beside the state behind it, as
 * lists of numbers: what the host is told as time goes by, and what is counted.
 */
#ifndef CPU_TIMING_MEMO_RETIRED_H
#define CPU_TIMING_MEMO_RETIRED_H

#include "cpu/timing/host.h"
#include "cpu/timing/tally.h"

/* In the order in which the host is told: below, who or what; above, cycles. */
#define TOLD_MAX 512
struct told {
	u32 list[TOLD_MAX];
	unsigned count;
	bool overflown; /* there was more */
};

/* Instead of a cause of which so many cycles were spent: */
#define TOLD_LEFT 0xff /* a record left in this cycle, from the piece's first */
#define TOLD_SHADOWS 0xfe /* of what left: so many records */
#define TOLD_SHIFT 8

static inline unsigned told_what(u32 entry)
{
	return entry & (BIT(TOLD_SHIFT) - 1);
}

void told_add(struct told *told, unsigned what, u64 cycles);

/* Tell the host a list: `record` is the next to leave, cycles count from `begin`. */
void told_pass_on(const u32 *list, unsigned count, const struct timing_host *host, u64 record,
		  u64 begin);

/* Of a list of events: below, which; above, how often. */
#define TOLD_COUNT_SHIFT 8
#define TOLD_COUNT_MAX (BIT(32 - TOLD_COUNT_SHIFT) - 1)

static inline unsigned told_event(u32 entry)
{
	return entry & (BIT(TOLD_COUNT_SHIFT) - 1);
}

/* Events between two counts, but for the cycle, in `room` numbers. False: too many. */
bool told_counts(const u64 *from, const u64 *to, u32 *list, unsigned room, unsigned *length);

/* Count such a list, so many times. */
void told_count(u64 *count, const u32 *list, unsigned length, u64 times);

#endif
