/* SPDX-License-Identifier: MIT */
/*
 * Tokens stand for addresses in a pipeline that is a state of the memo. A token names a place in
 * the table of the actions (actions.h), which has the address.
 */
#ifndef CPU_TIMING_MEMO_TOKEN_H
#define CPU_TIMING_MEMO_TOKEN_H

#include "bus/base.h"

/* No physical address, canonical virtual address or satp begins with these bits. */
#define MEMO_TOKEN (0xa5a5ull << 48)
#define MEMO_TOKEN_MASK (0xffffull << 48)
#define MEMO_TOKEN_SHIFT 8 /* low bits that additions and masks may change */
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
 * Replaces the addresses in the listed fields by tokens, numbered in the order of the list, and
 * writes the addresses to `from`. Fields that are 0 have no address. Returns the number of
 * addresses.
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
