/* SPDX-License-Identifier: MIT */
/*
 * What a person asks of a machine that is not running: how memory is mapped, what the TLB holds,
 * what devices there are, what a Linux in it runs. Text for a FILE *; nothing here changes the
 * machine. Harts are less than the configured number.
 */
#ifndef DEVICES_BOARD_INSPECT_H
#define DEVICES_BOARD_INSPECT_H

#include "bus/base.h"

struct board;

/* What the page tables in force map: address, where to, how much, with which rights. */
void board_info_mem(struct board *board, unsigned hart, void *file);

/* The translations that the hart's TLB remembers. */
void board_info_tlb(struct board *board, unsigned hart, void *file);

/* Where the first stage leads from an address: the second's, or physical; false: nowhere. */
bool board_gva2gpa(struct board *board, unsigned hart, u64 va, u64 *gpa);

/* The devices of the machine, where they are, and what is behind them. */
void board_info_qtree(struct board *board, void *file);
void board_info_block(struct board *board, void *file);

/* The n-th disk; false: there are fewer. Names are borrowed. */
struct board_block {
	const char *id, *file;
	u64 size; /* bytes */
	bool qcow2, readonly;
	bool dropped; /* what is written to it */
	bool failed; /* an operation has */
};
bool board_block(struct board *board, unsigned n, struct board_block *block);

/* Instructions from pc on, each with its symbol; fewer when memory ends. */
void board_print_code(struct board *board, unsigned hart, u64 pc, u64 count, void *file);

/* The processes of the Linux kernel that the hart is in; false, and no text: none is found. */
bool board_ps(struct board *board, unsigned hart, void *file);

#endif
