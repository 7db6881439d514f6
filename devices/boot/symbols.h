/* SPDX-License-Identifier: MIT */
/*
 * Names for guest addresses, from the symbol tables of loaded ELF files. A program that is linked
 * for virtual addresses (a kernel) is known at both: the addresses it runs at with the MMU on and
 * the physical ones it was loaded to.
 */
#ifndef DEVICES_BOOT_SYMBOLS_H
#define DEVICES_BOOT_SYMBOLS_H

#include "bus/base.h"

struct Elf; /* libelf */

/* A loaded segment: what it is linked for, and where it lies. */
struct symbols_segment {
	u64 vaddr, paddr, size;
};

/* Addresses that symbols speak for; nothing outside gets a name. */
struct symbols_extent {
	u64 base, end;
};

struct symbol {
	u64 addr;
	u64 size; /* 0: not known */
	u32 name; /* offset into names */
	u8 rank; /* higher is preferred at the same address */
	bool physical; /* not an alias at a virtual address */
};

struct symbols {
	struct symbol *list;
	size_t count, room;
	bool sorted;
	char *names;
	size_t name_size;
	struct symbols_extent *extents;
	unsigned extent_count;
};

void symbols_init(struct symbols *symbols);
void symbols_free(struct symbols *symbols); /* empty again, usable */

/*
 * Add the symbols of an ELF whose segments were loaded. 0 or -ENOMEM; a stripped or damaged symbol
 * table adds what can be read of it, perhaps nothing.
 */
int symbols_add(struct symbols *symbols, struct Elf *elf, const struct symbols_segment *segments,
		unsigned count);

/* "name+0x12" for an address ("name" at its start), or "" and false. Functions are preferred. */
bool symbols_name(struct symbols *symbols, u64 addr, char *text, size_t size);

/* The code around an address that it has one name with; false when it has none. */
bool symbols_around(struct symbols *symbols, u64 addr, u64 *begin, u64 *end);

/* The physical address of a symbol, global ones first. */
bool symbols_find(const struct symbols *symbols, const char *name, u64 *addr);

/* The same by the address that it is linked for, where that is another one. */
bool symbols_find_linked(const struct symbols *symbols, const char *name, u64 *addr);

#endif
