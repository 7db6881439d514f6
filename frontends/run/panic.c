/* SPDX-License-Identifier: MIT */
/* See run/panic.h. */
#include "frontends/run/panic.h"

#include <string.h>

#include "devices/board/inspect/hart_state.h"
#include "frontends/run/console.h"

/*
 * After this time, programs no longer run on other harts. Linux first prints the panic's text and a
 * backtrace, and then waits for up to one second until the other harts have stopped
 * (smp_send_stop).
 */
#define SETTLE_NS 1500000000ull

static bool is_user(const char *mode)
{
	return mode[strlen(mode) - 1] == 'U';
}

/* Returns whether a hart executes a program, or `since` the last look has come from one by a
 * trap. */
static bool runs_program(struct panic_check *check, struct board *board, unsigned harts, bool since)
{
	struct board_hart hart;
	bool runs = false;

	for (unsigned n = 0; n < harts; n++) {
		board_inspect_hart(board, n, &hart);
		runs |= is_user(hart.mode);
		runs |= since && hart.traps > check->traps[n] && is_user(hart.from_mode);
		check->traps[n] = hart.traps;
	}
	return runs;
}

void panic_look(struct panic_check *check, struct board *board, unsigned harts, u64 now,
		struct console *console)
{
	bool runs, settled;

	if (!console->panicked) {
		check->found = check->settled = false;
		return;
	}
	if (!check->found)
		check->since = now;
	check->found = true;
	settled = console->reboots || console_panic_ended(console) ||
		  now - check->since >= SETTLE_NS;
	runs = runs_program(check, board, harts, check->settled);
	check->settled = settled;
	if (settled && runs)
		console_lives(console);
}
