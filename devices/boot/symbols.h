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

/* A segment of an ELF: the address for which it is linked, and where it was loaded. */
struct symbols_segment {
	u64 vaddr, paddr, size;
	/* it belongs to a process, at virtual addresses, and has no place in memory */
	bool process;
};

/* Where an address is in the loaded segments. */
enum symbols_place {
	SYMBOLS_NOWHERE, /* in no segment */
	SYMBOLS_HOME, /* in a segment that was loaded where it is linked */
	SYMBOLS_LOADED, /* where a segment was loaded that is linked for other addresses */
	SYMBOLS_LINKED, /* at the addresses for which that segment is linked, or in a process */
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
 * Adds the symbols of an ELF whose segments were loaded. Returns 0 or -ENOMEM. From a damaged
 * symbol table it adds the readable part.
 */
int symbols_add(struct symbols *symbols, struct Elf *elf, const struct symbols_segment *segments,
		unsigned count);

enum symbols_place symbols_place(const struct symbols *symbols, u64 addr);

/*
 * Writes the name of an address: "name+0x12" ("name" at its start), or "" and returns false.
 * Functions are preferred.
 */
bool symbols_name(struct symbols *symbols, u64 addr, char *text, size_t size);

/*
 * Does the same for code. An address in data, or outside of the sections of code, gets no name,
 * since another program may have code there.
 */
bool symbols_name_code(struct symbols *symbols, u64 addr, char *text, size_t size);

/* Finds the range of code around an address that has one name; false when the address has none. */
bool symbols_around(struct symbols *symbols, u64 addr, u64 *begin, u64 *end);

/* Finds the physical address of a symbol, global ones first. */
bool symbols_find(const struct symbols *symbols, const char *name, u64 *addr);

/* Finds the address for which a symbol is linked, if it is not where the symbol was loaded. */
bool symbols_find_linked(const struct symbols *symbols, const char *name, u64 *addr);

#endif
