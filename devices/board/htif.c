/* SPDX-License-Identifier: MIT */
/*
 * When a program's tohost is looked at: behind the store that completes it, so that nothing is
 * counted of what the program does while it waits for its end; a while after one that does not,
 * for a command may be written in two words; and when nothing else goes on.
 */
#include "cpu/engine/code.h"
#include "devices/board/parts.h"

/* Nanoseconds from a write of one word until then. */
#define HTIF_DELAY 5000

static void look(void *ctx, u64 now)
{
	struct board *board = ctx;

	(void)now;
	htif_poll(&board->htif);
	/* The slice that follows has to be seen, too, and an answer was a write. */
	board_htif_watch(board);
}

static void look_in(struct board *board, u64 delay)
{
	struct clock *clock = &board->platform.clock;
	u64 when = clock_now(clock) + delay;

	if (when < board->htif_event.when)
		clock_arm(clock, &board->htif_event, when);
}

/* A store that is complete but for its bytes: the hart stops behind it, so the next is seen too. */
static void on_written(void *ctx, u64 pa, u64 len)
{
	struct board *board = ctx;

	look_in(board, htif_written(&board->htif, pa, len) ? 0 : HTIF_DELAY);
	board->platform.stop(board->platform.stop_ctx);
}

static const struct state_field htif_fields[] = {
	STATE_FIELD(struct htif, words),
};

static const struct state_type htif_state = {
	.version = 1,
	.fields = htif_fields,
	.count = ARRAY_SIZE(htif_fields),
};

void board_htif_attach(struct board *board)
{
	struct platform *platform = &board->platform;

	board->htif.platform = platform;
	board->htif.console = &board->uart.chardev;
	board->htif_event = (struct clock_event){
		.when = CLOCK_NEVER, .fire = look, .ctx = board,
	};
	clock_event_init(&platform->clock, &platform->state, &board->htif_event, "htif");
	state_register(&platform->state, "tohost", &htif_state, &board->htif);
}

void board_htif_reset(struct board *board)
{
	clock_disarm(&board->platform.clock, &board->htif_event);
	htif_find(&board->htif, &board->symbols);
	board->htif.words = 0;
	/* The program may come with a command in it. */
	if (board->htif.tohost)
		look_in(board, HTIF_DELAY);
}

void board_htif_watch(struct board *board)
{
	const struct code_guard guard = {
		.pa = board->htif.tohost, .written = on_written, .ctx = board,
	};

	if (board->htif.tohost)
		code_guard(board->harts.code, &board->platform.bus, &guard);
}
