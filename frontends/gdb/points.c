/* SPDX-License-Identifier: MIT */
/* Handles the Z and z packets: breakpoints and watchpoints. */
#include "frontends/gdb/command.h"

#include <errno.h>

/*
 * Parses KIND,ADDR,SIZE. Conditions and commands must not follow, because Baya does not offer them
 * to the client. Answers a malformed packet with an error; leaves the answer empty if the kind is
 * unknown. Returns whether the packet is good.
 */
static bool gdb_point_parse(struct gdb_call *call, u64 *kind, u64 *addr, u64 *size)
{
	const char *text = call->text;
	bool good = gdb_hex(&text, kind);

	if (good && *kind > POINT_ACCESS)
		return false;
	good = good && gdb_skip(&text, ',') && gdb_hexes(&text, ',', addr, size) && !*text;
	if (!good)
		gdb_answer(call, false, EINVAL);
	return good;
}

void gdb_insert(struct gdb *gdb, struct gdb_call *call)
{
	struct board_memory at;
	u64 kind, addr, size;
	int failed;

	if (!gdb_point_parse(call, &kind, &addr, &size))
		return;
	at = gdb_memory_place(gdb, addr, size);
	failed = board_point_set(gdb->board, (enum board_point)kind, &at);
	gdb_answer(call, !failed, -failed);
}

/* Removes a point. It is no error if the point does not exist, because the protocol requires that
 * inserting and removing are idempotent. */
void gdb_remove(struct gdb *gdb, struct gdb_call *call)
{
	u64 kind, addr, size;

	if (!gdb_point_parse(call, &kind, &addr, &size))
		return;
	board_point_clear(gdb->board, (enum board_point)kind, addr, size);
	gdb_answer(call, true, 0);
}
