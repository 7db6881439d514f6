/* SPDX-License-Identifier: MIT */
/*
 * When a program's tohost is looked at: soon after its page was written, for a command may be
 * written in two words; and when nothing else goes on.
 */
#include "cpu/code.h"
#include "devices/board_parts.h"

/* Nanoseconds from a write until then. */
#define HTIF_DELAY 5000

static void look(void *ctx, u64 now)
{
	struct board *board = ctx;

	(void)now;
	htif_poll(&board->htif);
}

static void look_soon(void *ctx)
{
	struct board *board = ctx;
	struct clock *clock = &board->platform.clock;

	if (board->htif_event.when == CLOCK_NEVER)
		clock_arm(clock, &board->htif_event, clock_now(clock) + HTIF_DELAY);
}

void board_htif_attach(struct board *board)
{
	struct platform *platform = &board->platform;

	board->htif.platform = platform;
	board->htif.console = &board->uart.chardev;
	board->htif_event = (struct clock_event){
		.when = CLOCK_NEVER, .fire = look, .ctx = board,
	};
	clock_event_init(&platform->clock, &platform->state, &board->htif_event, "htif");
}

void board_htif_reset(struct board *board)
{
	clock_disarm(&board->platform.clock, &board->htif_event);
	htif_find(&board->htif, &board->symbols);
	/* The program may come with a command in it. */
	if (board->htif.tohost)
		look_soon(board);
}

void board_htif_watch(struct board *board)
{
	const struct code_guard guard = {
		.pa = board->htif.tohost, .written = look_soon, .ctx = board,
	};

	if (board->htif.tohost)
		code_guard(board->harts.code, &board->platform.bus, &guard);
}
