/* SPDX-License-Identifier: MIT */
/*
 * Saves guest memory in files of the host, for tools that read it later. It is read between two
 * slices, without side effects. Files are replaced when they are complete (bus/output.h).
 */
#ifndef DEVICES_BOARD_INSPECT_SAVE_H
#define DEVICES_BOARD_INSPECT_SAVE_H

#include "devices/board/inspect/space.h"

/*
 * Writes the memory of the range. Returns 0, -EFAULT unless all of it is memory, or the host's
 * error.
 */
int board_save_memory(struct board *board, const struct board_memory *range, const char *path);

/*
 * Writes an ELF core file: the integer registers of each hart as a thread, numbered from 1, and
 * RAM, or the physical range `part` of it, at its physical addresses. Errors as above.
 */
int board_save_core(struct board *board, const struct board_memory *part, const char *path);

/* Returns all RAM of the machine. */
struct board_memory board_ram(const struct board *board);

#endif
