/* SPDX-License-Identifier: MIT */
/*
 * Random input for the tests of the tiers: values, encodings of the rows of isa.def, states of a
 * hart, and page tables. A seed determines them; edge cases are frequent.
 */
#ifndef TESTS_CPU_TIERS_TIER_RANDOM_H
#define TESTS_CPU_TIERS_TIER_RANDOM_H

#include "tests/cpu/random.h"
#include "tests/cpu/tiers/tier_machine.h"

/*
 * The pages of RAM. Virtual addresses map code and handlers to the same addresses, and data pages
 * to any.
 */
enum { PAGE_CODE = 0, CODE_PAGES = 8, PAGE_HANDLER_M = 8, PAGE_HANDLER_S = 9, PAGE_DATA = 16,
       DATA_PAGES = 80, PAGE_VIRTUAL_BYTES = 500, PAGE_VIRTUAL_WORDS, PAGE_LAST = 511 };

#define PAGE_AT(n) (RAM_BASE + (u64)(n) * PAGE_SIZE)

/* The virtual addresses at which RAM is mapped again. */
#define ALIAS_SUPERVISOR 0x80200000ull
#define ALIAS_USER 0x80400000ull
#define ALIAS_BROKEN 0x80600000ull /* a misaligned superpage, which faults */
#define ALIAS_GIGA 0x100000000ull
#define ALIAS_HIGH 0xffffffff80000000ull

/*
 * The page tables, of one page each: the roots of Sv57, Sv48 and Sv39, and the tables that they
 * share. HS- and VS-mode use the same ones. The tables of the G stage follow; its roots have four
 * pages each. It maps everything to the same address, and RAM also to the aliases, except the high
 * one.
 */
enum { TABLE_57, TABLE_48, TABLE_39, TABLE_MIDDLE, TABLE_LAST,
       TABLE_G_57 = 8, TABLE_G_48 = 12, TABLE_G_39 = 16, TABLE_G_LEVEL3 = 20, TABLE_G_LEVEL2,
       TABLE_G_MIDDLE, TABLE_G_LAST };
#define TABLE_AT(n) (TABLES_BASE + (u64)(n) * PAGE_SIZE)

/* Return a random number below n, and a random bool that is true in `percent` of the cases. */
static inline u64 below(u64 *seed, u64 n)
{
	return (random_u64(seed) >> 16) % n;
}

static inline bool chance(u64 *seed, unsigned percent)
{
	return below(seed, 100) < percent;
}

/* Returns a random integer: zero, small, at the limit of a type, a power of two, or any. */
u64 random_value(u64 *seed);

/*
 * Returns the bits of a random float or double, some of which are special values or not NaN-boxed
 * correctly.
 */
u64 random_float(u64 *seed);

/*
 * Returns a random address: in data or code, aligned or not, at the end of a page, in a device, or
 * in nothing.
 */
u64 random_address(u64 *seed, bool translated);

/* Returns a random encoding of a row. Numbers of CSRs are mostly those of existing CSRs. */
u32 random_row(const struct isa *isa, unsigned op, u64 *seed);

/* Returns a random compressed instruction that is not illegal. */
u16 random_compressed(const struct isa *isa, u64 *seed);

/*
 * Makes memory with data and trap handlers, and page tables for Sv39, Sv48 and Sv57. The caller
 * must call machines_commit afterwards.
 */
void random_memory(struct machines *machines, u64 seed);

/* Makes a random state of hart 0 of the first machine, in any mode. Its pc is in the code pages. */
void random_hart(struct machines *machines, u64 *seed);

/* Return whether the hart's first stage translates fetches, and loads and stores. */
bool fetch_translates(const struct hart *hart);
bool data_translates(const struct hart *hart);
/* Returns whether the guest's first stage translates. */
bool guest_translates(const struct hart *hart);

#endif
