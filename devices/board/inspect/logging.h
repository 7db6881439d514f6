/* SPDX-License-Identifier: MIT */
/* Changes the items that the machine logs (bus/log.h) and the file of the log, while it runs. */
#ifndef DEVICES_BOARD_INSPECT_LOGGING_H
#define DEVICES_BOARD_INSPECT_LOGGING_H

struct board;

/* A log that is closed. */
struct board_log_end {
	int failed; /* 0, or the negative errno of a write: then the log is incomplete */
	char path[256]; /* the start of its path */
};

/*
 * Logs these items from now on, and no others. Must be called between two slices. Returns NULL, or
 * the name of an item that cannot be turned on now: exec and cpu while the machine is compared,
 * because it must keep its engine; strict, because it must observe everything since the machine
 * began.
 */
const char *board_log_items(struct board *board, unsigned items);

/*
 * Logs to the file with this name from now on; NULL: to the file of the machine's configuration.
 * Returns 0, or -errno if the file cannot be opened, and then the log is unchanged. *before
 * describes the old log, if this function had opened it.
 */
int board_log_file(struct board *board, const char *path, struct board_log_end *before);

#endif
