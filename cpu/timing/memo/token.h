/* SPDX-License-Identifier: MIT */
/*
 * Tokens: what a pipeline has in place of addresses while it is a state of the memo. Each stands
 * for a place in a table of the actions' (actions.h), where the address is.
 */
#ifndef CPU_TIMING_MEMO_TOKEN_H
#define CPU_TIMING_MEMO_TOKEN_H

#include "bus/base.h"

/* No physical address begins like this, no virtual one that is canonical, no satp. */
#define MEMO_TOKEN (0xa5a5ull << 48)
#define MEMO_TOKEN_MASK (0xffffull << 48)
#define MEMO_TOKEN_SHIFT 8 /* what is added to an address, or masked off, does no harm */
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
 * Fields that hold addresses get tokens in their place, numbered as they are listed; what is 0 is
 * none. `from` has what was in them. How many there are.
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
