/* SPDX-License-Identifier: MIT */
/*
 * The open images of a machine as nodes of QEMU's block layer, which can be added and deleted while
 * it runs: each has a name, and so has the file beneath it. Errors use QEMU's words, which programs
 * know.
 */
#ifndef DEVICES_BOARD_PLUG_NODES_H
#define DEVICES_BOARD_PLUG_NODES_H

#include "devices/board/board.h"

/* Opens an image; the strings are copied. 0, or -1 with *error. */
int board_add_node(struct board *board, const struct board_disk *config, struct board_error *error);

/* Closes the image of a node that was added and that no device uses. 0, or -1 with *error. */
int board_delete_node(struct board *board, const char *name, struct board_error *error);

/*
 * Makes the disk with this drive's id, or else this node's name, larger, to `size` bytes, and tells
 * its guest. Returns 0, or -1 with *error filled in.
 */
int board_grow_disk(struct board *board, const char *drive, const char *name, u64 size,
		    struct board_error *error);

/*
 * Commits the disk of a drive or a node, or (NULL) each that can be: what an overlay of `snapshot`
 * has goes into its image, and what a qcow2 image has into its backing file. 0, or -1 with the
 * *error of the first that fails; the others are committed nevertheless.
 */
int board_commit_disks(struct board *board, const char *name, struct board_error *error);

#endif
