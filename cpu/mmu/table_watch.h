/* SPDX-License-Identifier: MIT */
/*
 * The pages with page tables from which a TLB remembers something. Stores to them are detected, as
 * stores to decoded code are (bus/ram.h). Before a valid entry changes, all harts forget the
 * translations that came from it. So each access of the guest seems to walk the current page
 * tables. When nothing is remembered from a page any more, stores to it are as fast as others.
 */
#ifndef CPU_MMU_TABLE_WATCH_H
#define CPU_MMU_TABLE_WATCH_H

#include "bus/base.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/space.h"

struct ram;

/* The number of entries of a table that share a mark. */
#define TABLE_PIECE 8

/* A page that holds a page table. */
struct watched_table {
	const u64 *host;
	/*
	 * A bit for each TABLE_PIECE entries from which something is remembered: ram_watch.tables.
	 */
	u64 *marks;
	u64 va; /* the first address that it translates */
	u8 level;
	bool many; /* it also translates other addresses, or is at several levels */
	u16 writes; /* stores since a walk used it; those that change valid entries count more */
	struct watched_table *next; /* the next one with the same hash, or the next free one */
	u64 spaces[]; /* for each hart, a bit for each space that remembers something from it */
};

struct table_watch;

/*
 * Makes a watch for the machine's harts, which are in the order of their ids. Returns NULL when out
 * of memory.
 */
struct table_watch *table_watch_create(struct hart *const *harts, unsigned hart_count);
void table_watch_free(struct table_watch *watch);

/* Lets walks remember what they find in page tables in this memory; must be called for each. */
void table_watch_add(struct table_watch *watch, struct ram *ram);

/* Makes sure that a walk that begins finds room for its tables. */
void table_watch_room(struct table_watch *watch);

/*
 * Returns the table at `host`, a page of the host's memory, for a walk by the hart in the space;
 * `va` is the first address that the table translates. NULL if stores there would not be detected.
 */
struct watched_table *table_watch_take(struct hart *hart, const struct space *space,
				       const u64 *host, u64 va, unsigned level);

/* Called when a page gets its first mark. */
void table_watch_begin(struct table_watch *watch, const struct watched_table *table);

/* Forgets everything, after the memory map has changed. */
void table_watch_forget(struct table_watch *watch);

/* Called before something is remembered from entry `index` of the table. */
static inline void table_watch_mark(struct hart *hart, struct watched_table *table,
				    const struct space *space, unsigned index)
{
	if (unlikely(!*table->marks))
		table_watch_begin(hart->tables, table);
	*table->marks |= BIT(index / TABLE_PIECE);
	table->spaces[hart->id] |= space->bit;
	table->writes = 0;
}

#endif
