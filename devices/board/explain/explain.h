/* SPDX-License-Identifier: MIT */
/*
 * Why a hart does what it does, in words for people: what it is doing and which interrupts it is
 * deaf to; why a trap was taken; what an access would come to. The rules are asked of cpu/ and of
 * the interrupt controllers, none is written here again. Nothing changes the machine.
 *
 * `file` is a FILE *; `hart` is less than the configured number of harts.
 */
#ifndef DEVICES_BOARD_EXPLAIN_EXPLAIN_H
#define DEVICES_BOARD_EXPLAIN_EXPLAIN_H

#include "bus/base.h"

struct board;

/* A hart, its interrupts, and the last trap; all of them. */
void board_explain_hart(struct board *board, unsigned hart, void *file);
void board_explain(struct board *board, void *file);

/* The last traps, a line each with its number. */
void board_info_traps(struct board *board, unsigned hart, void *file);

/* A trap by its number, 0 the last one. False when it is not (or no longer) remembered. */
bool board_explain_trap(struct board *board, unsigned hart, u64 number, void *file);

/* A load, store or fetch (BOARD_READ ...) of the hart at an address, as it would go now. */
enum board_access { BOARD_READ, BOARD_WRITE, BOARD_EXECUTE };
void board_explain_access(struct board *board, unsigned hart, u64 addr, enum board_access access,
			  void *file);

#endif
