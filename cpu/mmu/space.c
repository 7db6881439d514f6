/* SPDX-License-Identifier: MIT */
/* Address spaces: their numbers, replacement and forgetting (see space.h). */
#include "cpu/mmu/space.h"

#include "cpu/hart/exception.h"

#include <string.h>

_Static_assert(TLB_SPACES_MAX >= 2 * TLB_VIEWS_MAX + 2 && TLB_SPACES_MIN >= 2 * TLB_VIEWS_MIN + 2,
	       "a space without a view can always be found");
_Static_assert(TLB_VIEWS_MAX < 32 && TLB_SPACES_MAX <= 64, "views and spaces are bits of words");
#define NO_VIEW ((u32)BIT(31))

void spaces_init(struct spaces *spaces)
{
	for (unsigned n = 0; n < TLB_SPACES; n++)
		spaces->space[n].bit = BIT(n);
}

static void space_number(struct spaces *spaces, struct space *space)
{
	space->number = ++spaces->numbers;
	space->salt = (space->number * 0x9e3779b97f4a7c15ull >> 32) << PAGE_SHIFT;
}

/* Gives the space a number that no entry has. */
static void space_renumber(struct spaces *spaces, struct space *space)
{
	if (spaces->numbers == SPACE_NUMBERS - 1) {
		memset(spaces->page, 0, sizeof(spaces->page));
		memset(spaces->table, 0, sizeof(spaces->table));
		spaces->numbers = 0;
		for (unsigned n = 0; n < TLB_SPACES; n++)
			space_number(spaces, &spaces->space[n]);
	}
	space_number(spaces, space);
	space->last.table = NULL;
}

void space_flush(struct spaces *spaces, struct space *space)
{
	space_renumber(spaces, space);
}

/*
 * Returns the least recently selected space that neither a view nor another space needs. The caller
 * gives it to another regime.
 */
static struct space *space_replaced(struct spaces *spaces)
{
	struct space *oldest = NULL;
	u64 needed = 0;

	for (unsigned n = 0; n < TLB_SPACES; n++)
		if (spaces->space[n].selected && spaces->space[n].below)
			needed |= BIT(spaces->space[n].below - spaces->space);
	for (unsigned n = 0; n < TLB_SPACES; n++) {
		struct space *space = &spaces->space[n];

		if (space->views || (needed >> n & 1))
			continue;
		if (!oldest || space->selected < oldest->selected)
			oldest = space;
	}
	assert(oldest);
	return oldest;
}

static struct space *space_search(struct spaces *spaces, const struct regime *regime)
{
	for (unsigned n = 0; n < TLB_SPACES; n++) {
		struct space *space = &spaces->space[n];

		if (space->selected && !memcmp(&space->regime, regime, sizeof(*regime)))
			return space;
	}
	return NULL;
}

static struct space *space_of(struct spaces *spaces, const struct regime *regime, u64 selection)
{
	struct space *space = space_search(spaces, regime);

	if (!space) {
		space = space_replaced(spaces);
		space_renumber(spaces, space);
		space->regime = *regime;
		space->below = NULL;
		space->is_below = false;
	}
	space->selected = selection;
	return space;
}

struct space *space_take(struct spaces *spaces, const struct regime *regime, u64 selection)
{
	struct regime own = *regime;
	struct space *space;

	own.priv = own.priv == PRIV_M ? PRIV_M : PRIV_S;
	own.sum = own.mxr = own.vs_mxr = false;
	own.pmlen = 0;
	own.pm_physical = false;
	space = space_of(spaces, &own, selection);
	if (!own.s1.levels || !own.s2.levels || space->below)
		return space;
	/*
	 * The new space has no view yet, and must not be replaced when the space below it is found.
	 */
	own.s1 = (struct stage){ 0 };
	own.asid = 0;
	space->views |= NO_VIEW;
	space->below = space_of(spaces, &own, selection);
	space->below->is_below = true;
	space->views &= ~NO_VIEW;
	return space;
}

void space_forget_page(struct spaces *spaces, const struct space *space, u64 va)
{
	struct space_page *page = space_page_of(spaces, space, va);

	/* An empty entry has the tag of address 0 in spaces->none, so it must grant nothing. */
	if (page->tag == space_tag(space, va))
		*page = (struct space_page){ 0 };
}

void space_forget_table(struct spaces *spaces, struct space *space, u64 va, unsigned level)
{
	u64 tag = space_table_tag(space, va, level);
	struct space_table *table = space_table_of(spaces, tag);

	if (table->tag == tag)
		table->tag = 0;
	space->last.table = NULL;
}
