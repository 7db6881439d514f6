/* SPDX-License-Identifier: MIT */
/*
 * The file that --compare leaves at a difference and --restore begins with: all of a machine from
 * shortly before it, with what the guest has written to its disks, and in its first lines, for
 * people, how it came about. Private to the board's files; board_restore reads it.
 */
#ifndef DEVICES_BOARD_COMPARE_REPRODUCER_H
#define DEVICES_BOARD_COMPARE_REPRODUCER_H

struct board;
struct state_image;

/*
 * Write the machine, whose state is already in `image`. What was at `path` goes only when all is
 * written. 0 or a negative errno.
 */
int reproducer_write(const struct board *board, const struct state_image *image, const char *path);

#endif
