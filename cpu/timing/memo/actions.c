/* SPDX-License-Identifier: MIT */
/* The actions of a trace that is being recorded; see actions.h. */
#include "cpu/timing/memo/actions.h"

#include "cpu/timing/run.h"

#include <string.h>

_Static_assert(TIMING_EVENTS <= ACTIONS_COUNT_MODE, "events have numbers of their own");

u64 actions_do(struct actions *actions, const struct memo_action *action)
{
	return memo_log_do(&actions->log, action, actions);
}

void actions_reach(struct actions *actions, unsigned taken)
{
	const struct timing_host *host = actions->host;

	if (actions->run && host->reached)
		host->reached(host->ctx, actions->run, actions->base + taken);
}

const u64 *actions_operands(const struct actions *actions, unsigned which)
{
	const struct timing_run *run = actions->run;
	unsigned at = 0;

	if (actions->records)
		return &actions->records[which - 1].a;
	for (unsigned n = 0; n < which - 1; n++)
		at += run->block->insn[n].words;
	return &run->operand[at];
}

void actions_count(struct actions *actions, const struct timing_tally *tally)
{
	unsigned length;

	if (!retired_counts(actions->counted, tally->count, &actions->counts[actions->counts_count],
			    ACTIONS_COUNTS_MAX - actions->counts_count, &length))
		actions_refuse(actions);
	actions->counts_count += length;
	memcpy(actions->counted, tally->count, sizeof(actions->counted));
}

void actions_enter(struct actions *actions, const struct timing_tally *tally)
{
	u32 *list;

	actions_count(actions, tally);
	if (ACTIONS_COUNTS_MAX - actions->counts_count < 2) {
		actions_refuse(actions);
		return;
	}
	list = &actions->counts[actions->counts_count];
	list[0] = (u32)tally->mode << RETIRED_COUNT_SHIFT | ACTIONS_COUNT_MODE;
	list[1] = (u32)(tally->count[TIMING_CYCLES] - actions->begin);
	actions->counts_count += 2;
	actions->entered = true;
}

/*
 * Find the places of addresses, a bit for each. Return false if one has no place that can be
 * related.
 */
static bool places_of(const u64 *addresses, unsigned count, u64 *places)
{
	*places = 0;
	for (unsigned n = 0; n < count; n++) {
		unsigned place = actions_token_place(addresses[n]);

		if (!actions_is_token(addresses[n]) || place >= ACTIONS_PLACES_RELATED)
			return false;
		*places |= BIT(place);
	}
	return true;
}

u32 actions_same(struct actions *actions, u64 mask, u64 address, const u64 *others, unsigned count)
{
	u64 places, same, own;
	struct memo_action action;
	u32 found = 0;

	if (!count)
		return 0;
	if (!actions || !places_of(others, count, &places) || !places_of(&address, 1, &own)) {
		actions_refuse(actions);
		address = actions_resolve(actions, address);
		for (unsigned n = 0; n < count; n++)
			found |= (u32) !((actions_resolve(actions, others[n]) ^ address) & mask)
				 << n;
		return found;
	}
	action = (struct memo_action){
		.kind = ACTION_SAME, .which = (u8)actions_token_place(address), .how = MEMO_ALWAYS,
		.a = mask, .b = places,
	};
	same = actions_do(actions, &action);
	for (unsigned n = 0; n < count; n++)
		found |= (u32)(same >> actions_token_place(others[n]) & 1) << n;
	return found;
}

u64 actions_bits(struct actions *actions, u64 address, u64 mask)
{
	const struct memo_action action = {
		.kind = ACTION_BITS, .how = MEMO_ALWAYS, .a = address, .b = mask,
	};

	return actions ? actions_do(actions, &action) : address & mask;
}
