/* SPDX-License-Identifier: MIT */
/*
 * Page tables for the tests of walk.c, at the start of the fixture's RAM, for either stage. Names
 * and numbers are not those of cpu/: they are taken from the privileged manual again.
 */
#ifndef TESTS_CPU_TABLES_H
#define TESTS_CPU_TABLES_H

#include "tests/cpu/fixture.h"
#include "tests/cpu/random.h"

#include "cpu/mmu/walk.h"

#define PTE_V 1ull
#define PTE_R 2ull
#define PTE_W 4ull
#define PTE_X 8ull
#define PTE_U 16ull
#define PTE_G 32ull
#define PTE_A 64ull
#define PTE_D 128ull
#define PTE_PBMT (3ull << 61)
#define PTE_N BIT(63)

static const enum cause page_cause[] = {
	[ACCESS_LOAD] = 13, [ACCESS_STORE] = 15, [ACCESS_FETCH] = 12,
};
static const enum cause guest_cause[] = {
	[ACCESS_LOAD] = 21, [ACCESS_STORE] = 23, [ACCESS_FETCH] = 20,
};
static const enum cause access_cause_of[] = {
	[ACCESS_LOAD] = 5, [ACCESS_STORE] = 7, [ACCESS_FETCH] = 1,
};

struct tables {
	struct machine *machine;
	struct stage *stage;
	u64 next; /* the address of the next free page */
	/* The offset of the addresses by which the stage reaches its tables; it is subtracted from
	 * a physical address. */
	u64 shift;
};

/* Calls walk(), and checks that walk_traced() has the same result, has the failed step as the last
 * one of its stage, and changes nothing. */
static inline bool tables_walk(struct hart *hart, const struct regime *regime, u64 va,
			       struct access access, struct xlat *xlat)
{
	struct walk_trace trace;
	bool traced = walk_traced(hart, regime, va, access, &trace);
	struct trap trap = hart->trap;
	u64 found[WALK_STEPS] = { 0 };
	bool good;

	for (unsigned n = 0; n < trace.count; n++)
		if (trace.step[n].read)
			memcpy(&found[n],
			       bus_dma_map(&hart->platform->bus, trace.step[n].pa, 8, false), 8);
	good = walk(hart, regime, va, access, xlat);
	assert_int_equal(traced, good);
	if (good)
		assert_int_equal(trace.xlat.pa, xlat->pa);
	else
		assert_memory_equal(&trap, &hart->trap, sizeof(trap));
	for (unsigned n = 0; n < trace.count; n++) {
		const struct walk_step *step = &trace.step[n];

		if (step->reason)
			assert_int_equal(step->reason, hart->trap.reason);
		if (step->read)
			assert_int_equal(found[n], step->pte);
	}
	return good;
}

/* Makes an empty root at RAM's start plus `at`, and sets the stage's root and levels. */
static inline void tables_init_at(struct tables *tables, struct machine *machine,
				  struct stage *stage, u8 levels, u64 at)
{
	u64 size = PAGE_SIZE << stage->widen;

	stage->levels = levels;
	stage->root = RAM_BASE + at;
	*tables = (struct tables){ machine, stage, RAM_BASE + at + size, 0 };
	memset(machine_ram(machine, stage->root), 0, size);
}

static inline void tables_init(struct tables *tables, struct machine *machine, struct stage *stage,
			       u8 levels)
{
	tables_init_at(tables, machine, stage, levels, 0);
}

/* Returns the physical address of the entry for an address at a level, after making the tables that
 * are missing. */
static inline u64 tables_entry_pa(struct tables *tables, u64 va, u8 level)
{
	u64 table = tables->stage->root + tables->shift;
	u8 at = tables->stage->levels;

	for (;;) {
		bool root = at == tables->stage->levels;
		u64 mask = root ? (512ull << tables->stage->widen) - 1 : 511;
		u64 pa = table + (va >> (12 + 9 * (at - 1)) & mask) * 8;
		u64 *pte = machine_ram(tables->machine, pa);

		if (--at == level)
			return pa;
		if (!(*pte & PTE_V)) {
			memset(machine_ram(tables->machine, tables->next), 0, PAGE_SIZE);
			*pte = (tables->next - tables->shift) >> 2 | PTE_V;
			tables->next += PAGE_SIZE;
		}
		table = (*pte >> 10 << 12) + tables->shift;
	}
}

static inline u64 *tables_entry(struct tables *tables, u64 va, u8 level)
{
	return machine_ram(tables->machine, tables_entry_pa(tables, va, level));
}

/* Returns the physical address of the page that contains the entry. */
static inline u64 tables_page(struct tables *tables, u64 va, u8 level)
{
	return tables_entry_pa(tables, va, level) & PAGE_MASK;
}

/* Writes the entry by a DMA access, so that the TLB is told of it as of a store. */
static inline void tables_map(struct tables *tables, u64 va, u8 level, u64 pte)
{
	u64 pa = tables_entry_pa(tables, va, level);

	assert_true(bus_dma_write(&tables->machine->platform.bus, pa, &pte, sizeof(pte)));
}

#define assert_trap(machine, cause_, tval_, reason_)                                               \
	do {                                                                                       \
		assert_int_equal((machine)->hart.trap.cause, cause_);                              \
		assert_int_equal((machine)->hart.trap.tval, tval_);                                \
		assert_string_equal(trap_reason_text((machine)->hart.trap.reason),                 \
				    trap_reason_text(reason_));                                    \
	} while (0)

#endif
