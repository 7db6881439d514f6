/* SPDX-License-Identifier: MIT */
/*
 * An address space: the data that the views with the same page tables share. These views differ in
 * privilege, SUM, MXR and pointer masking. The second level of the TLB has the translations of a
 * space, with the rights that they grant to all modes, and pointers to its page tables, with which
 * a walk skips the upper levels. Without page tables M-mode has a space, and the other modes
 * another one, because PMP differs.
 */
#ifndef CPU_MMU_SPACE_H
#define CPU_MMU_SPACE_H

#include "cpu/hart/limits.h"
#include "cpu/hart/regime_state.h"

/* The limit of a space's number, which is in the lowest 12 bits of tags. */
#define SPACE_NUMBERS 4096

struct watched_table;

/*
 * The page table in which the last walk found an entry. It is that of all addresses that equal `at`
 * above bit `shift`.
 */
struct space_last {
	u64 at;
	struct watched_table *table; /* NULL: none */
	u8 shift, level;
};

struct space {
	struct regime regime; /* without the fields in which its views differ; priv is M or S */
	/* the number of the selection (tlb.h) when a view of it was last made; 0: unused */
	u64 selected;
	u64 number; /* changes with each flush, so that no tag matches; 0: none ever does */
	u64 salt; /* derived from the number, in bytes: where in the second level its pages begin */
	struct space_last last;
	struct space *below; /* the space of the G stage; NULL without a second stage */
	bool is_below; /* it is, or was, `below` of another space */
	u64 bit; /* BIT() of its index in `spaces` */
	u32 views; /* a bit for each view of it */
};

/*
 * A translation. `tag` has the page's address and, in the bits below it, the space's number.
 * `addend` gives the host's address, and in the bits below it the rights that the page grants
 * (grant.h).
 */
struct space_page {
	u64 tag, addend;
};

/* A page table. `tag` has the addresses that it translates, its level and the space's number. */
struct space_table {
	u64 tag;
	struct watched_table *table;
};

struct spaces {
	struct space_page page[TLB_SPACE_PAGES_MAX];
	struct space_table table[TLB_SPACE_TABLES_MAX];
	struct space space[TLB_SPACES_MAX];
	struct space none; /* a space that remembers nothing */
	u64 numbers; /* the number of numbers that were given, less than SPACE_NUMBERS */
};

void spaces_init(struct spaces *spaces);

/* Returns the space of a regime. If there is none, it reuses a space that has no view. */
struct space *space_take(struct spaces *spaces, const struct regime *regime, u64 selection);

/* Forgets everything of the space. */
void space_flush(struct spaces *spaces, struct space *space);

/* Forget the page of va, and the table at `level` of the walk for va. */
void space_forget_page(struct spaces *spaces, const struct space *space, u64 va);
void space_forget_table(struct spaces *spaces, struct space *space, u64 va, unsigned level);

static inline struct space_page *space_page_of(struct spaces *spaces, const struct space *space,
					       u64 va)
{
	return &spaces->page[((va + space->salt) >> PAGE_SHIFT) % TLB_SPACE_PAGES];
}

static inline u64 space_tag(const struct space *space, u64 va)
{
	return (va & PAGE_MASK) | space->number;
}

/* Returns the host's address of a page, with the rights that it grants in the bits below. */
static inline u64 space_memory(const struct space_page *page)
{
	return (page->tag & PAGE_MASK) + page->addend;
}

/* Returns the translation of va, or NULL if the space does not remember it. */
static inline const struct space_page *space_find(struct spaces *spaces, const struct space *space,
						  u64 va)
{
	const struct space_page *page = space_page_of(spaces, space, va);

	return likely(page->tag == space_tag(space, va)) ? page : NULL;
}

/* Enters a page; `memory` is as space_memory returns it. */
static inline const struct space_page *space_enter(struct spaces *spaces, const struct space *space,
						   u64 va, u64 memory)
{
	struct space_page *entry = space_page_of(spaces, space, va);

	*entry = (struct space_page){ space_tag(space, va), memory - (va & PAGE_MASK) };
	return entry;
}

/* Returns the shift after which all addresses that a table at `level` translates are equal. */
static inline unsigned space_table_shift(unsigned level)
{
	return PAGE_SHIFT + 9 + 9 * level;
}

/*
 * Returns the tag of the table at `level` that translates va. The level is in the bits above the
 * number.
 */
static inline u64 space_table_tag(const struct space *space, u64 va, unsigned level)
{
	return va >> space_table_shift(level) << 16 | (u64)level << 12 | space->number;
}

static inline struct space_table *space_table_of(struct spaces *spaces, u64 tag)
{
	return &spaces->table[(tag * 0x9e3779b97f4a7c15ull >> 48) % TLB_SPACE_TABLES];
}

#endif
