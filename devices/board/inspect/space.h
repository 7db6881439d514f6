/* SPDX-License-Identifier: MIT */
/*
 * The memory of a machine as seen through one translation of addresses, with the page tables of a
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
		SPACE_CURRENT, /* as the hart's loads, or fetches, do now */
		SPACE_PHYSICAL,
		SPACE_HS, /* as in S-mode, V=0 */
		SPACE_VS, /* as in VS-mode with what is in the hart's vsatp and hgatp */
		SPACE_VMID, /* as SPACE_VS, on the hart whose hgatp has this VMID */
	} kind;
	u16 vmid;
};

struct board_memory {
	struct board_space space;
	unsigned hart;
	u64 addr, size; /* in bytes; functions that need only the beginning ignore the size */
};

/* Reads memory without side effects; false unless all of it is memory. */
bool board_peek(struct board *board, const struct board_memory *at, void *data);

/*
 * For the board: finds the hart and the regime of a space, for loads or for fetches. NULL: no hart
 * has that VMID.
 */
struct hart *board_space_regime(struct board *board, const struct board_memory *at, bool fetch,
				struct regime *regime);

/* An address of code in a mode of a hart. */
struct board_spot {
	struct hart *hart;
	u64 addr;
	u8 priv;
	bool virt;
};

/* Added to an even address of code: symbols at this address belong to other code. */
#define BOARD_NAMELESS 1ull

/*
 * Returns the address at which symbols name this code, as it is mapped now: its own or the physical
 * one; or its own plus BOARD_NAMELESS if none does.
 */
u64 board_spot_named(struct board *board, const struct board_spot *code);

/* Writes "main+0x4" or "" for it. */
void board_spot_symbol(struct board *board, const struct board_spot *code, char *text, size_t size);

/*
 * Returns " <main+0x4>" or "" for it. Data has names, too, as a hart may have jumped there by
 * mistake.
 */
struct board_spot_name {
	char text[136];
};
struct board_spot_name board_spot_name(struct board *board, const struct board_spot *code);

#endif
