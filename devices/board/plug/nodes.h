/* SPDX-License-Identifier: MIT */
/*
 * The open images of a machine as nodes of QEMU's block layer, which can be added and deleted while
 * it runs. Each node has a name, and so has the node of the file beneath it. Errors use QEMU's
 * words, which programs know.
 */
#ifndef DEVICES_BOARD_PLUG_NODES_H
#define DEVICES_BOARD_PLUG_NODES_H

#include "devices/board/board.h"

/*
 * Opens an image as a new node. The strings of `config` are copied. Returns 0, or -1 with *error
 * filled in.
 */
int board_add_node(struct board *board, const struct board_disk *config, struct board_error *error);

/*
 * Deletes a node that was added and that no device uses, and closes its image. Returns 0, or -1
 * with *error filled in.
 */
int board_delete_node(struct board *board, const char *name, struct board_error *error);

/*
 * Enlarges a disk to `size` bytes, and notifies the guest. `drive` is the id of its drive, or
 * `name` is the name of its node. Returns 0, or -1 with *error filled in.
 */
int board_grow_disk(struct board *board, const char *drive, const char *name, u64 size,
		    struct board_error *error);

/*
 * Commits the disk of the drive or node `name`, or with NULL each disk that can be committed:
 * writes what the overlay of `snapshot` holds to its image, or what a qcow2 image holds to its
 * backing file. Returns 0, or -1 with the *error of the first that fails; the others are committed
 * nevertheless.
 */
int board_commit_disks(struct board *board, const char *name, struct board_error *error);

#endif
