/* SPDX-License-Identifier: MIT */
/*
 * Guest memory in files of the host, for tools that read it later. It is read between two slices,
 * without side effects. Files are replaced when they are complete (bus/output.h).
 */
#ifndef DEVICES_BOARD_INSPECT_SAVE_H
#define DEVICES_BOARD_INSPECT_SAVE_H

#include "devices/board/inspect/space.h"

/* Writes what is stored there. 0, -EFAULT unless all of it is memory, or the host's error. */
int board_save_memory(struct board *board, const struct board_memory *range, const char *path);

/*
 * Writes an ELF core file: the integer registers of each hart, numbered from 1 as threads are, and
 * RAM at its physical addresses, or a part of it, which is a physical range. Errors as above.
 */
int board_save_core(struct board *board, const struct board_memory *part, const char *path);

/* Returns all RAM of the machine. */
struct board_memory board_ram(const struct board *board);

#endif
