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

void actions_reach(struct actions *actions, unsigned consumed)
{
	const struct timing_host *host = actions->host;

	if (actions->run && host->reached)
		host->reached(host->ctx, actions->run, actions->base + consumed);
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

/* A set of places, with a bit for each place. */
struct related {
	u64 first, above;
	bool all; /* each of the addresses is a token of a place that can be compared */
};

/*
 * Returns the places of addresses. No branch depends on them, because the host would mispredict it.
 */
static struct related places_of(const u64 *addresses, unsigned count)
{
	const u64 high = (u64)(ACTIONS_PLACES - ACTIONS_PLACES_RELATED) << MEMO_TOKEN_SHIFT;
	struct related related = { 0 };
	u64 wrong = 0;

	for (unsigned n = 0; n < count; n++) {
		unsigned place = actions_token_place(addresses[n]);
		u64 bit = BIT(place % ACTIONS_PLACES_MASKED);

		wrong |= (addresses[n] ^ MEMO_TOKEN) & (MEMO_TOKEN_MASK | high);
		related.first |= place < ACTIONS_PLACES_MASKED ? bit : 0;
		related.above |= place < ACTIONS_PLACES_MASKED ? 0 : bit;
	}
	related.all = !wrong;
	return related;
}

/*
 * Compares addresses, of which some have no place that can be compared. The trace is then not kept.
 */
static u32 same_unrecorded(struct actions *actions, u64 mask, u64 address, const u64 *others,
			   unsigned count)
{
	u32 found = 0;

	actions_refuse(actions);
	address = actions_resolve(actions, address);
	for (unsigned n = 0; n < count; n++)
		found |= (u32) !((actions_resolve(actions, others[n]) ^ address) & mask) << n;
	return found;
}

/* Performs the action that compares an address with the places in `places`, at least one. */
static u64 act_same(struct actions *actions, u8 kind, u64 mask, u64 address, u64 places)
{
	const struct memo_action action = {
		.kind = kind, .which = (u8)actions_token_place(address), .how = MEMO_ALWAYS,
		.a = mask, .b = places,
	};

	return actions_do(actions, &action);
}

u32 actions_same(struct actions *actions, u64 mask, u64 address, const u64 *others, unsigned count)
{
	struct related places = { 0 };
	u64 first = 0, above = 0;
	u32 found = 0;

	if (!count)
		return 0;
	if (actions)
		places = places_of(others, count);
	if (!places.all || !places_of(&address, 1).all)
		return same_unrecorded(actions, mask, address, others, count);
	if (places.first)
		first = act_same(actions, ACTION_SAME, mask, address, places.first);
	if (places.above)
		above = act_same(actions, ACTION_SAME_ABOVE, mask, address, places.above);
	for (unsigned n = 0; (first | above) && n < count; n++) {
		unsigned place = actions_token_place(others[n]);
		u64 same = place < ACTIONS_PLACES_MASKED ? first : above;

		found |= (u32)(same >> place % ACTIONS_PLACES_MASKED & 1) << n;
	}
	return found;
}

u64 actions_bits(struct actions *actions, u64 address, u64 mask)
{
	const struct memo_action action = {
		.kind = ACTION_BITS, .how = MEMO_ALWAYS, .a = address, .b = mask,
	};

	return actions ? actions_do(actions, &action) : address & mask;
}
