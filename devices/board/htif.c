/* SPDX-License-Identifier: MIT */
/*
 * Determines when a program's tohost is read. It is read after the store that completes a command,
 * so that the loop in which the program then waits for the machine's end is not counted; a while
 * after an incomplete store, because a command may be written as two words; and when the machine is
 * idle.
 */
#include "cpu/engine/block_cache.h"
#include "devices/board/machine.h"

/* Nanoseconds from the store of one word to the read of tohost. */
#define HTIF_DELAY 5000

static void htif_check(void *ctx, u64 now)
{
	struct board *board = ctx;

	(void)now;
	htif_poll(&board->htif);
	/* The next slice must be observed, too, and an answer may have written to memory. */
	board_htif_watch(board);
}

static void look_in(struct board *board, u64 delay)
{
	struct clock *clock = &board->platform.clock;
	u64 when = clock_now(clock) + delay;

	if (when < board->htif_event.when)
		clock_arm(clock, &board->htif_event, when);
}

/*
 * Handles a store to tohost, which is about to complete. The hart stops after it, so that the next
 * store is observed, too.
 */
static void on_written(void *ctx, u64 pa, u64 len)
{
	struct board *board = ctx;

	look_in(board, htif_written(&board->htif, pa, len) ? 0 : HTIF_DELAY);
	board->platform.stop(board->platform.stop_ctx);
}

static const struct state_field htif_fields[] = {
	STATE_FIELD(struct htif, words),
	STATE_FIELD(struct htif, reads),
};

static const struct state_type htif_state = {
	.version = 2,
	.fields = htif_fields,
	.count = ARRAY_SIZE(htif_fields),
};

void board_htif_attach(struct board *board)
{
	struct platform *platform = &board->platform;

	board->htif.platform = platform;
	board->htif.console = &board->uart;
	board->htif_event = (struct clock_event){
		.when = CLOCK_NEVER, .fire = htif_check, .ctx = board,
	};
	clock_event_init(&platform->clock, &platform->state, &board->htif_event, "htif");
	state_register(&platform->state, "tohost", &htif_state, &board->htif);
}

/*
 * Returns the physical address of a symbol of the program, or 0 if it has no symbol of that name.
 */
static u64 address_of(const struct board *board, const char *name)
{
	u64 addr;

	return symbols_find(&board->symbols, name, &addr) ? addr : 0;
}

void board_htif_reset(struct board *board)
{
	clock_disarm(&board->platform.clock, &board->htif_event);
	board->htif.tohost = address_of(board, "tohost");
	board->htif.fromhost = address_of(board, "fromhost");
	board->htif.words = 0;
	board->htif.reads = 0;
	/* The program's image may contain a command. */
	if (board->htif.tohost)
		look_in(board, HTIF_DELAY);
}

void board_htif_watch(struct board *board)
{
	const struct block_cache_guard guard = {
		.pa = board->htif.tohost, .written = on_written, .ctx = board,
	};

	if (board->htif.tohost)
		block_cache_guard(board->harts.blocks, &board->platform.bus, &guard);
}
