/* SPDX-License-Identifier: MIT */
/*
 * The input of the tests of the tiers: values, encodings of the rows of isa.def, states of a hart
 * and page tables, all random from one seed and all near edge cases.
 */
#ifndef TESTS_CPU_TIERS_TIER_RANDOM_H
#define TESTS_CPU_TIERS_TIER_RANDOM_H

#include "tests/cpu/random.h"
#include "tests/cpu/tiers/tier_machine.h"

/* The pages of RAM. Virtual addresses map code and handlers to themselves, data pages to any. */
enum { PAGE_CODE = 0, CODE_PAGES = 8, PAGE_HANDLER_M = 8, PAGE_HANDLER_S = 9, PAGE_DATA = 16,
       DATA_PAGES = 80, PAGE_VIRTUAL_BYTES = 500, PAGE_VIRTUAL_WORDS, PAGE_LAST = 511 };

#define PAGE_AT(n) (RAM_BASE + (u64)(n) * PAGE_SIZE)

/* The addresses of the same RAM under translation. */
#define ALIAS_SUPERVISOR 0x80200000ull
#define ALIAS_USER 0x80400000ull
#define ALIAS_BROKEN 0x80600000ull /* a misaligned superpage */
#define ALIAS_GIGA 0x100000000ull
#define ALIAS_HIGH 0xffffffff80000000ull

/*
 * The page tables, one page each: the roots of Sv57, Sv48 and Sv39, and what they share; they serve
 * HS- and VS-mode. Then follows the G stage, whose roots are four pages each: it maps all to
 * itself, and RAM also to the aliases except the high one.
 */
enum { TABLE_57, TABLE_48, TABLE_39, TABLE_MIDDLE, TABLE_LAST,
       TABLE_G_57 = 8, TABLE_G_48 = 12, TABLE_G_39 = 16, TABLE_G_LEVEL3 = 20, TABLE_G_LEVEL2,
       TABLE_G_MIDDLE, TABLE_G_LAST };
#define TABLE_AT(n) (TABLES_BASE + (u64)(n) * PAGE_SIZE)

/* Return a number below n, and true in `percent` of the cases. */
static inline u64 below(u64 *seed, u64 n)
{
	return (random_u64(seed) >> 16) % n;
}

static inline bool chance(u64 *seed, unsigned percent)
{
	return below(seed, 100) < percent;
}

/* Returns an integer that is zero, small, at an edge of a type, a power of two, or anything. */
u64 random_value(u64 *seed);

/* Returns the bits of a float or double, among them special ones and badly boxed ones. */
u64 random_float(u64 *seed);

/*
 * Returns an address: in data or code, aligned or not, at the end of a page, of a device, of
 * nothing.
 */
u64 random_address(u64 *seed, bool translated);

/*
 * Returns an encoding of a row, with all bits random that the row leaves open; CSR numbers are
 * mostly real ones.
 */
u32 random_row(const struct isa *isa, unsigned op, u64 *seed);

/* Returns a compressed instruction that is not illegal. */
u16 random_compressed(const struct isa *isa, u64 *seed);

/*
 * Makes RAM with data and trap handlers, and page tables for Sv39, Sv48 and Sv57. machines_commit
 * must follow.
 */
void random_memory(struct machines *machines, u64 seed);

/* Makes the state of hart 0 of the first machine, in any mode. Its pc is in the code pages. */
void random_hart(struct machines *machines, u64 *seed);

/* Return whether the hart's first stage translates fetches, and loads and stores. */
bool fetch_translates(const struct hart *hart);
bool data_translates(const struct hart *hart);
/* Returns whether the guest's first stage translates. */
bool guest_translates(const struct hart *hart);

#endif
