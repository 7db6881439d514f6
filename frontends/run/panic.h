/* SPDX-License-Identifier: MIT */
/*
 * Determines whether the text of a kernel's panic on the console is the kernel's own. A program
 * may print a log that contains it. A kernel that has panicked runs no program again.
 */
#ifndef FRONTENDS_RUN_PANIC_H
#define FRONTENDS_RUN_PANIC_H

#include "devices/board/board.h"

struct console;

struct panic_check {
	bool found; /* the console has had the text since the look before */
	bool settled; /* a panicked kernel had stopped all other harts at the last look */
	u64 since; /* the machine's time in ns of the look that found the text */
	u64 traps[BOARD_HARTS_MAX]; /* how many each hart had taken at the last look */
};

/*
 * Looks at the machine's `harts` harts, at the machine's time `now` in ns. If a program runs, the
 * console forgets the panic.
 */
void panic_look(struct panic_check *check, struct board *board, unsigned harts, u64 now,
		struct console *console);

#endif
