/* SPDX-License-Identifier: MIT */
/*
 * The pages with page tables from which a TLB remembers something. Stores to them are detected, as
 * those to decoded code are (bus/ram.h), and before a valid entry changes, all harts forget what
 * came from it. So to a guest each access seems to walk the current page tables. Once nothing is
 * remembered from a page, stores to it are as fast as others.
 */
#ifndef CPU_MMU_TABLE_WATCH_H
#define CPU_MMU_TABLE_WATCH_H

#include "bus/base.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/space.h"

struct ram;

/* How many entries of a table share a mark. */
#define TABLE_PIECE 8

/* A page that holds a page table. */
struct watched_table {
	const u64 *host;
	/* The entries from which something is remembered: ram_watch.tables of the page. */
	u64 *marks;
	u64 va; /* the first address that it translates */
	u8 level;
	bool many; /* it translates others too, at some level */
	u16 writes; /* stores since a walk came to it, those that change valid entries count more */
	struct watched_table *next; /* with the same hash, or free as well */
	u64 spaces[]; /* of each hart, those that remember something from it */
};

struct table_watch;

/* `harts` are those of the machine, by their ids. Returns NULL when out of memory. */
struct table_watch *table_watch_create(struct hart *const *harts, unsigned hart_count);
void table_watch_free(struct table_watch *watch);

/* Lets walks remember what they find in page tables in this memory. */
void table_watch_add(struct table_watch *watch, struct ram *ram);

/* Makes space for the tables of a walk that begins. */
void table_watch_room(struct table_watch *watch);

/*
 * Returns the table in a page of the host's memory, for a walk of an address from `va` on by the
 * hart in the space; NULL if stores there would not be detected.
 */
struct watched_table *table_watch_take(struct hart *hart, const struct space *space,
				       const u64 *host, u64 va, unsigned level);

/* The page gets its first mark. */
void table_watch_begin(struct table_watch *watch, const struct watched_table *table);

/* Forgets all, because the memory map has changed. */
void table_watch_forget(struct table_watch *watch);

/* Notes that something is going to be remembered from an entry. */
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
