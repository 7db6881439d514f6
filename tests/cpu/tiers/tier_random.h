/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the tiers are fed with: values, encodings of the rows of isa.def, states of a
 * hart and page tables, all random from one seed and all leaning towards what is interesting.
 */
#ifndef TESTS_CPU_TIERS_TIER_RANDOM_H
#define TESTS_CPU_TIERS_TIER_RANDOM_H

#include "tests/cpu/random.h"
#include "tests/cpu/tiers/tier_machine.h"

/* Pages of RAM. Virtual addresses map code and handlers to themselves, data pages to any. */
enum { PAGE_CODE = 0, CODE_PAGES = 8, PAGE_HANDLER_M = 8, PAGE_HANDLER_S = 9, PAGE_DATA = 16,
       DATA_PAGES = 80, PAGE_VIRTUAL_BYTES = 500, PAGE_VIRTUAL_WORDS, PAGE_LAST = 511 };

#define PAGE_AT(n) (RAM_BASE + (u64)(n) * PAGE_SIZE)

/* Where the same RAM is seen again under translation. */
#define ALIAS_SUPERVISOR 0x80200000ull
#define ALIAS_USER 0x80400000ull
#define ALIAS_BROKEN 0x80600000ull /* a misaligned superpage */
#define ALIAS_GIGA 0x100000000ull
#define ALIAS_HIGH 0xffffffff80000000ull

/*
 * Page tables, one page each: the roots of Sv57, Sv48 and Sv39, and what they share; they serve
 * HS- and VS-mode. Then the G stage, whose roots are four pages each: all is where it is, and RAM
 * also at the aliases but the high one.
 */
enum { TABLE_57, TABLE_48, TABLE_39, TABLE_MIDDLE, TABLE_LAST,
       TABLE_G_57 = 8, TABLE_G_48 = 12, TABLE_G_39 = 16, TABLE_G_LEVEL3 = 20, TABLE_G_LEVEL2,
       TABLE_G_MIDDLE, TABLE_G_LAST };
#define TABLE_AT(n) (TABLES_BASE + (u64)(n) * PAGE_SIZE)

/* A number below n, and true in `percent` of the cases. */
static inline u64 below(u64 *seed, u64 n)
{
	return (random_u64(seed) >> 16) % n;
}

static inline bool chance(u64 *seed, unsigned percent)
{
	return below(seed, 100) < percent;
}

/* An integer that is zero, small, at an edge of a type, a power of two, or anything. */
u64 random_value(u64 *seed);

/* The bits of a float or double, special ones and badly boxed ones among them. */
u64 random_float(u64 *seed);

/* An address: in data or code, aligned or not, at the end of a page, of a device, of nothing. */
u64 random_address(u64 *seed, bool translated);

/* An encoding of a row, all bits that the row leaves open random; CSR numbers mostly real ones. */
u32 random_row(const struct isa *isa, unsigned op, u64 *seed);

/* A compressed instruction that is not illegal. */
u16 random_compressed(const struct isa *isa, u64 *seed);

/* RAM with data and trap handlers, and page tables for Sv39, Sv48 and Sv57. Then pair_commit. */
void random_memory(struct pair *pair, u64 seed);

/* The state of hart 0 of the first machine, in any mode. Its pc is in the code pages. */
void random_hart(struct pair *pair, u64 *seed);

/* Does the hart's first stage translate fetches? Loads and stores? */
bool fetch_translates(const struct hart *hart);
bool data_translates(const struct hart *hart);
/* And the guest's? */
bool guest_translates(const struct hart *hart);

#endif
