/* SPDX-License-Identifier: MIT */
/*
 * Chooses what the machine logs, and the file of the log. Owns the file if it is chosen while the
 * machine runs, and the observer for -d exec, cpu and in_asm.
 */
#include "devices/board/inspect/logging.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "cpu/isa/disasm.h"
#include "devices/board/inspect/space.h"
#include "devices/board/inspect/watch.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"

#define TRACED (LOG_EXEC | LOG_CPU)

/* A log that was opened while the machine ran. */
struct own_log {
	FILE *file;
	char path[sizeof(((struct board_log_end *)NULL)->path)];
};

/*
 * Logs in QEMU's format, with a line for each instruction, where QEMU has one for each translation
 * block. The host address of the block, which QEMU prints, is missing.
 */
static void trace(void *ctx, struct hart *hart, const struct event *event)
{
	struct board *board = ctx;
	struct log *log = &board->platform.log;
	const struct board_code_addr pc = { hart, event->pc, event->priv, event->virt };
	char text[DISASM_MAX];
	char name[128];

	if (!log_covers(log, event->pc))
		return;
	if (log_on(log, LOG_EXEC)) {
		board_code_addr_symbol(board, &pc, name, sizeof(name));
		log_line(log, LOG_EXEC, "Trace %u: 0x0 [%016x/%016llx/%s] %s", hart->id, 0,
			 event->pc, priv_name(event->priv, event->virt), name);
	}
	if (log_on(log, LOG_IN_ASM) && event->fetched) {
		disasm(hart->isa, event->pc, event->raw, text, sizeof(text));
		log_line(log, LOG_IN_ASM, "hart %u: %s 0x%llx: %s", hart->id,
			 priv_name(event->priv, event->virt), event->pc, text);
	}
	if (log_on(log, LOG_CPU) && log_more(log, LOG_CPU))
		board_info_registers(board, hart->id, log->file);
}

/*
 * Returns whether what is logged needs an observer. The interpreter decodes no blocks, which -d
 * in_asm would log without one.
 */
static bool is_traced(const struct board *board)
{
	const struct board_config *config = &board->config;
	unsigned items = board->platform.log.items;
	bool interp = config->engine == ENGINE_INTERP || config->commit_log ||
		      config->log_items & LOG_STRICT;

	return items & TRACED || (items & LOG_IN_ASM && interp);
}

void board_trace(struct board *board)
{
	const struct observer observer = { .before = trace, .ctx = board };
	bool traced = is_traced(board);

	if (traced == board->traced)
		return;
	board->traced = traced;
	if (traced)
		watch_add(&board->watch, &observer);
	else
		watch_remove(&board->watch, trace);
}

const char *board_log_items(struct board *board, unsigned items)
{
	struct log *log = &board->platform.log;

	if (items & LOG_STRICT & ~board->config.log_items)
		return "strict";
	if (board->compare && items & TRACED)
		return items & LOG_EXEC ? "exec" : "cpu";
	if (log->file)
		fflush(log->file);
	log->items = items;
	board_trace(board);
	board_watch_all(board);
	board_choose_tier(board);
	return NULL;
}

/* Opens a log. Returns NULL with errno on failure. */
static struct own_log *open_log(const char *path)
{
	struct own_log *own = malloc(sizeof(*own));
	int failed;

	if (!own)
		return NULL;
	own->file = output_grow(path);
	if (!own->file) {
		failed = errno;
		free(own);
		errno = failed;
		return NULL;
	}
	snprintf(own->path, sizeof(own->path), "%s", path);
	output_begin(own->file);
	/* line-buffered as in QEMU, because the user reads the log while it is written */
	setvbuf(own->file, NULL, _IOLBF, 0);
	return own;
}

int board_log_file(struct board *board, const char *path, struct board_log_end *before)
{
	struct log *log = &board->platform.log;
	struct own_log *opened = path ? open_log(path) : NULL, *old = board->own_log;

	*before = (struct board_log_end){ 0 };
	if (path && !opened)
		return -errno;
	if (old) {
		memcpy(before->path, old->path, sizeof(before->path));
		before->failed = output_end(old->file);
		free(old);
	}
	board->own_log = opened;
	log->file = opened ? opened->file : board->config.log_file;
	log->lines = log->warnings = 0;
	return 0;
}
