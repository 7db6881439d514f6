/* SPDX-License-Identifier: MIT */
/* What comes of a piece of program. See retired.h. */
#include "cpu/timing/memo/retired.h"

void told_add(struct told *told, unsigned what, u64 cycles)
{
	u32 *last = told->count ? &told->list[told->count - 1] : NULL;
	u64 sum = cycles;

	if (last && what != TOLD_LEFT && told_what(*last) == what) {
		sum += *last >> TOLD_SHIFT;
		told->count--;
	}
	told->overflown |= told->count == TOLD_MAX || sum >> (32 - TOLD_SHIFT);
	if (!told->overflown)
		told->list[told->count++] = (u32)(sum << TOLD_SHIFT | what);
}

void told_pass_on(const u32 *list, unsigned count, const struct timing_host *host, u64 record,
		  u64 begin)
{
	for (unsigned n = 0; n < count; n++) {
		unsigned what = told_what(list[n]);
		u64 cycles = list[n] >> TOLD_SHIFT;

		if (what == TOLD_SHADOWS)
			record += cycles;
		else if (what != TOLD_LEFT && host->spend)
			host->spend(host->ctx, what, cycles);
		if (what == TOLD_LEFT && host->commit)
			host->commit(host->ctx, record, begin + cycles);
		record += what == TOLD_LEFT;
	}
}

bool told_counts(const u64 *from, const u64 *to, u32 *list, unsigned room, unsigned *length)
{
	*length = 0;
	for (unsigned event = 0; event < TIMING_EVENTS; event++) {
		u64 count = to[event] - from[event];

		if (!count || event == TIMING_CYCLES)
			continue;
		if (count > TOLD_COUNT_MAX || *length == room)
			return false;
		list[(*length)++] = (u32)(count << TOLD_COUNT_SHIFT | event);
	}
	return true;
}

void told_count(u64 *count, const u32 *list, unsigned length, u64 times)
{
	for (unsigned n = 0; n < length; n++)
		count[told_event(list[n])] += (list[n] >> TOLD_COUNT_SHIFT) * times;
}
