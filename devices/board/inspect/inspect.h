/* SPDX-License-Identifier: MIT */
/*
 * What a person asks of a machine that is not running: how memory is mapped, what the TLB holds,
 * what devices there are, what a Linux in it runs. Text for a FILE *; nothing here changes the
 * machine. Harts are less than the configured number.
 */
#ifndef DEVICES_BOARD_INSPECT_INSPECT_H
#define DEVICES_BOARD_INSPECT_INSPECT_H

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

/* The n-th open image; false: there are fewer. Names are borrowed. */
struct board_block {
	const char *id; /* of a drive; NULL: it is a node alone */
	const char *node, *file;
	const char *driver; /* QEMU's name for what it does */
	const char *below; /* the file's node, if that is none by itself; NULL: it is */
	bool block_device; /* the file is */
	const char *user; /* the device that has it; NULL: none */
	char path[96]; /* of that, as QEMU says it; empty: none */
	u64 size; /* bytes */
	u64 file_size, used; /* bytes of the file, and of the host's disk that it takes */
	bool readonly;
	bool dropped; /* what is written to it */
	bool failed, full; /* an operation has, for there is no space on the host's disk */
	unsigned zeroes; /* enum disk_zeroes */
};
bool board_block(struct board *board, unsigned n, struct board_block *block);

/* Instructions from pc on, each with its symbol; fewer when memory ends. */
void board_print_code(struct board *board, unsigned hart, u64 pc, u64 count, void *file);

/* The processes of the Linux kernel that the hart is in; false, and no text: none is found. */
bool board_ps(struct board *board, unsigned hart, void *file);

#endif
