/* SPDX-License-Identifier: MIT */
/* The observers of the harts (cpu/debug/observe.h): for devices/board alone. */
#ifndef DEVICES_BOARD_INSPECT_WATCH_H
#define DEVICES_BOARD_INSPECT_WATCH_H

struct board;

/* Observes the harts (logs, strict) if the configuration asks for it. */
void board_watch(struct board *board);

/* Attaches all observers that exist to all harts. */
void board_watch_all(struct board *board);

/* Adds the observer of -d exec and cpu, or removes it, as the log's items say (logging.c). */
void board_trace(struct board *board);

#endif
