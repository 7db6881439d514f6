/* SPDX-License-Identifier: MIT */
/* Reading a folder that share_open_node has opened. */
#ifndef DEVICES_SHARE_FOLDER_H
#define DEVICES_SHARE_FOLDER_H

#include "bus/base.h"
#include <dirent.h>

/* The reader of a folder: `take` receives each entry, and returns false if it does not fit. */
struct share_reader {
	bool (*take)(void *ctx, const struct dirent64 *entry);
	void *ctx;
	size_t bytes; /* about how many bytes of entries fit */
};

/*
 * Reads the entries of an open folder from `offset` on, in the host's order and with its offsets,
 * until the reader has no room or the folder ends. *position, kept with fd, is initially 0.
 */
int share_read_folder(int fd, u64 *position, u64 offset, const struct share_reader *reader);

#endif
