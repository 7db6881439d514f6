/* SPDX-License-Identifier: MIT */
/*
 * Tokens are what a pipeline has in place of addresses while it is a state of the memo. Each stands
 * for a place in the table of the actions (actions.h), which has the address.
 */
#ifndef CPU_TIMING_MEMO_TOKEN_H
#define CPU_TIMING_MEMO_TOKEN_H

#include "bus/base.h"

/* No physical address begins like this, nor any virtual one that is canonical, nor a satp. */
#define MEMO_TOKEN (0xa5a5ull << 48)
#define MEMO_TOKEN_MASK (0xffffull << 48)
#define MEMO_TOKEN_SHIFT 8 /* so that adding to a token, or masking low bits off, does no harm */
#define ACTIONS_PLACES 512

static inline u64 actions_token(unsigned place)
{
	return MEMO_TOKEN | (u64)place << MEMO_TOKEN_SHIFT;
}

static inline bool actions_is_token(u64 address)
{
	return (address & MEMO_TOKEN_MASK) == MEMO_TOKEN;
}

static inline unsigned actions_token_place(u64 token)
{
	return (unsigned)(token >> MEMO_TOKEN_SHIFT) % ACTIONS_PLACES;
}

/*
 * Replace the addresses in the listed fields by tokens, numbered in the order of the list; fields
 * that are 0 have no address. `from` gets what was in them. Return how many there are.
 */
static inline unsigned actions_number(u64 *const *list, unsigned count, u64 *from)
{
	unsigned places = 0;

	for (unsigned n = 0; n < count; n++) {
		if (!*list[n])
			continue;
		from[places] = *list[n];
		*list[n] = actions_token(places++);
	}
	return places;
}

#endif
