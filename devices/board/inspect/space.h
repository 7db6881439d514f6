/* SPDX-License-Identifier: MIT */
/*
 * The memory of a machine as seen through one translation of addresses, with the page tables of one
 * hart.
 */
#ifndef DEVICES_BOARD_INSPECT_SPACE_H
#define DEVICES_BOARD_INSPECT_SPACE_H

#include "bus/base.h"

struct board;
struct hart;
struct regime;

/* The translation that an address goes through. */
struct board_space {
	enum {
		/* as the hart's loads, or for code its fetches, are translated now */
		SPACE_CURRENT,
		SPACE_PHYSICAL,
		SPACE_HS, /* as in S-mode, V=0 */
		SPACE_VS, /* as in VS-mode with the hart's present vsatp and hgatp */
		SPACE_GPA, /* guest physical addresses, which only hgatp translates */
		SPACE_VMID, /* as SPACE_VS, on the hart whose hgatp has this VMID */
	} kind;
	u16 vmid;
};

struct board_memory {
	struct board_space space;
	unsigned hart;
	u64 addr, size; /* size is in bytes; functions that need only the address ignore it */
};

/* Returns whether a hart's hgatp has this VMID, without which a SPACE_VMID does not exist. */
bool board_has_vmid(struct board *board, u16 vmid);

/* Reads memory without side effects. Returns false unless all of it is memory. */
bool board_peek(struct board *board, const struct board_memory *at, void *data);

/*
 * Finds the hart and the regime of a space, for loads or for fetches. Returns NULL if no hart has
 * that VMID. For the board.
 */
struct hart *board_space_regime(struct board *board, const struct board_memory *at, bool fetch,
				struct regime *regime);

/* An address of code in a mode of a hart. */
struct board_code_addr {
	struct hart *hart;
	u64 addr;
	u8 priv;
	bool virt;
};

/* A flag in an address of code, which is even: symbols at this address belong to other code. */
#define BOARD_NAMELESS 1ull

/*
 * Returns the address by which symbols name this code, as it is mapped now: its virtual or its
 * physical address. If no symbol names it, its virtual address, with BOARD_NAMELESS if symbols at
 * that address belong to other code.
 */
u64 board_code_addr_named(struct board *board, const struct board_code_addr *code);

/* Writes the name of this code: "main+0x4", or "" if it has none. */
void board_code_addr_symbol(struct board *board, const struct board_code_addr *code, char *text,
			    size_t size);

/*
 * Returns " <main+0x4>", or "" for an address without a name. Here data has names, too, since a
 * hart may have jumped there by mistake.
 */
struct board_code_addr_name {
	char text[136];
};
struct board_code_addr_name board_code_addr_name(struct board *board,
						 const struct board_code_addr *code);

#endif
