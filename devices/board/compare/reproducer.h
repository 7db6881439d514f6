/* SPDX-License-Identifier: MIT */
/*
 * The file that --compare writes at a difference and --restore begins with: all of a machine from
 * shortly before it, with the guest's writes to its disks, and in its first lines a description for
 * people. Private to the board's files; board_restore reads it.
 */
#ifndef DEVICES_BOARD_COMPARE_REPRODUCER_H
#define DEVICES_BOARD_COMPARE_REPRODUCER_H

struct board;
struct state_image;

/*
 * Writes the machine, whose state is already in `image`. The old file at `path` is replaced when
 * everything is written. 0 or a negative errno.
 */
int reproducer_write(const struct board *board, const struct state_image *image, const char *path);

#endif
