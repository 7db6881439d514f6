/* SPDX-License-Identifier: MIT */
/*
 * Lookups by walks in remembered data: page tables (space.h; a page-walk cache) and memory. All are
 * inlined, and call nothing.
 */
#ifndef CPU_MMU_WALK_CACHED_H
#define CPU_MMU_WALK_CACHED_H

#include "cpu/hart/hart.h"
#include "cpu/mmu/grant.h"
#include "cpu/mmu/table_watch.h"
#include "cpu/mmu/tlb.h"

/* The bits that are the same in nearly all leaves, and their values there: a "usual" leaf. */
#define WALK_LEAF_BITS (PTE_V | PTE_R | PTE_A | PTE_RESERVED | PTE_PBMT | PTE_N)
#define WALK_LEAF (PTE_V | PTE_R | PTE_A)

/* An entry of a remembered page table. */
struct walk_entry {
	struct watched_table *table;
	unsigned level, index;
	u64 pte;
};

/* Returns the stage of a space; the first one of two. */
static ALWAYS_INLINE const struct stage *walk_stage(const struct space *space)
{
	return space->regime.s1.levels ? &space->regime.s1 : &space->regime.s2;
}

/*
 * Returns whether the address is in range: virtual addresses are sign-extended, guest physical ones
 * zero-extended.
 */
static ALWAYS_INLINE bool walk_in_range(const struct stage *stage, u64 addr)
{
	unsigned width = PAGE_SHIFT + PTE_LEVEL_BITS * stage->levels + stage->widen;

	return stage->user ? addr >> width == 0 : (u64)sext(addr, width) == addr;
}

static ALWAYS_INLINE struct walk_entry walk_entry_of(struct watched_table *table, unsigned level,
						     u64 va)
{
	unsigned index = va >> (PAGE_SHIFT + PTE_LEVEL_BITS * level) & 511;

	return (struct walk_entry){ table, level, index, table->host[index] };
}

/*
 * Finds the lowest remembered table for va, and makes it the last one of the space. A tag has only
 * the address bits above those that the table translates, so the tag of the root lacks the bit that
 * the bits above must copy: the range is checked.
 */
static ALWAYS_INLINE bool walk_cached_table(struct hart *hart, struct space *space, u64 va)
{
	const struct stage *stage = walk_stage(space);

	for (unsigned level = 0; level < stage->levels; level++) {
		u64 tag = space_table_tag(space, va, level);
		const struct space_table *kept = space_table_of(&hart->tlb->spaces, tag);
		bool root = level + 1u == stage->levels;

		if (kept->tag != tag)
			continue;
		if (root && unlikely(!walk_in_range(stage, va)))
			return false;
		space->last = (struct space_last){
			va, kept->table, (u8)(space_table_shift(level) - root), (u8)level,
		};
		return true;
	}
	return false;
}

static ALWAYS_INLINE bool walk_is_pointer(const struct walk_entry *entry)
{
	return (entry->pte & (PTE_V | PTE_R | PTE_W | PTE_X)) == PTE_V;
}

/*
 * Finds the entry for va in the last table, or in the lowest remembered one; returns false if there
 * is none. If the entry of the last table is a pointer, a lower table may be remembered.
 */
static ALWAYS_INLINE bool walk_cached_entry(struct hart *hart, struct space *space, u64 va,
					    struct walk_entry *entry)
{
	const struct space_last *last = &space->last;

	if (last->table && !((va ^ last->at) >> last->shift)) {
		*entry = walk_entry_of(last->table, last->level, va);
		if (!walk_is_pointer(entry))
			return true;
	}
	if (!walk_cached_table(hart, space, va))
		return false;
	*entry = walk_entry_of(last->table, last->level, va);
	return true;
}

/* Returns the size of the page that a usual leaf maps. */
static ALWAYS_INLINE u64 walk_size(const struct walk_entry *leaf)
{
	return PAGE_SIZE << (PTE_LEVEL_BITS * leaf->level);
}

/* Returns whether the entry is a usual leaf. */
static ALWAYS_INLINE bool walk_is_leaf(const struct walk_entry *entry)
{
	u64 page = field_get(entry->pte, PTE_PPN) << PAGE_SHIFT;

	return (entry->pte & WALK_LEAF_BITS) == WALK_LEAF && !(page & (walk_size(entry) - 1));
}

/* Returns where a usual leaf maps va. */
static ALWAYS_INLINE u64 walk_address(const struct walk_entry *leaf, u64 va)
{
	return field_get(leaf->pte, PTE_PPN) << PAGE_SHIFT | (va & (walk_size(leaf) - 1));
}

/*
 * Returns the host's address and the grants of a page of the memory found last; 0 if the page is
 * not in that memory.
 */
static ALWAYS_INLINE u64 walk_cached_memory(const struct hart *hart, u64 pa, bool machine)
{
	const struct tlb_memory *memory = &hart->tlb->memory;
	u64 page = pa & PAGE_MASK;

	if (unlikely(page - memory->base >= memory->size))
		return 0;
	return (page + memory->addend) | (machine ? memory->machine : memory->other);
}

#endif
