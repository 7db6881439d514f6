/* SPDX-License-Identifier: MIT */
/*
 * The translations that a hart may remember until they are fenced (see unfenced.h), in a hash
 * table. A fence does not empty slots, it only notes which translations have ended. `when` and
 * `now` are a time that counts the pages that were entered.
 */
#include "cpu/mmu/unfenced.h"

#include "cpu/mmu/grant.h"
#include "cpu/mmu/walk.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 1024
#define SLOTS_MAX (2 * UNFENCED_PAGES)

struct slot {
	/* the page's first address; the one it translates to, with the grants in the low bits */
	u64 at, page;
	u64 when; /* the time when it was entered */
	u64 ends; /* it ends when `orders` reaches this */
	u32 space;
	u8 shift; /* its size is 1 << shift; 0: never used */
};

struct place {
	struct unfenced_space key;
	u64 ended; /* what was entered before this time has ended */
	u64 before, ends; /* what was entered before `before` ends when `orders` reaches `ends` */
};

struct unfenced {
	struct slot *slots;
	u64 slot_count; /* a power of two */
	u64 used; /* the number of slots in use, also by translations that have ended */
	u64 shifts; /* the sizes of the pages that were entered, each a power of two, combined */
	u64 now; /* the time: how many pages were entered */
	u64 ordered; /* what was entered before this time is older than the last SFENCE.W.INVAL */
	u64 orders; /* how many SFENCE.INVAL.IR, or fences that order like it, were executed */
	struct place place[UNFENCED_SPACES];
	unsigned places;
	unsigned last[2]; /* for each stage, the number of the place that was found last */
};

struct unfenced *unfenced_create(void)
{
	struct unfenced *unfenced = calloc(1, sizeof(*unfenced));

	if (!unfenced)
		return NULL;
	unfenced->slots = calloc(SLOTS_MIN, sizeof(*unfenced->slots));
	unfenced->slot_count = SLOTS_MIN;
	if (unfenced->slots)
		return unfenced;
	free(unfenced);
	return NULL;
}

void unfenced_free(struct unfenced *unfenced)
{
	if (!unfenced)
		return;
	free(unfenced->slots);
	free(unfenced);
}

void unfenced_forget_all(struct unfenced *unfenced)
{
	memset(unfenced->slots, 0, unfenced->slot_count * sizeof(*unfenced->slots));
	unfenced->used = 0;
	unfenced->shifts = 0;
	unfenced->places = 0;
}

/* Returns the number of the place of a space; makes one if there is none. */
static unsigned place_take(struct unfenced *unfenced, const struct unfenced_space *space)
{
	unsigned *last = &unfenced->last[space->second];
	unsigned n = *last;

	if (n < unfenced->places && !memcmp(&unfenced->place[n].key, space, sizeof(*space)))
		return n;
	for (n = 0; n < unfenced->places; n++)
		if (!memcmp(&unfenced->place[n].key, space, sizeof(*space)))
			return *last = n;
	if (n == UNFENCED_SPACES) {
		unfenced_forget_all(unfenced);
		n = 0;
	}
	unfenced->place[n] = (struct place){ .key = *space };
	unfenced->places = n + 1;
	return *last = n;
}

static u64 place_ended(const struct unfenced *unfenced, const struct place *place)
{
	return unfenced->orders >= place->ends ? MAX(place->ended, place->before) : place->ended;
}

static bool slot_lives(const struct unfenced *unfenced, const struct slot *slot)
{
	return unfenced->orders < slot->ends &&
	       slot->when >= place_ended(unfenced, &unfenced->place[slot->space]);
}

/* Returns the slot that has a page, or the free one in which it belongs. */
static struct slot *slot_of(const struct unfenced *unfenced, unsigned space, u64 at, u8 shift)
{
	u64 hash = ((at >> PAGE_SHIFT) + ((u64)space << 40) + shift) * 0x9e3779b97f4a7c15ull;

	for (u64 n = hash >> 32;; n++) {
		struct slot *slot = &unfenced->slots[n & (unfenced->slot_count - 1)];

		if (!slot->shift ||
		    (slot->at == at && slot->space == space && slot->shift == shift))
			return slot;
	}
}

/* Calls a function with each page of the space that covers the address. */
static void each_cover(struct unfenced *unfenced, unsigned space, u64 at,
		       void (*call)(void *ctx, struct slot *slot), void *ctx)
{
	for (u64 left = unfenced->shifts; left; left &= left - 1) {
		u8 shift = (u8)__builtin_ctzll(left);
		struct slot *slot = slot_of(unfenced, space, at >> shift << shift, shift);

		if (slot->shift && slot_lives(unfenced, slot))
			call(ctx, slot);
	}
}

static void note_smallest(void *ctx, struct slot *slot)
{
	struct slot **found = ctx;

	if (!*found)
		*found = slot;
}

static void note_end(void *ctx, struct slot *slot)
{
	(void)ctx;
	slot->ends = 0;
}

bool unfenced_find(struct unfenced *unfenced, const struct unfenced_space *space,
		   struct unfenced_page *page)
{
	struct slot *slot = NULL;

	each_cover(unfenced, place_take(unfenced, space), page->at, note_smallest, &slot);
	if (!slot)
		return false;
	page->to = (slot->page & PAGE_MASK) + (page->at - slot->at);
	page->grants = slot->page & ~PAGE_MASK;
	return true;
}

/*
 * Moves the translations that have not ended to a new table of `count` slots; returns false when
 * out of memory.
 */
static bool slots_move(struct unfenced *unfenced, u64 count)
{
	struct slot *old = unfenced->slots;
	u64 old_count = unfenced->slot_count;
	struct slot *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return false;
	unfenced->slots = slots;
	unfenced->slot_count = count;
	unfenced->used = 0;
	for (u64 n = 0; n < old_count; n++) {
		if (!old[n].shift || !slot_lives(unfenced, &old[n]))
			continue;
		*slot_of(unfenced, old[n].space, old[n].at, old[n].shift) = old[n];
		unfenced->used++;
	}
	free(old);
	return true;
}

/* Makes room for another page, so that at least half of the slots are free. */
static void slots_room(struct unfenced *unfenced)
{
	u64 count = unfenced->slot_count, living = 0;

	if (unfenced->used < count / 2)
		return;
	for (u64 n = 0; n < count; n++)
		living += unfenced->slots[n].shift && slot_lives(unfenced, &unfenced->slots[n]);
	if (living > count / 4)
		count = MIN(2 * count, (u64)SLOTS_MAX);
	/*
	 * The largest table cannot grow. If moving it freed only a few slots, it would be moved
	 * again and again, so everything is forgotten then.
	 */
	if (living > count / 16 * 7 || !slots_move(unfenced, count))
		unfenced_forget_all(unfenced);
}

void unfenced_enter(struct unfenced *unfenced, const struct unfenced_space *space,
		    const struct walk_step *step)
{
	/* The trace has the entry as it was before the walk set A and D. */
	u64 sets = step->access.type == ACCESS_STORE ? PTE_A | PTE_D : PTE_A;
	u64 size, page = walk_leaf_page(step->pte, step->level, &size);
	u8 shift = (u8)__builtin_ctzll(size);
	struct slot *slot;
	unsigned n;

	slots_room(unfenced);
	n = place_take(unfenced, space);
	each_cover(unfenced, n, step->addr, note_end, NULL);
	slot = slot_of(unfenced, n, align_down(step->addr, size), shift);
	unfenced->used += !slot->shift;
	unfenced->shifts |= size;
	*slot = (struct slot){
		.at = align_down(step->addr, size),
		.page = page | grant_pte(&space->stage, step->pte | (step->sets ? sets : 0)),
		.when = ++unfenced->now,
		.ends = UINT64_MAX,
		.space = n,
		.shift = shift,
	};
}

static bool fence_concerns(const struct unfenced_fence *fence, const struct unfenced_space *space)
{
	return space->virt == fence->virt && space->second == fence->second &&
	       !(fence->has_vmid && space->vmid != fence->vmid) &&
	       !(fence->has_asid && space->asid != fence->asid);
}

/* Translations that were entered before the time `before` end when `orders` reaches `ends`. */
struct ending {
	u64 before, ends;
};

static void note_fence(void *ctx, struct slot *slot)
{
	const struct ending *ending = ctx;

	if (slot->when < ending->before)
		slot->ends = MIN(slot->ends, ending->ends);
}

void unfenced_fence(struct unfenced *unfenced, const struct unfenced_fence *fence)
{
	struct ending ending = { unfenced->now + 1, unfenced->orders };

	if (fence->invalidates)
		ending = (struct ending){ unfenced->ordered, unfenced->orders + 1 };
	for (unsigned n = 0; n < unfenced->places; n++) {
		struct place *place = &unfenced->place[n];

		if (!fence_concerns(fence, &place->key))
			continue;
		if (fence->has_at) {
			each_cover(unfenced, n, fence->at, note_fence, &ending);
			continue;
		}
		place->ended = place_ended(unfenced, place);
		place->before = ending.before;
		place->ends = ending.ends;
	}
	if (fence->invalidates)
		return;
	unfenced_order_stores(unfenced);
	unfenced_order_reads(unfenced);
}

void unfenced_order_stores(struct unfenced *unfenced)
{
	unfenced->ordered = unfenced->now + 1;
}

void unfenced_order_reads(struct unfenced *unfenced)
{
	unfenced->orders++;
}
