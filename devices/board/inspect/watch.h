/* SPDX-License-Identifier: MIT */
/* The observers of the harts (cpu/debug/observe.h): for devices/board alone. */
#ifndef DEVICES_BOARD_INSPECT_WATCH_H
#define DEVICES_BOARD_INSPECT_WATCH_H

struct board;

/* Attaches the observers (logs, strict) that the configuration asks for. */
void board_watch(struct board *board);

/* Attaches all present observers to all harts. */
void board_watch_all(struct board *board);

/*
 * Adds or removes the observer of -d exec and cpu, depending on the items that are logged now
 * (logging.c).
 */
void board_trace(struct board *board);

#endif
