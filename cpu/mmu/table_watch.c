/* SPDX-License-Identifier: MIT */
/*
 * Page tables that TLBs remember (see table_watch.h). A translation that is remembered came from
 * one entry of each level. All of these entries are marked, and none has changed since. So
 * everything that depends on an entry can be found through the entries of the tables below it,
 * because they still have the values that the walk read.
 */
#include "cpu/mmu/table_watch.h"

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/tlb.h"

#include <stdlib.h>

/*
 * A walk reads up to five tables, and up to five more of the stage below for the address of each of
 * them and for that of the page.
 */
#define WALK_TABLES 35
_Static_assert(TLB_TABLES_MIN >= WALK_TABLES, "the tables of a walk are remembered together");

#define ENTRIES (PAGE_SIZE / PTE_SIZE)

/*
 * If a table is stored to this often while no walk uses it, the guest is sweeping through it, as in
 * fork and exit, or no longer uses it as a page table. Then it is cheaper to forget everything that
 * came from it, so that stores to it are fast again. A store that changes a valid entry counts as
 * several.
 */
#define WRITES_MAX 64
#define WRITES_OF_CHANGE 8

struct table_watch {
	struct hart *const *harts;
	unsigned hart_count;
	struct watched_table *hash[TLB_TABLES_MAX];
	struct watched_table *free; /* a list of tables that are no longer in use */
	/* the number of tables in `free`, and of those that were never in use */
	unsigned free_count;
	unsigned made; /* the number of tables of the pool that have been in use */
	u64 pool[]; /* the memory of the tables */
};

/* Returns the size of a table in the pool, in words. */
static size_t table_words(unsigned hart_count)
{
	return sizeof(struct watched_table) / sizeof(u64) + hart_count;
}

struct table_watch *table_watch_create(struct hart *const *harts, unsigned hart_count)
{
	struct table_watch *watch =
		calloc(1, sizeof(*watch) + TLB_TABLES * table_words(hart_count) * sizeof(u64));

	if (!watch)
		return NULL;
	watch->harts = harts;
	watch->hart_count = hart_count;
	watch->free_count = TLB_TABLES;
	return watch;
}

void table_watch_free(struct table_watch *watch)
{
	free(watch);
}

static struct watched_table **hash_of(struct table_watch *watch, const u64 *host)
{
	return &watch->hash[((uintptr_t)host >> PAGE_SHIFT) % TLB_TABLES];
}

static struct watched_table *table_watch_find(struct table_watch *watch, const u64 *host)
{
	struct watched_table *table = *hash_of(watch, host);

	while (table && table->host != host)
		table = table->next;
	return table;
}

/* Ends the watch of a table from which nothing is remembered any more. */
static void drop(struct table_watch *watch, struct watched_table *table)
{
	struct watched_table **at = hash_of(watch, table->host);

	while (*at != table)
		at = &(*at)->next;
	*at = table->next;
	*table->marks = 0;
	table->next = watch->free;
	watch->free = table;
	watch->free_count++;
}

static void forget_space(struct hart *hart, struct space *space)
{
	struct spaces *spaces = &hart->tlb->spaces;

	tlb_forget_space(hart->tlb, space);
	for (unsigned n = 0; space->is_below && n < TLB_SPACES; n++)
		if (spaces->space[n].selected && spaces->space[n].below == space)
			tlb_forget_space(hart->tlb, &spaces->space[n]);
	/* The storing instruction may be in the middle of a block that uses these views. */
	if (hart->fetch->stale)
		hart->stop = true;
	tlb_refresh(hart->data);
	tlb_refresh(hart->fetch);
}

/* Forgets the page of va, which an entry of the lowest level maps. */
static void forget_page(struct hart *hart, struct space *space, u64 va, u64 pte)
{
	/* It is not recorded which guest pages are in a page of the stage below. */
	if (unlikely(space->is_below)) {
		forget_space(hart, space);
		return;
	}
	tlb_forget_page(hart->tlb, space, va, pte & PTE_X);
	if (!(pte & PTE_X) || hart->fetch->space != space)
		return;
	tlb_refresh(hart->fetch);
	if (!((hart->pc ^ va) & PAGE_MASK))
		hart->stop = true;
}

/*
 * Returns the watched table to which a pointer leads, or NULL; *known is false if it cannot be
 * found out.
 */
static struct watched_table *table_below(struct hart *hart, const struct space *space, u64 pte,
					 bool *known)
{
	u64 addr = field_get(pte, PTE_PPN) << PAGE_SHIFT;
	const struct space_page *page;
	const u64 *host;

	*known = true;
	if (!space->below) {
		host = bus_dma_peek(&hart->platform->bus, addr, PAGE_SIZE, false);
	} else {
		page = space_find(&hart->tlb->spaces, space->below, addr);
		host = page ? (const u64 *)(uintptr_t)(space_memory(page) & PAGE_MASK) : NULL;
		*known = page;
	}
	return host ? table_watch_find(hart->tables, host) : NULL;
}

static void forget_table(struct hart *hart, struct space *space, const struct watched_table *table);

static bool is_in_use(const struct table_watch *watch, const struct watched_table *table)
{
	for (unsigned n = 0; n < watch->hart_count; n++)
		if (table->spaces[n])
			return true;
	return false;
}

/* Forgets what came through the pointer to the table at `level` that translates va. */
static void forget_below(struct hart *hart, struct space *space, u64 va, unsigned level, u64 pte)
{
	bool known;
	struct watched_table *table = table_below(hart, space, pte, &known);

	space_forget_table(&hart->tlb->spaces, space, va, level);
	if (known && (!table || !(table->spaces[hart->id] & space->bit)))
		return;
	if (!known) {
		forget_space(hart, space);
		return;
	}
	if (table->many || table->va != va || table->level != level)
		forget_space(hart, space);
	else
		forget_table(hart, space, table);
	table->spaces[hart->id] &= ~space->bit;
	if (!is_in_use(hart->tables, table))
		drop(hart->tables, table);
}

/* Forgets what came from an entry; va is the first address that it translates. */
static void forget_entry(struct hart *hart, struct space *space, u64 va, unsigned level, u64 pte)
{
	if (level == 0)
		forget_page(hart, space, va, pte);
	else if (pte & (PTE_R | PTE_W | PTE_X))
		forget_space(hart, space);
	else
		forget_below(hart, space, va, level - 1, pte);
}

static u64 address_of(const struct watched_table *table, unsigned index)
{
	return table->va + ((u64)index << (PAGE_SHIFT + PTE_LEVEL_BITS * table->level));
}

/*
 * Forgets what came from the entries of a table. The table must not translate other addresses as
 * well (`many`).
 */
static void forget_table(struct hart *hart, struct space *space, const struct watched_table *table)
{
	for (u64 left = *table->marks; left; left &= left - 1) {
		unsigned first = (unsigned)__builtin_ctzll(left) * TABLE_PIECE;

		for (unsigned n = first; n < first + TABLE_PIECE; n++)
			if (table->host[n] & PTE_V)
				forget_entry(hart, space, address_of(table, n), table->level,
					     table->host[n]);
	}
}

/*
 * Forgets what came from an entry that is going to change, in all harts and spaces. The table must
 * not translate other addresses as well (`many`).
 */
static void forget_changed(struct table_watch *watch, const struct watched_table *table,
			   unsigned index)
{
	for (unsigned n = 0; n < watch->hart_count; n++) {
		struct hart *hart = watch->harts[n];

		for (u64 left = table->spaces[n]; left; left &= left - 1) {
			struct space *space = &hart->tlb->spaces.space[__builtin_ctzll(left)];

			forget_entry(hart, space, address_of(table, index), table->level,
				     table->host[index]);
		}
	}
}

/* Forgets all that came from a table, and ends its watch. */
static void forget_all(struct table_watch *watch, struct watched_table *table)
{
	for (unsigned n = 0; n < watch->hart_count; n++) {
		struct hart *hart = watch->harts[n];

		for (u64 left = table->spaces[n]; left; left &= left - 1) {
			struct space *space = &hart->tlb->spaces.space[__builtin_ctzll(left)];

			if (table->many || table->level > 0 || space->is_below) {
				forget_space(hart, space);
				continue;
			}
			space_forget_table(&hart->tlb->spaces, space, table->va, 0);
			forget_table(hart, space, table);
		}
	}
	drop(watch, table);
}

static bool may_be_remembered(const struct watched_table *table, unsigned index)
{
	return (table->host[index] & PTE_V) && (*table->marks >> index / TABLE_PIECE & 1);
}

/* Called before bytes of a watched table change. */
static void before_tables_write(void *ctx, const u8 *host, u64 len)
{
	struct table_watch *watch = ctx;
	u64 offset = (uintptr_t)host & ~PAGE_MASK;
	struct watched_table *table =
		table_watch_find(watch, (const u64 *)(const void *)(host - offset));

	assert(table);
	table->writes++;
	for (u64 n = offset / PTE_SIZE; n <= (offset + len - 1) / PTE_SIZE; n++) {
		if (!may_be_remembered(table, (unsigned)n))
			continue;
		table->writes = table->many ? WRITES_MAX : table->writes + WRITES_OF_CHANGE;
		if (table->writes >= WRITES_MAX)
			break;
		forget_changed(watch, table, (unsigned)n);
	}
	if (table->writes >= WRITES_MAX)
		forget_all(watch, table);
}

void table_watch_add(struct table_watch *watch, struct ram *ram)
{
	ram->before_tables_write = before_tables_write;
	ram->tables_ctx = watch;
}

void table_watch_forget(struct table_watch *watch)
{
	for (unsigned n = 0; n < watch->hart_count; n++) {
		struct hart *hart = watch->harts[n];

		tlb_forget_all(hart->tlb);
		tlb_refresh(hart->data);
		tlb_refresh(hart->fetch);
	}
	for (unsigned n = 0; n < TLB_TABLES; n++)
		while (watch->hash[n])
			drop(watch, watch->hash[n]);
}

void table_watch_room(struct table_watch *watch)
{
	if (unlikely(watch->free_count < WALK_TABLES))
		table_watch_forget(watch);
}

void table_watch_begin(struct table_watch *watch, const struct watched_table *table)
{
	for (unsigned n = 0; n < watch->hart_count; n++)
		tlb_protect(watch->harts[n]->tlb, (u64)(uintptr_t)table->host);
}

/* Returns the marks of a page; NULL if stores to it are not detected. */
static u64 *marks_of(const struct bus *bus, const u64 *host)
{
	const struct region *region;
	u64 pa;

	if (!bus_physical(bus, host, &pa))
		return NULL;
	region = bus_find(bus, pa);
	return region->ram->before_tables_write ?
		       &region->ram->watch[(pa - region->base) >> PAGE_SHIFT].tables :
		       NULL;
}

/*
 * Returns a table that is not in use. The memory of the pool is not touched before it is needed, so
 * that a machine starts sooner.
 */
static struct watched_table *table_make(struct table_watch *watch)
{
	struct watched_table *table = watch->free;

	watch->free_count--;
	if (!table)
		return (void *)&watch->pool[watch->made++ * table_words(watch->hart_count)];
	watch->free = table->next;
	return table;
}

struct watched_table *table_watch_take(struct hart *hart, const struct space *space,
				       const u64 *host, u64 va, unsigned level)
{
	struct table_watch *watch = hart->tables;
	struct watched_table *table = table_watch_find(watch, host), **hash = hash_of(watch, host);
	u64 first = align_down(va, PAGE_SIZE << PTE_LEVEL_BITS << (PTE_LEVEL_BITS * level));
	u64 *marks;

	if (!table) {
		marks = marks_of(&hart->platform->bus, host);
		if (!marks)
			return NULL;
		table = table_make(watch);
		*table = (struct watched_table){
			.host = host, .marks = marks, .va = first, .level = (u8)level,
			.next = *hash,
		};
		for (unsigned n = 0; n < watch->hart_count; n++)
			table->spaces[n] = 0;
		*hash = table;
	}
	if (table->va != first || table->level != level)
		table->many = true;
	table->spaces[hart->id] |= space->bit;
	return table;
}
