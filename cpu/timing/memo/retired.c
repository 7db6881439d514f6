/* SPDX-License-Identifier: MIT */
/* The outcome of a trace, as lists of numbers. See retired.h. */
#include "cpu/timing/memo/retired.h"

void retired_add(struct retired *retired, unsigned what, u64 cycles)
{
	u32 *last = retired->count ? &retired->list[retired->count - 1] : NULL;
	u64 sum = cycles;

	if (last && what != RETIRED_RECORD && retired_what(*last) == what) {
		sum += *last >> RETIRED_SHIFT;
		retired->count--;
	}
	retired->overflown |= retired->count == RETIRED_MAX || sum >> (32 - RETIRED_SHIFT);
	if (!retired->overflown)
		retired->list[retired->count++] = (u32)(sum << RETIRED_SHIFT | what);
}

void retired_pass_on(const u32 *list, unsigned count, const struct timing_host *host, u64 record,
		     u64 begin)
{
	for (unsigned n = 0; n < count; n++) {
		unsigned what = retired_what(list[n]);
		u64 cycles = list[n] >> RETIRED_SHIFT;

		if (what == RETIRED_SHADOWS)
			record += cycles;
		else if (what != RETIRED_RECORD && host->attribute)
			host->attribute(host->ctx, what, cycles);
		if (what == RETIRED_RECORD && host->commit)
			host->commit(host->ctx, record, begin + cycles);
		record += what == RETIRED_RECORD;
	}
}

bool retired_counts(const u64 *from, const u64 *to, u32 *list, unsigned room, unsigned *length)
{
	*length = 0;
	for (unsigned event = 0; event < TIMING_EVENTS; event++) {
		u64 count = to[event] - from[event];

		if (!count || event == TIMING_CYCLES)
			continue;
		if (count > RETIRED_COUNT_MAX || *length == room)
			return false;
		list[(*length)++] = (u32)(count << RETIRED_COUNT_SHIFT | event);
	}
	return true;
}

void retired_count(u64 *count, const u32 *list, unsigned length, u64 times)
{
	for (unsigned n = 0; n < length; n++)
		count[retired_event(list[n])] += (list[n] >> RETIRED_COUNT_SHIFT) * times;
}
