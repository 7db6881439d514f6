/* SPDX-License-Identifier: MIT */
/*
 * Explains a hart's behaviour: what it is doing and which interrupts it ignores; why a trap was
 * taken; how an access would end. The rules are not repeated here: functions of cpu/ and of the
 * interrupt controllers apply them. The machine does not change.
 *
 * `file` is a FILE *; `hart` is less than the configured number of harts.
 */
#ifndef DEVICES_BOARD_EXPLAIN_EXPLAIN_H
#define DEVICES_BOARD_EXPLAIN_EXPLAIN_H

#include "devices/board/inspect/space.h"

/*
 * Explain one hart, with its interrupts and its last trap; and all harts. Both list the devices
 * that do nothing until they are reset.
 */
void board_explain_hart(struct board *board, unsigned hart, void *file);
void board_explain(struct board *board, void *file);

/* Prints the last traps of a hart, one per line, each with its number. */
void board_info_traps(struct board *board, unsigned hart, void *file);

/*
 * Explains the trap with this number, or with 0 the last one. Returns false if it was never
 * recorded or is no longer.
 */
bool board_explain_trap(struct board *board, unsigned hart, u64 number, void *file);

/*
 * Explains how a load, store or fetch (BOARD_READ ...) of the hart at an address would end if it
 * happened now: in the hart's present mode, or in that of the space if that is not SPACE_CURRENT.
 */
enum board_access { BOARD_READ, BOARD_WRITE, BOARD_EXECUTE };
void board_explain_access(struct board *board, const struct board_memory *at,
			  enum board_access access, void *file);

#endif
