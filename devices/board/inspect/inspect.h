/* SPDX-License-Identifier: MIT */
/*
 * Prints views of a machine between two slices, as text to a FILE *: its memory mappings, TLB,
 * devices, and the processes of a Linux in it. The machine does not change. Hart numbers are less
 * than the configured number of harts.
 */
#ifndef DEVICES_BOARD_INSPECT_INSPECT_H
#define DEVICES_BOARD_INSPECT_INSPECT_H

#include "devices/board/inspect/space.h"

/* Prints the mappings of the space's page tables: address, target, size and rights. */
void board_info_mem(struct board *board, const struct board_memory *at, void *file);

/* Prints the translations in the hart's TLB. */
void board_info_tlb(struct board *board, unsigned hart, void *file);

/*
 * Translates an address by the first stage, to a guest-physical or physical address. Returns false
 * if there is no translation.
 */
bool board_gva2gpa(struct board *board, const struct board_memory *at, u64 *gpa);

/* Print the machine's devices, their addresses, and their buses; and its disks. */
void board_info_qtree(struct board *board, void *file);
void board_info_block(struct board *board, void *file);
/* Prints how much was read from the disks and written to them. */
void board_info_blockstats(struct board *board, void *file);

/* An open image. Names are borrowed. */
struct board_block {
	const char *id; /* of a drive; NULL: it is only a node */
	const char *node, *file;
	const char *driver; /* QEMU's name of the format */
	/* the name of the file's node; NULL: that is an open image, described separately */
	const char *below;
	bool block_device; /* the file is a block device */
	const char *user; /* the device that uses it; NULL: none */
	char path[96]; /* the device's path in QEMU's form; empty: none */
	u64 size; /* bytes */
	u64 file_size, used; /* bytes of the file, and of its allocation on the host's disk */
	bool readonly;
	bool dropped; /* writes are dropped when the machine ends */
	bool failed, full; /* an operation failed; it failed because the host's disk was full */
	unsigned zeroes; /* enum disk_zeroes */
};
/* Describes the n-th open image. Returns false if there are fewer. */
bool board_block(struct board *board, unsigned n, struct board_block *block);

/* An image in the chain of backing files of an open image. Names are borrowed. */
struct board_image {
	const char *file, *driver;
	u64 size, used; /* as in struct board_block */
	u64 cluster; /* bytes; 0: the format has none */
	/*
	 * The backing image: its path, its name in the header of this one, and its format; NULL:
	 * none.
	 */
	const char *backing, *backing_name, *backing_format;
	unsigned depth; /* how many images the chain has below this one */
};

/*
 * Describes image `level` of the n-th open image's chain; level 0 is the open image itself. Returns
 * false if the chain is shorter.
 */
bool board_image(struct board *board, unsigned n, unsigned level, struct board_image *image);

/* Prints `count` instructions from this address on, each with its symbol; fewer if memory ends. */
void board_print_code(struct board *board, const struct board_memory *at, u64 count, void *file);

/*
 * Prints the processes of the Linux kernel that runs on the hart. Returns false and prints nothing
 * if no kernel is found.
 */
bool board_ps(struct board *board, unsigned hart, void *file);

#endif
