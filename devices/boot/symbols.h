/* SPDX-License-Identifier: MIT */
/*
 * Names of guest addresses, from the symbol tables of loaded ELF files. The symbols of a program
 * that is linked for virtual addresses (a kernel) are known at two addresses: the virtual one at
 * which it runs with the MMU on, and the physical one at which it was loaded.
 */
#ifndef DEVICES_BOOT_SYMBOLS_H
#define DEVICES_BOOT_SYMBOLS_H

#include "bus/base.h"

struct Elf; /* libelf */

/* A segment of an ELF: the address for which it is linked, and where it was loaded. */
struct symbols_segment {
	u64 vaddr, paddr, size;
	/* it belongs to a process, at virtual addresses, and has no fixed place in memory */
	bool process;
};

/* How an address relates to the loaded segments. */
enum symbols_place {
	SYMBOLS_NOWHERE, /* in no segment */
	SYMBOLS_HOME, /* in a segment that was loaded at the addresses for which it is linked */
	SYMBOLS_LOADED, /* in a segment as loaded, which is linked for other addresses */
	SYMBOLS_LINKED, /* in such a segment as linked, or in a segment of a process */
};

/* A range of addresses that symbols may name; addresses outside of all ranges get no name. */
struct symbols_extent {
	u64 base, end;
	enum symbols_place place;
};

struct symbol {
	u64 addr;
	u64 size; /* 0: not known */
	u64 code_end; /* the end of the code section that contains it; 0: it is not code */
	u32 name; /* offset into names */
	u8 rank; /* higher is preferred at the same address */
	/* it has the address where it was loaded, and is not an alias at a virtual address */
	bool physical;
	bool fallback; /* of symbols with the same name, that of any other file is meant */
	u16 file; /* the number of its file, in the order of symbols_add */
};

struct symbols {
	struct symbol *list;
	size_t count, room;
	bool sorted;
	char *names;
	size_t name_size;
	struct symbols_extent *extents;
	unsigned extent_count;
	u16 file_count;
};

void symbols_init(struct symbols *symbols);
void symbols_free(struct symbols *symbols); /* it is empty then, and can be used again */

/* An ELF whose segments were loaded. */
struct symbols_file {
	struct Elf *elf;
	const struct symbols_segment *segments;
	unsigned count;
	u64 offset; /* is added to the symbols' addresses; the segments' include it already */
	bool fallback; /* that of its symbols */
};

/*
 * Adds the symbols of an ELF. Returns 0 or -ENOMEM. From a damaged symbol table it adds the
 * readable part.
 */
int symbols_add(struct symbols *symbols, const struct symbols_file *file);

/* Returns how an address relates to the loaded segments. */
enum symbols_place symbols_place(const struct symbols *symbols, u64 addr);

/*
 * Writes the name of an address: "name+0x12" ("name" at its start), or "", and returns whether it
 * has one. Functions are preferred. The name is printable, whatever the file contains.
 */
bool symbols_name(struct symbols *symbols, u64 addr, char *text, size_t size);

/*
 * Does the same for code: it names no address in data, or outside of code sections, since another
 * program may have code there.
 */
bool symbols_name_code(struct symbols *symbols, u64 addr, char *text, size_t size);

/*
 * Finds the range of code that contains an address and has the same symbol. Returns false if the
 * address has none.
 */
bool symbols_around(struct symbols *symbols, u64 addr, u64 *begin, u64 *end);

/*
 * Finds the physical address of a symbol. Of several symbols with this name it prefers functions,
 * then those with a size, then labels to numbers; of two of a kind, a global one. Returns false if
 * there is none.
 */
bool symbols_find(const struct symbols *symbols, const char *name, u64 *addr);

/*
 * Finds another physical address that the name may mean as well: both it and the one that
 * symbols_find found are of global symbols, in different files. Returns false if there is none.
 */
bool symbols_find_other(const struct symbols *symbols, const char *name, u64 *addr);

/*
 * Finds the address for which a symbol is linked. Returns false if the symbol was loaded there, or
 * if there is none.
 */
bool symbols_find_linked(const struct symbols *symbols, const char *name, u64 *addr);

#endif
