/* SPDX-License-Identifier: MIT */
/*
 * The file that --compare writes at a difference and that --restore begins with: the whole machine
 * from shortly before, with the guest's writes to its disks. Its first lines are a description for
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

/* Loads the state in config.restore. Returns 0, or -1 with board->error filled in. */
int board_restore(struct board *board);

#endif
