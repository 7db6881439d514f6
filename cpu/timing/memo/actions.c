/* SPDX-License-Identifier: MIT */
/* What a model asks while a memo writes it down; see actions.h. */
#include "cpu/timing/memo/actions.h"

#include "cpu/timing/run.h"

#include <string.h>

_Static_assert(TIMING_EVENTS <= ASKER_COUNT_MODE, "events have numbers of their own");

u64 asker_ask(struct asker *asker, const struct memo_question *question)
{
	return memo_ask(&asker->tape, question, asker);
}

void asker_reach(struct asker *asker, unsigned taken)
{
	const struct timing_host *host = asker->host;

	if (asker->run && host->reached)
		host->reached(host->ctx, asker->run, asker->base + taken);
}

const u64 *asker_operands(const struct asker *asker, unsigned which)
{
	const struct timing_run *run = asker->run;
	unsigned at = 0;

	if (asker->records)
		return &asker->records[which - 1].a;
	for (unsigned n = 0; n < which - 1; n++)
		at += run->block->insn[n].words;
	return &run->operand[at];
}

void asker_count(struct asker *asker, const struct timing_tally *tally)
{
	unsigned length;

	if (!told_counts(asker->counted, tally->count, &asker->counts[asker->counts_count],
			ASKER_COUNTS_MAX - asker->counts_count, &length))
		asker_refuse(asker);
	asker->counts_count += length;
	memcpy(asker->counted, tally->count, sizeof(asker->counted));
}

void asker_enter(struct asker *asker, const struct timing_tally *tally)
{
	u32 *list;

	asker_count(asker, tally);
	if (ASKER_COUNTS_MAX - asker->counts_count < 2) {
		asker_refuse(asker);
		return;
	}
	list = &asker->counts[asker->counts_count];
	list[0] = (u32)tally->mode << TOLD_COUNT_SHIFT | ASKER_COUNT_MODE;
	list[1] = (u32)(tally->count[TIMING_CYCLES] - asker->begin);
	asker->counts_count += 2;
	asker->entered = true;
}

/* The places of addresses: a bit for each. False: one has none that can be related. */
static bool places_of(const u64 *addresses, unsigned count, u64 *places)
{
	*places = 0;
	for (unsigned n = 0; n < count; n++) {
		unsigned place = asker_token_place(addresses[n]);

		if (!asker_is_token(addresses[n]) || place >= ASKER_PLACES_RELATED)
			return false;
		*places |= BIT(place);
	}
	return true;
}

u32 asker_same(struct asker *asker, u64 mask, u64 address, const u64 *others, unsigned count)
{
	u64 places, same, own;
	struct memo_question question;
	u32 found = 0;

	if (!count)
		return 0;
	if (!asker || !places_of(others, count, &places) || !places_of(&address, 1, &own)) {
		asker_refuse(asker);
		address = asker_resolve(asker, address);
		for (unsigned n = 0; n < count; n++)
			found |= (u32)!((asker_resolve(asker, others[n]) ^ address) & mask) << n;
		return found;
	}
	question = (struct memo_question){
		.kind = ASK_SAME, .which = (u8)asker_token_place(address), .how = MEMO_ALWAYS,
		.a = mask, .b = places,
	};
	same = asker_ask(asker, &question);
	for (unsigned n = 0; n < count; n++)
		found |= (u32)(same >> asker_token_place(others[n]) & 1) << n;
	return found;
}

u64 asker_bits(struct asker *asker, u64 address, u64 mask)
{
	const struct memo_question question = {
		.kind = ASK_BITS, .how = MEMO_ALWAYS, .a = address, .b = mask,
	};

	return asker ? asker_ask(asker, &question) : address & mask;
}
