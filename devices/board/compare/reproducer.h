/* SPDX-License-Identifier: MIT */
/*
 * Writes and loads the file that --compare leaves at a difference, and from which --restore starts:
 * the whole machine shortly before the difference, with the guest's writes to its disks. Its first
 * lines describe it for people. Private to the board's files.
 */
#ifndef DEVICES_BOARD_COMPARE_REPRODUCER_H
#define DEVICES_BOARD_COMPARE_REPRODUCER_H

struct board;
struct state_image;

/*
 * Writes the machine, whose state is already in `image`. The old file at `path` is replaced when
 * everything is written. Returns 0 or a negative errno.
 */
int reproducer_write(const struct board *board, const struct state_image *image, const char *path);

/*
 * Loads the machine from the file config.restore, if that is set. Returns 0, or -1 with
 * board->error filled in.
 */
int board_restore(struct board *board);

#endif
