/* SPDX-License-Identifier: MIT */
/*
 * Accesses device registers for a user of the monitor or of a debugger. Such an access has the same
 * side effects as a hart's, so it passes through the journal: a machine that follows this one's
 * journal makes the same access.
 */
#include "devices/board/inspect/probe.h"

#include "devices/board/machine.h"

#include <string.h>

struct probe {
	u64 addr;
	u32 hart; /* at whose time the access is made */
	u16 size, store;
	u64 value; /* of a store */
};

static void probe_put(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;
	struct bus *bus = &board->platform.bus;
	struct probe probe;

	if (size != sizeof(probe))
		return;
	memcpy(&probe, data, sizeof(probe));
	/* A recording comes from anywhere. */
	if (probe.size > sizeof(probe.value) || __builtin_popcount(probe.size) != 1)
		return;
	if (probe.hart >= board->harts.count)
		return;
	harts_view(&board->harts, board->harts.hart[probe.hart]);
	board->probe.found = probe.store ?
				     bus_store(bus, probe.addr, probe.size, probe.value) :
				     bus_load(bus, probe.addr, probe.size, &board->probe.value);
	harts_view_end(&board->harts, probe.store);
}

void board_probe_connect(struct board *board)
{
	const struct journal_sink sink = { .name = "probe", .put = probe_put, .ctx = board };

	board->probe.sink = journal_register(&board->platform.journal, &sink);
}

static bool make(struct board *board, const struct probe *probe)
{
	board->probe.found = false;
	board->probe.value = 0;
	journal_put(&board->platform.journal, board->probe.sink, probe, sizeof(*probe));
	return board->probe.found;
}

bool board_probe(struct board *board, unsigned hart, u64 addr, unsigned size, u64 *value)
{
	const struct probe probe = { .addr = addr, .hart = hart, .size = (u16)size };
	bool found = make(board, &probe);

	*value = board->probe.value;
	return found;
}

bool board_probe_store(struct board *board, unsigned hart, u64 addr, unsigned size, u64 value)
{
	const struct probe probe = {
		.addr = addr, .hart = hart, .size = (u16)size, .store = true, .value = value,
	};

	return make(board, &probe);
}
