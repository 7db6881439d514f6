/* SPDX-License-Identifier: MIT */
/*
 * Device registers, read by a user of the monitor. Such a read has all side effects of a hart's, so
 * it passes the journal: a machine that follows this one makes it, too.
 */
#include "devices/board/inspect/probe.h"

#include "devices/board/machine.h"

#include <string.h>

struct probe {
	u64 addr;
	u64 size;
};

static void probe_put(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;
	struct probe probe;

	if (size != sizeof(probe))
		return;
	memcpy(&probe, data, sizeof(probe));
	board->probe.found = bus_load(&board->platform.bus, probe.addr, (unsigned)probe.size,
				      &board->probe.value);
}

void board_probe_connect(struct board *board)
{
	const struct journal_sink sink = { .name = "probe", .put = probe_put, .ctx = board };

	board->probe.sink = journal_register(&board->platform.journal, &sink);
}

bool board_probe(struct board *board, u64 addr, unsigned size, u64 *value)
{
	const struct probe probe = { .addr = addr, .size = size };

	board->probe.found = false;
	board->probe.value = 0;
	journal_put(&board->platform.journal, board->probe.sink, &probe, sizeof(probe));
	*value = board->probe.value;
	return board->probe.found;
}
