/* SPDX-License-Identifier: MIT */
/* Makes random values, encodings and memory. tier_state.c makes the state of a hart. */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_random.h"

#include "cpu/csr/csr.h"

#include <string.h>

u64 random_value(u64 *seed)
{
	static const u64 edges[] = {
		0, 1, 2, UINT64_MAX, UINT64_MAX - 1, INT64_MAX, (u64)INT64_MIN, INT32_MAX,
		(u64)INT32_MIN, UINT32_MAX, 0x80000000ull, 0x100000000ull, 0x7fff, 0x8000, 0xffff,
		0x7f, 0x80, 0xff, 0x5555555555555555ull, 0xaaaaaaaaaaaaaaaaull,
	};

	u64 edge;

	switch (below(seed, 6)) {
	case 0:
		return edges[below(seed, ARRAY_SIZE(edges))];
	case 1:
		return below(seed, 130) - 65;
	case 2:
		edge = BIT(below(seed, 64));
		return edge - below(seed, 3) + 1;
	case 3:
		return (u64)(s64)(s32)random_u64(seed);
	default:
		edge = random_u64(seed);
		return edge >> below(seed, 64);
	}
}

/*
 * Returns a number with any sign, an exponent near an edge or near the bias, and a fraction near an
 * edge or any.
 */
static u64 random_format(u64 *seed, unsigned exponent_bits, unsigned fraction_bits)
{
	u64 exponent_max = BIT(exponent_bits) - 1, bias = exponent_max / 2;
	u64 fraction_max = BIT(fraction_bits) - 1;
	u64 near = below(seed, 140) - 70, any = below(seed, exponent_max);
	u64 exponents[] = { 0, 0, 1, bias, bias + near, bias + near, exponent_max - 1,
			    exponent_max, any };
	u64 bits_of = random_u64(seed) & fraction_max;
	u64 fractions[] = { 0, 0, 1, fraction_max, fraction_max / 2, fraction_max / 2 + 1,
			    bits_of, bits_of };
	u64 exponent = exponents[below(seed, ARRAY_SIZE(exponents))];
	u64 fraction = fractions[below(seed, ARRAY_SIZE(fractions))];

	return (below(seed, 2) << exponent_bits | exponent) << fraction_bits | fraction;
}

u64 random_float(u64 *seed)
{
	switch (below(seed, 10)) {
	case 0:
		return random_u64(seed);
	case 1:
		return random_format(seed, 8, 23); /* not boxed */
	case 8:
	case 9:
		return random_format(seed, 5, 10) | 0xffffffffffff0000ull;
	case 2:
	case 3:
	case 4:
		return random_format(seed, 8, 23) | 0xffffffff00000000ull;
	default:
		return random_format(seed, 11, 52);
	}
}

/* Returns an offset in a page: aligned, near either end, or anywhere. */
static u64 random_offset(u64 *seed)
{
	switch (below(seed, 4)) {
	case 0:
		return below(seed, 512) * 8;
	case 1:
		return PAGE_SIZE - 8 + below(seed, 8);
	case 2:
		return below(seed, 32) * 4;
	default:
		return below(seed, PAGE_SIZE);
	}
}

static u64 random_device(u64 *seed, bool translated)
{
	static const u64 physical[] = { BYTES_BASE, WORDS_BASE, CLINT_BASE, CLINT_BASE + 0x4000,
					CLINT_BASE + 0xb000, HOLE_BASE };
	static const u64 virtual[] = { PAGE_AT(PAGE_VIRTUAL_BYTES), PAGE_AT(PAGE_VIRTUAL_WORDS),
				       ALIAS_BROKEN };
	u64 offset = chance(seed, 70) ? below(seed, PROBE_REGS) * 8 : random_offset(seed);

	if (translated && chance(seed, 80))
		return virtual[below(seed, ARRAY_SIZE(virtual))] + offset;
	return physical[below(seed, ARRAY_SIZE(physical))] + offset;
}

u64 random_address(u64 *seed, bool translated)
{
	static const u64 aliases[] = { RAM_BASE, RAM_BASE, RAM_BASE, ALIAS_SUPERVISOR, ALIAS_USER,
				       ALIAS_GIGA, ALIAS_HIGH };
	u64 page = PAGE_DATA + below(seed, DATA_PAGES);
	u64 base = translated ? aliases[below(seed, ARRAY_SIZE(aliases))] : RAM_BASE;

	switch (below(seed, 20)) {
	case 0:
		return random_value(seed);
	case 1:
	case 2:
		return random_device(seed, translated);
	case 3:
		return base + RAM_SIZE - 8 + below(seed, 16);
	case 4:
		page = PAGE_CODE + below(seed, CODE_PAGES);
		return base + page * PAGE_SIZE + random_offset(seed);
	default:
		return base + page * PAGE_SIZE + random_offset(seed);
	}
}

static u32 random_csr(u64 *seed)
{
	char name[CSR_NAME_MAX];
	u16 number = (u16)below(seed, 4096);

	if (chance(seed, 10))
		return number;
	while (!csr_name(number, name, sizeof(name)) ||
	       ((number & 31) > 4 && strstr(name, "hpm") && chance(seed, 95)))
		number = (u16)below(seed, 4096);
	return number;
}

u32 random_row(const struct isa *isa, unsigned op, u64 *seed)
{
	const struct opinfo *info = &isa_ops[op];
	u32 raw = (u32)(random_u64(seed) >> 32);

	if (info->class == CLASS_CSR)
		raw = (u32)field_set(raw, 0xfff00000u, random_csr(seed));
	/* Reserved rounding modes are two of eight: once in ten is enough. */
	if (strstr(info->pattern, "mmm") && chance(seed, 90))
		raw = (u32)field_set(raw, 7u << 12, below(seed, 6) < 5 ? below(seed, 5) : 7);
	if (insn_length(isa->match[op]) == 2)
		raw &= 0xffff;
	/* Register groups are aligned, and most segments have one field. */
	if (class_is_vector(info->class) && chance(seed, 60))
		raw &= chance(seed, 30) ? ~0x00738380u : ~0x00318180u;
	if (class_is_vector(info->class) && chance(seed, 60))
		raw &= 0x1fffffff;
	/* A quarter of the register lists is reserved. */
	if (info->format == FORMAT_LIST && chance(seed, 90))
		raw |= 0x40;
	return (raw & ~isa->mask[op]) | isa->match[op];
}

u16 random_compressed(const struct isa *isa, u64 *seed)
{
	struct insn insn;
	u16 raw;

	do {
		raw = (u16)(random_u64(seed) >> 40);
		isa_decode(isa, raw, &insn);
	} while (insn_length(raw) != 2 || insn.op == OP_illegal);
	return raw;
}

/* From here on: memory. */

enum {
	PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16, PTE_G = 32, PTE_A = 64, PTE_D = 128,
};
#define PTE_RWX (PTE_R | PTE_W | PTE_X)
#define PTE_LEAF (PTE_V | PTE_RWX | PTE_A | PTE_D)

static u64 *table_entry(struct machines *machines, unsigned table, unsigned index)
{
	return (u64 *)(machines->tables + table * PAGE_SIZE) + index;
}

static u64 pointer_to(unsigned table)
{
	return TABLE_AT(table) >> 2 | PTE_V;
}

static u64 leaf_of(u64 pa, u64 flags)
{
	return pa >> 2 | flags;
}

/* Returns an entry that is mostly usable; each possible defect of an entry occurs now and then. */
static u64 random_leaf(u64 *seed, u64 pa)
{
	static const u8 rights[] = { PTE_R, PTE_R | PTE_X, PTE_X, PTE_RWX, PTE_R | PTE_W,
				     PTE_R | PTE_W, PTE_RWX, PTE_W };
	u64 pte = leaf_of(pa, rights[below(seed, ARRAY_SIZE(rights))]);

	pte |= chance(seed, 97) ? PTE_V : 0;
	pte |= chance(seed, 45) ? PTE_U : 0;
	pte |= chance(seed, 20) ? PTE_G : 0;
	pte |= chance(seed, 85) ? PTE_A : 0;
	pte |= chance(seed, 75) ? PTE_D : 0;
	pte |= chance(seed, 5) ? below(seed, 4) << 61 : 0; /* PBMT */
	pte |= chance(seed, 2) ? BIT(54 + below(seed, 7)) : 0; /* reserved */
	if (chance(seed, 8)) /* NAPOT, of 64 KiB or of a size that is reserved */
		pte = (pte & ~(15ull << 10)) | BIT(63) | (chance(seed, 80) ? 8 : 4) << 10;
	return pte;
}

static void make_tables(struct machines *machines, u64 *seed)
{
	static const u64 middle[8] = { [1] = PTE_LEAF, [2] = PTE_LEAF | PTE_U };

	*table_entry(machines, TABLE_57, 0) = *table_entry(machines, TABLE_57, 511) =
		pointer_to(TABLE_48);
	*table_entry(machines, TABLE_48, 0) = *table_entry(machines, TABLE_48, 511) =
		pointer_to(TABLE_39);
	*table_entry(machines, TABLE_39, 2) = *table_entry(machines, TABLE_39, 510) =
		pointer_to(TABLE_MIDDLE);
	*table_entry(machines, TABLE_39, 4) = leaf_of(RAM_BASE, PTE_LEAF);
	*table_entry(machines, TABLE_39, 5) = leaf_of(RAM_BASE, PTE_LEAF | PTE_U);
	*table_entry(machines, TABLE_39, 6) = pointer_to(TABLE_MIDDLE) | PTE_A; /* reserved */
	*table_entry(machines, TABLE_MIDDLE, 0) = pointer_to(TABLE_LAST);
	for (unsigned n = 1; n < ARRAY_SIZE(middle); n++)
		*table_entry(machines, TABLE_MIDDLE, n) = middle[n] ? leaf_of(RAM_BASE, middle[n]) :
								      0;
	*table_entry(machines, TABLE_MIDDLE, 3) = leaf_of(RAM_BASE + PAGE_SIZE, PTE_LEAF);
	for (unsigned n = 0; n < 512; n++)
		*table_entry(machines, TABLE_LAST, n) = leaf_of(PAGE_AT(n), PTE_LEAF);
	for (unsigned n = PAGE_DATA; n < PAGE_DATA + DATA_PAGES; n++)
		*table_entry(machines, TABLE_LAST, n) =
			random_leaf(seed, PAGE_AT(PAGE_DATA + below(seed, DATA_PAGES)));
	*table_entry(machines, TABLE_LAST, PAGE_VIRTUAL_BYTES) =
		leaf_of(BYTES_BASE, PTE_LEAF | PTE_U);
	*table_entry(machines, TABLE_LAST, PAGE_VIRTUAL_WORDS) = leaf_of(WORDS_BASE, PTE_LEAF);
}

/*
 * Fills the last table of the G stage: data pages are mapped mostly like the others, or else as in
 * the first stage.
 */
static void make_g_last(struct machines *machines, u64 *seed)
{
	for (unsigned n = 0; n < 512; n++) {
		bool data = n >= PAGE_DATA && n < PAGE_DATA + DATA_PAGES;
		u64 pte = leaf_of(PAGE_AT(n), PTE_LEAF | PTE_U);

		if (data && chance(seed, 35))
			pte = random_leaf(seed, PAGE_AT(PAGE_DATA + below(seed, DATA_PAGES)));
		if (data && chance(seed, 90))
			pte |= PTE_U;
		*table_entry(machines, TABLE_G_LAST, n) = pte;
	}
}

static void make_g_stage(struct machines *machines, u64 *seed)
{
	static const unsigned level2[] = { TABLE_G_39, TABLE_G_LEVEL2 };
	static const u64 giga[] = { 0, HOLE_BASE, TABLES_BASE };

	*table_entry(machines, TABLE_G_57, 0) = pointer_to(TABLE_G_LEVEL3);
	*table_entry(machines, TABLE_G_LEVEL3, 0) = pointer_to(TABLE_G_LEVEL2);
	*table_entry(machines, TABLE_G_48, 0) = pointer_to(TABLE_G_LEVEL2);
	for (unsigned n = 0; n < ARRAY_SIZE(level2); n++) {
		for (unsigned i = 0; i < ARRAY_SIZE(giga); i++)
			*table_entry(machines, level2[n], giga[i] >> 30) =
				leaf_of(giga[i], PTE_LEAF | PTE_U);
		*table_entry(machines, level2[n], RAM_BASE >> 30) = pointer_to(TABLE_G_MIDDLE);
		*table_entry(machines, level2[n], ALIAS_GIGA >> 30) =
			leaf_of(RAM_BASE, PTE_LEAF | PTE_U);
	}
	*table_entry(machines, TABLE_G_MIDDLE, 0) = pointer_to(TABLE_G_LAST);
	for (unsigned n = 1; n < 3; n++)
		*table_entry(machines, TABLE_G_MIDDLE, n) = leaf_of(RAM_BASE, PTE_LEAF | PTE_U);
	*table_entry(machines, TABLE_G_MIDDLE, 3) = leaf_of(RAM_BASE + PAGE_SIZE, PTE_LEAF | PTE_U);
	make_g_last(machines, seed);
}

/*
 * The handlers disable interrupts and continue after the instruction. They keep all registers:
 *   csrrw x31,xscratch,x31; csrr x31,xepc; addi x31,x31,4; csrw xepc,x31; csrw xie,x0;
 *   csrrw x31,xscratch,x31; xret
 */
static const u32 handler_m[] = { 0x340f9ff3, 0x34102ff3, 0x004f8f93, 0x341f9073, 0x30401073,
				 0x340f9ff3, 0x30200073 };
static const u32 handler_s[] = { 0x140f9ff3, 0x14102ff3, 0x004f8f93, 0x141f9073, 0x10401073,
				 0x140f9ff3, 0x10200073 };

void random_memory(struct machines *machines, u64 seed)
{
	u64 *words = (u64 *)machines->ram;

	memset(machines->ram, 0, RAM_SIZE);
	memset(machines->tables, 0, TABLES_SIZE);
	for (u64 at = PAGE_DATA * PAGE_SIZE; at < (PAGE_DATA + DATA_PAGES) * PAGE_SIZE; at += 8)
		words[at / 8] = chance(&seed, 50) ? random_float(&seed) : random_value(&seed);
	memcpy(machines->ram + PAGE_HANDLER_M * PAGE_SIZE, handler_m, sizeof(handler_m));
	memcpy(machines->ram + PAGE_HANDLER_S * PAGE_SIZE, handler_s, sizeof(handler_s));
	make_tables(machines, &seed);
	make_g_stage(machines, &seed);
	machines_commit(machines);
}
