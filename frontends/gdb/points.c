/* SPDX-License-Identifier: MIT */
/* The Z and z packets: breakpoints and watchpoints. */
#include "frontends/gdb/command.h"

#include <errno.h>

/*
 * Parses KIND,ADDR,SIZE; conditions and commands, which are not offered, must not follow. What is
 * wrong is answered with an error, and a kind that is not known with nothing.
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
	u64 kind, addr, size;
	int failed;

	if (!gdb_point_parse(call, &kind, &addr, &size))
		return;
	failed = board_point_set(gdb->board, gdb->general, (enum board_point)kind, addr, size);
	gdb_answer(call, !failed, -failed);
}

/* Removing a point that does not exist is no error (the protocol wants both to be idempotent). */
void gdb_remove(struct gdb *gdb, struct gdb_call *call)
{
	u64 kind, addr, size;

	if (!gdb_point_parse(call, &kind, &addr, &size))
		return;
	board_point_clear(gdb->board, (enum board_point)kind, addr, size);
	gdb_answer(call, true, 0);
}
