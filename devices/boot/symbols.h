/* SPDX-License-Identifier: MIT */
/*
 * Names for guest addresses, from the symbol tables of loaded ELF files. The symbols of a program
 * linked for virtual addresses (a kernel) are known at both: the virtual addresses at which it runs
 * with the MMU on, and the physical ones at which it was loaded.
 */
#ifndef DEVICES_BOOT_SYMBOLS_H
#define DEVICES_BOOT_SYMBOLS_H

#include "bus/base.h"

struct Elf; /* libelf */

/* A segment: the address for which it is linked, and its place. */
struct symbols_segment {
	u64 vaddr, paddr, size;
	bool process; /* its place is not in memory: a program's, at virtual addresses */
};

/* Where an address is, by the segments that were loaded. */
enum symbols_place {
	SYMBOLS_NOWHERE, /* in none of them */
	SYMBOLS_HOME, /* in one that was loaded where it is linked */
	SYMBOLS_LOADED, /* in one that is linked for other addresses, where it was loaded */
	SYMBOLS_LINKED, /* at the addresses for which that one is linked, or a process's */
};

/* A range of addresses that symbols may name; addresses outside of all ranges get no name. */
struct symbols_extent {
	u64 base, end;
	enum symbols_place place;
};

struct symbol {
	u64 addr;
	u64 size; /* 0: not known */
	u64 code_end; /* the end of the section of its code; 0: it is none */
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
 * Adds the symbols of an ELF whose segments were loaded. 0 or -ENOMEM; of a stripped or damaged
 * symbol table the readable part is added, perhaps nothing.
 */
int symbols_add(struct symbols *symbols, struct Elf *elf, const struct symbols_segment *segments,
		unsigned count);

enum symbols_place symbols_place(const struct symbols *symbols, u64 addr);

/* Names an address: "name+0x12" ("name" at its start), or "" and false. Functions are preferred. */
bool symbols_name(struct symbols *symbols, u64 addr, char *text, size_t size);

/*
 * Does the same for code: data and what is outside of the sections of code names none, since other
 * programs may have code at these addresses.
 */
bool symbols_name_code(struct symbols *symbols, u64 addr, char *text, size_t size);

/* Finds the range of code around an address that has one name; false when the address has none. */
bool symbols_around(struct symbols *symbols, u64 addr, u64 *begin, u64 *end);

/* Finds the physical address of a symbol, global ones first. */
bool symbols_find(const struct symbols *symbols, const char *name, u64 *addr);

/* Finds the address for which a symbol is linked, where that is another one. */
bool symbols_find_linked(const struct symbols *symbols, const char *name, u64 *addr);

#endif
