/* SPDX-License-Identifier: MIT */
/*
 * Connects observers of the harts to their outputs: the commit log, and the reports of missing
 * fences.
 */
#include "devices/board/inspect/watch.h"

#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"

#include <stdio.h>

/*
 * How many steps another hart's fence may take: the sender may not be scheduled for a while, and
 * the receiver may have its interrupts disabled.
 */
#define PATIENCE 1000000

/* Writes a commit to the file. Errors are checked by the code that opened the file. */
static void write_commit(void *ctx, const char *text, size_t size)
{
	fwrite(text, 1, size, ctx);
}

static void watch_describe(const struct strict_page *page, char *text, size_t size)
{
	if (page->valid)
		snprintf(text, size, "0x%llx (%c%c%c)", page->pa, page->readable ? 'r' : '-',
			 page->writable ? 'w' : '-', page->executable ? 'x' : '-');
	else
		snprintf(text, size, "nothing");
}

static void fence_missing(void *ctx, const struct strict_finding *finding)
{
	static const char *const verbs[] = {
		[ACCESS_LOAD] = "loads from", [ACCESS_STORE] = "stores to",
		[ACCESS_FETCH] = "is fetched from",
	};
	struct board *board = ctx;
	const struct board_code_addr pc = { board->harts.hart[finding->hart], finding->pc,
					   finding->priv, finding->virt };
	char remembered[64], tables[64];

	watch_describe(&finding->remembered, remembered, sizeof(remembered));
	watch_describe(&finding->tables, tables, sizeof(tables));
	log_line(&board->platform.log, LOG_STRICT,
		 "strict: hart %u in %s-mode: the instruction at 0x%llx%s %s 0x%llx by a stale "
		 "translation: the TLB has %s, the page tables have %s; a fence is missing",
		 finding->hart, priv_name(finding->priv, finding->virt), finding->pc,
		 board_code_addr_name(board, &pc).text, verbs[finding->type], finding->va,
		 remembered, tables);
}

void board_watch_all(struct board *board)
{
	board->watched = board->watch.count > !!board->timing.kind ||
			 (board->coverage && board->config.engine == ENGINE_INTERP);
	for (unsigned n = 0; board->watch.count && n < board->harts.count; n++)
		watch_attach(&board->watch, board->harts.hart[n]);
}

void board_watch(struct board *board)
{
	struct harts *harts = &board->harts;

	if (board->config.commit_log) {
		board->commit_log.write = write_commit;
		board->commit_log.ctx = board->config.commit_log;
		board->commit_log.format = (enum commit_format)board->config.commit_format;
		commit_log_attach(&board->commit_log, &board->watch);
	}
	if (board->config.log_items & LOG_STRICT) {
		board->strict.found = fence_missing;
		board->strict.ctx = board;
		board->strict.patience = harts->count > 1 ? PATIENCE : 0;
		strict_attach(&board->strict, &board->watch);
	}
	board_trace(board);
	for (unsigned n = 0; n < harts->count; n++)
		hart_hooks_add(harts->hart[n], &trigger_hooks);
	board_watch_all(board);
}
