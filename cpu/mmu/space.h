/* SPDX-License-Identifier: MIT */
/*
 * An address space: what the views of one set of page tables have in common. Its views differ in
 * privilege, SUM, MXR and pointer masking. Its translations are in the second level of the TLB,
 * with what they grant to all modes. So are pointers to its page tables, by which a walk skips the
 * upper levels. Without page tables, M-mode and the other modes have a space each, because of PMP.
 */
#ifndef CPU_MMU_SPACE_H
#define CPU_MMU_SPACE_H

#include "cpu/hart/limits.h"
#include "cpu/hart/regime_state.h"

/* A space's number is in the lowest 12 bits of tags. */
#define SPACE_NUMBERS 4096

struct watched_table;

/* The table in which a walk last found an entry, of the addresses that have `at` above `shift`. */
struct space_last {
	u64 at;
	struct watched_table *table; /* NULL: none */
	u8 shift, level;
};

struct space {
	struct regime regime; /* without what differs between its views; priv is M or S */
	u64 selected; /* the selection at which a view of it was last made; 0: unused */
	u64 number; /* another one after each flush, so that no tag matches; 0: none ever does */
	u64 salt; /* derived from it, in bytes: where in the second level its pages begin */
	struct space_last last;
	struct space *below; /* the G stage's own space; NULL without a second stage */
	bool is_below; /* it is that of another space, or was */
	u64 bit; /* of its place among the spaces */
	u32 views; /* a bit per view of it */
};

/*
 * A translation. One word has the page's address and, in the bits below it, the space's number; the
 * other has the addend, which gives the host's address, and below it what the page grants
 * (grant.h).
 */
struct space_page {
	u64 tag, addend;
};

/* A page table: the addresses that it translates, its level and the space's number. */
struct space_table {
	u64 tag;
	struct watched_table *table;
};

struct spaces {
	struct space_page page[TLB_SPACE_PAGES_MAX];
	struct space_table table[TLB_SPACE_TABLES_MAX];
	struct space space[TLB_SPACES_MAX];
	struct space none; /* it remembers nothing */
	u64 numbers; /* given so far, less than SPACE_NUMBERS */
};

void spaces_init(struct spaces *spaces);

/* Returns the space of a regime. If there is none, it takes over one that has no view. */
struct space *space_take(struct spaces *spaces, const struct regime *regime, u64 selection);

/* Forgets all of the space. */
void space_flush(struct spaces *spaces, struct space *space);

/* Forgets the page of va; the table at `level` on the way to it. */
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

/* Returns the host's address of a page, and below it what the page grants. */
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

/* Enters a page of host memory and what it grants (space_memory). */
static inline const struct space_page *space_enter(struct spaces *spaces, const struct space *space,
						   u64 va, u64 memory)
{
	struct space_page *entry = space_page_of(spaces, space, va);

	*entry = (struct space_page){ space_tag(space, va), memory - (va & PAGE_MASK) };
	return entry;
}

/* Returns the shift by which all addresses that a table at `level` translates become equal. */
static inline unsigned space_table_shift(unsigned level)
{
	return PAGE_SHIFT + 9 + 9 * level;
}

/* The tag of the table at `level` that translates va. The level is above the number. */
static inline u64 space_table_tag(const struct space *space, u64 va, unsigned level)
{
	return va >> space_table_shift(level) << 16 | (u64)level << 12 | space->number;
}

static inline struct space_table *space_table_of(struct spaces *spaces, u64 tag)
{
	return &spaces->table[(tag * 0x9e3779b97f4a7c15ull >> 48) % TLB_SPACE_TABLES];
}

#endif
