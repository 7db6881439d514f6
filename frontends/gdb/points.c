/* SPDX-License-Identifier: MIT */
/* The Z and z packets: breakpoints and watchpoints. */
#include "frontends/gdb/command.h"

#include <errno.h>

/* Returns whether it is a kind of point that is not known: the answer to that is empty. */
static bool is_unknown(const struct gdb_call *call)
{
	const char *text = call->text;
	u64 kind;

	return gdb_hex(&text, &kind) && kind > POINT_ACCESS;
}

/* Parses KIND,ADDR,SIZE; conditions and commands, which are not offered, must not follow. */
static bool gdb_point_parse(struct gdb_call *call, u64 *kind, u64 *addr, u64 *size)
{
	const char *text = call->text;

	return gdb_hex(&text, kind) && gdb_skip(&text, ',') && gdb_hexes(&text, ',', addr, size) &&
	       !*text;
}

void gdb_insert(struct gdb *gdb, struct gdb_call *call)
{
	u64 kind, addr, size;
	int failed = -EINVAL;

	if (is_unknown(call))
		return;
	if (gdb_point_parse(call, &kind, &addr, &size))
		failed = board_point_set(gdb->board, gdb->general, (enum board_point)kind, addr,
					 size);
	gdb_answer(call, !failed, -failed);
}

/* Removing a point that does not exist is no error (the protocol wants both to be idempotent). */
void gdb_remove(struct gdb *gdb, struct gdb_call *call)
{
	u64 kind, addr, size;
	bool good;

	if (is_unknown(call))
		return;
	good = gdb_point_parse(call, &kind, &addr, &size);
	if (good)
		board_point_clear(gdb->board, (enum board_point)kind, addr, size);
	gdb_answer(call, good, EINVAL);
}
