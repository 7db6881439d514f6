/* SPDX-License-Identifier: MIT */
/* Changes the items that the machine logs (bus/log.h) and the file of the log, while it runs. */
#ifndef DEVICES_BOARD_INSPECT_LOGGING_H
#define DEVICES_BOARD_INSPECT_LOGGING_H

struct board;

/*
 * Logs these items from now on, and no others. Called between two slices. Returns NULL, or the word
 * of an item that cannot be logged from now on: exec and cpu while the machine is compared, whose
 * engine it must keep, and strict, which must have seen all since the machine began.
 */
const char *board_log_items(struct board *board, unsigned items);

/*
 * Logs to a file of that name in place of the last one; NULL: to the file of the machine's
 * configuration. Returns 0, or -errno: the file cannot be opened, and the log stays where it is, or
 * not all of the last one could be written.
 */
int board_log_file(struct board *board, const char *path);

#endif
