/* SPDX-License-Identifier: MIT */
/*
 * Tokens: what a pipeline has in place of addresses while it is a state of the memo. Each stands
 * for a place in a table of the asker's (actions.h), where the address is.
 */
#ifndef CPU_TIMING_MEMO_TOKEN_H
#define CPU_TIMING_MEMO_TOKEN_H

#include "bus/base.h"

/* No physical address begins like this, no virtual one that is canonical, no satp. */
#define ASKER_TOKEN (0xa5a5ull << 48)
#define ASKER_TOKEN_MASK (0xffffull << 48)
#define ASKER_TOKEN_SHIFT 8 /* what is added to an address, or masked off, does no harm */
#define ASKER_PLACES 512

static inline u64 asker_token(unsigned place)
{
	return ASKER_TOKEN | (u64)place << ASKER_TOKEN_SHIFT;
}

static inline bool asker_is_token(u64 address)
{
	return (address & ASKER_TOKEN_MASK) == ASKER_TOKEN;
}

static inline unsigned asker_token_place(u64 token)
{
	return (unsigned)(token >> ASKER_TOKEN_SHIFT) % ASKER_PLACES;
}

/*
 * Fields that hold addresses get tokens in their place, numbered as they are listed; what is 0 is
 * none. `from` has what was in them. How many there are.
 */
static inline unsigned asker_number(u64 *const *list, unsigned count, u64 *from)
{
	unsigned places = 0;

	for (unsigned n = 0; n < count; n++) {
		if (!*list[n])
			continue;
		from[places] = *list[n];
		*list[n] = asker_token(places++);
	}
	return places;
}

#endif
