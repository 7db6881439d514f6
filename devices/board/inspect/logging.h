/* SPDX-License-Identifier: MIT */
/* Changes the items that the machine logs (bus/log.h) and the file of the log, while it runs. */
#ifndef DEVICES_BOARD_INSPECT_LOGGING_H
#define DEVICES_BOARD_INSPECT_LOGGING_H

struct board;

/*
 * Logs these items from now on, and no others. Must be called between two slices. Returns NULL, or
 * the word of an item that cannot be logged from now on: exec and cpu while the machine is
 * compared, because it must keep its engine; strict, because it must have seen everything since the
 * machine began.
 */
const char *board_log_items(struct board *board, unsigned items);

/*
 * Logs to a file of this name from now on; NULL: to the file of the machine's configuration.
 * Returns 0, or -errno: the file cannot be opened, and the log is unchanged. *before becomes 0, or
 * the -errno with which the old log could not be written completely.
 */
int board_log_file(struct board *board, const char *path, int *before);

#endif
