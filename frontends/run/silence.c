/* SPDX-License-Identifier: MIT */
/* See run/silence.h. */
#include "frontends/run/silence.h"

#include "bus/clock.h"
#include "devices/board/board.h"
#include "frontends/run/console.h"

/* A guest that retires fewer instructions in SILENCE_MUTE_NS is idle, as at a prompt. */
#define MUTE_INSTRUCTIONS 100000000ull
/* A guest that is silent for this long after a panic's last line hangs. */
#define PANIC_NS (3 * NS_PER_S)

void silence_begin(struct silence *silence, struct board *board, const struct console *console)
{
	struct board_stats stats;

	board_stats(board, &stats);
	silence->written = console->written;
	silence->since = clock_host_ns();
	silence->instructions = stats.instructions;
	silence->idle_ns = 0;
	silence->reported = false;
}

/*
 * Returns whether the guest is mute: it got no input, and has never written anything, or writes
 * nothing more although it is busy. Each silence is judged once, after SILENCE_MUTE_NS. A guest at
 * a prompt may be busy, because it polls its console, as boot loaders do; it is not mute. A guest
 * that draws in a window is not judged, because one can see that it works.
 */
static bool is_mute(struct silence *silence, struct board *board, const struct console *console,
		    u64 silent)
{
	struct board_stats stats;

	if (silence->reported || silence->hinted || silent < SILENCE_MUTE_NS || console->taken)
		return false;
	silence->reported = true;
	board_stats(board, &stats);
	if (silence->written &&
	    (console->prompted || stats.instructions - silence->instructions < MUTE_INSTRUCTIONS))
		return false;
	silence->hinted = true;
	return true;
}

/* Returns whether the guest hangs: its kernel has panicked, and neither reboots nor idles. Such a
 * kernel stays as it is for a person who wants to examine it. */
static bool is_hang(const struct silence *silence, const struct console *console, u64 silent)
{
	return silent >= PANIC_NS && !console->hang_reported && console_panic_ended(console) &&
	       silence->idle_ns <= silent / 2;
}

enum silence_verdict silence_check(struct silence *silence, struct board *board,
				   const struct console *console, bool hint)
{
	u64 silent = clock_host_ns() - silence->since;

	if (hint && is_mute(silence, board, console, silent))
		return SILENCE_MUTE;
	return is_hang(silence, console, silent) ? SILENCE_HANG : SILENCE_NOTHING;
}
