/* SPDX-License-Identifier: MIT */
/*
 * Saves guest memory in files of the host, for tools that read it later. It is read between two
 * slices, without side effects. Files are replaced when they are complete (bus/output.h).
 */
#ifndef DEVICES_BOARD_INSPECT_SAVE_H
#define DEVICES_BOARD_INSPECT_SAVE_H

#include "devices/board/inspect/space.h"

/*
 * Writes the memory of the range to the file `path`, of flash the array, whatever a load would
 * read. Returns 0, -EFAULT unless the whole range is memory, or the negative errno of the host.
 */
int board_save_memory(struct board *board, const struct board_memory *range, const char *path);

/*
 * Writes an ELF core file with the integer registers of each hart as a thread, numbered from 1, and
 * the physical range `part` of RAM (all of it is board_ram()). Returns what board_save_memory does.
 */
int board_save_core(struct board *board, const struct board_memory *part, const char *path);

/* Returns the range of all RAM of the machine. */
struct board_memory board_ram(const struct board *board);

#endif
