/* SPDX-License-Identifier: MIT */
/* Views of translations: selection, replacement and forgetting (see tlb.h). */
#include "cpu/mmu/tlb.h"

#include "bus/guard.h"
#include "cpu/mmu/grant.h"
#include "cpu/mmu/unfenced.h"

#include <string.h>
#include <sys/mman.h>

struct tlb *tlb_create(void)
{
	/* Pages that are never touched take no memory. */
	struct tlb *tlb = guard_reserve(sizeof(*tlb), TLB_VIEW_ALIGNMENT);

	if (!tlb)
		return NULL;
	if (mprotect(tlb, sizeof(*tlb), PROT_READ | PROT_WRITE)) {
		guard_release(tlb, sizeof(*tlb));
		return NULL;
	}
	spaces_init(&tlb->spaces);
	/*
	 * The views are all zeros, and none was cleared yet. A zero is the tag of page 0. Only the
	 * first entry is compared with that tag, and the last entry for an access that wraps around
	 * to page 0. Both are marked as entered, so that they are cleared before the view is used.
	 * Zeros are also a jump at pc 0.
	 */
	for (unsigned i = 0; i < TLB_VIEWS; i++) {
		tlb->view[i].entered[0] = true;
		tlb->view[i].entered[TLB_GROUPS(TLB_ENTRIES) - 1] = true;
		tlb->view[i].jump[0].pc = tlb_jump_none(0);
		tlb->view[i].has_sites = true;
	}
	return tlb;
}

void tlb_free(struct tlb *tlb)
{
	if (!tlb)
		return;
	unfenced_free(tlb->unfenced);
	guard_release(tlb, sizeof(*tlb));
}

static const struct tlb_entry no_entry = { TLB_INVALID, TLB_INVALID, TLB_INVALID, 0 };

/* Returns the first group from `from` on that has entries, or the number of groups. */
static unsigned next_group(const struct tlb_view *view, unsigned from)
{
	unsigned groups = TLB_GROUPS(TLB_ENTRIES);
	const bool *found = memchr(view->entered + from, true, groups - from);

	return found ? (unsigned)(found - view->entered) : groups;
}

static void clear_group(struct tlb_view *view, unsigned group)
{
	for (unsigned n = 0; n < MIN(TLB_GROUP, TLB_ENTRIES); n++)
		tlb_set(view, group * TLB_GROUP + n, no_entry);
}

/* Clears all sites, so that each looks up its page again. */
static void clear_sites_and_spans(struct tlb_view *view)
{
	if (!view->has_sites)
		return;
	for (unsigned n = 0; n < TLB_SITES; n++)
		view->site_page[n] = TLB_INVALID;
	/* No address is in these spans. */
	for (unsigned n = 0; n < TLB_SPANS; n++)
		view->span[n] = (struct tlb_span){ .begin = UINT64_MAX, .left = TLB_SPAN_LEFT };
	memset(view->sited, 0, sizeof(view->sited));
	view->has_sites = false;
}

static void clear_entries(struct tlb_view *view)
{
	clear_sites_and_spans(view);
	for (unsigned group = next_group(view, 0); group < TLB_GROUPS(TLB_ENTRIES);
	     group = next_group(view, group + 1))
		clear_group(view, group);
	memset(view->entered, false, sizeof(view->entered));
	if (view->wrote)
		memset(view->writer, 0, sizeof(view->writer));
	view->wrote = false;
	view->written_count = 0;
	view->stale = false;
}

void tlb_clear(struct tlb_view *view)
{
	if (!view->stale) {
		tlb_jumps_clear_gone(view);
		return;
	}
	clear_entries(view);
	tlb_jumps_clear(view);
}

/*
 * Returns whether the view belongs to the regime. Three comparisons of 16 bytes cost less than a
 * call of memcmp().
 */
static inline bool is_of(const struct tlb_view *view, const struct regime *regime)
{
	u128 one[3], other[3];

	_Static_assert(sizeof(one) == sizeof(*regime), "a regime is three pieces");
	memcpy(one, &view->regime, sizeof(one));
	memcpy(other, regime, sizeof(other));
	return view->selected && !((one[0] ^ other[0]) | (one[1] ^ other[1]) | (one[2] ^ other[2]));
}

/*
 * Returns the hint of a regime: the number of the view that it probably has. Regimes that are
 * selected shortly after each other differ in these fields.
 */
static u8 *tlb_hint(struct tlb *tlb, const struct regime *regime)
{
	unsigned mode = regime->priv | (unsigned)regime->virt << 2 | (unsigned)regime->sum << 3;

	return &tlb->likely[(mode | (unsigned)regime->asid << 4) % TLB_HINTS];
}

/*
 * Returns the view of the regime. If there is none, returns the least recently selected view, which
 * the caller replaces.
 */
static struct tlb_view *tlb_search(struct tlb *tlb, const struct regime *regime)
{
	struct tlb_view *oldest = &tlb->view[0];

	for (unsigned n = 0; n < TLB_VIEWS; n++) {
		if (is_of(&tlb->view[n], regime))
			return &tlb->view[n];
		if (tlb->view[n].selected < oldest->selected)
			oldest = &tlb->view[n];
	}
	return oldest;
}

/* Gives a view to a regime. */
static void tlb_give(struct tlb *tlb, struct tlb_view *view, const struct regime *regime)
{
	u32 bit = 1u << (view - tlb->view);

	if (view->space)
		view->space->views &= ~bit;
	view->space = space_take(&tlb->spaces, regime, tlb->selections + 1);
	view->space->views |= bit;
	view->probed = regime->pmlen ? &tlb->spaces.none : view->space;
	view->regime = *regime;
	view->needs = grant_needs(regime);
	view->stale = true;
	view->given++;
	tlb->changes++;
}

static struct tlb_view *tlb_take(struct tlb *tlb, const struct regime *regime)
{
	struct tlb_view *view = tlb_search(tlb, regime);

	if (!is_of(view, regime))
		tlb_give(tlb, view, regime);
	*tlb_hint(tlb, regime) = (u8)(view - tlb->view);
	return view;
}

struct tlb_view *tlb_select(struct tlb *tlb, const struct regime *regime)
{
	struct tlb_view *view = &tlb->view[*tlb_hint(tlb, regime)];

	if (unlikely(!is_of(view, regime)))
		view = tlb_take(tlb, regime);
	view->selected = ++tlb->selections;
	tlb_refresh(view);
	return view;
}

void tlb_forget_all(struct tlb *tlb)
{
	for (unsigned i = 0; i < TLB_VIEWS; i++)
		tlb->view[i].stale = true;
	tlb->changes++;
	tlb->memory.size = 0;
	for (unsigned n = 0; n < TLB_SPACES; n++)
		if (tlb->spaces.space[n].selected)
			space_flush(&tlb->spaces, &tlb->spaces.space[n]);
}

void tlb_flush_all(struct tlb *tlb)
{
	tlb_forget_all(tlb);
	if (tlb->unfenced)
		unfenced_forget_all(tlb->unfenced);
}

void tlb_forget_page(struct tlb *tlb, struct space *space, u64 va, bool executable)
{
	space_forget_page(&tlb->spaces, space, va);
	for (u32 left = space->views; left; left &= left - 1) {
		struct tlb_view *view = &tlb->view[__builtin_ctz(left)];

		if (view->stale)
			continue;
		tlb_set(view, tlb_index(va), no_entry);
		if (view->sited[(va >> PAGE_SHIFT) % TLB_SITED])
			clear_sites_and_spans(view);
		if (executable)
			tlb->changes += tlb_jumps_lose_page(view, va);
	}
}

void tlb_forget_space(struct tlb *tlb, struct space *space)
{
	space_flush(&tlb->spaces, space);
	for (u32 left = space->views; left; left &= left - 1)
		tlb->view[__builtin_ctz(left)].stale = true;
	tlb->changes++;
}

void tlb_forget_code(struct tlb *tlb, const struct tlb_range *blocks)
{
	for (unsigned i = 0; i < TLB_VIEWS; i++)
		tlb_jumps_lose_code(&tlb->view[i], blocks);
	tlb->changes++;
}

static void protect_entry(struct tlb_view *view, unsigned n, u64 host_page)
{
	if (view->write[n] + view->addend[n] == host_page)
		view->write[n] = TLB_INVALID;
}

static void protect_view(struct tlb_view *view, u64 host_page)
{
	unsigned writer = *tlb_writer(view, host_page);

	clear_sites_and_spans(view);
	if (writer && writer != TLB_WRITERS)
		protect_entry(view, writer - 1, host_page);
	if (writer != TLB_WRITERS)
		return;
	for (unsigned group = next_group(view, 0); group < TLB_GROUPS(TLB_ENTRIES);
	     group = next_group(view, group + 1))
		for (unsigned n = 0; n < MIN(TLB_GROUP, TLB_ENTRIES); n++)
			protect_entry(view, group * TLB_GROUP + n, host_page);
}

void tlb_protect(struct tlb *tlb, u64 host_page)
{
	for (unsigned i = 0; i < TLB_VIEWS; i++) {
		struct tlb_view *view = &tlb->view[i];

		/* A stale view is cleared before it is used. */
		if (view->selected && !view->stale)
			protect_view(view, host_page);
	}
}

void tlb_forget_writes(struct tlb *tlb)
{
	for (unsigned i = 0; i < TLB_VIEWS; i++) {
		struct tlb_view *view = &tlb->view[i];
		bool all = view->written_count == TLB_WRITTEN;
		unsigned count = all ? TLB_ENTRIES : view->written_count;

		for (unsigned n = 0; n < count; n++)
			view->write[all ? n : view->written[n]] = TLB_INVALID;
		view->written_count = 0;
		clear_sites_and_spans(view);
	}
}
