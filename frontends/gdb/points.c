/* SPDX-License-Identifier: MIT */
/* Z and z: breakpoints and watchpoints. */
#include "frontends/gdb/parts.h"

#include <errno.h>

/* KIND,ADDR,SIZE; conditions and commands, which are not offered, may not follow. */
static bool parse(struct gdb_call *call, u64 *kind, u64 *addr, u64 *size)
{
	const char *text = call->text;

	return gdb_hex(&text, kind) && *kind <= POINT_ACCESS && gdb_skip(&text, ',') &&
	       gdb_hexes(&text, ',', addr, size) && !*text;
}

void gdb_insert(struct gdb *gdb, struct gdb_call *call)
{
	u64 kind, addr, size;
	int failed = -EINVAL;

	if (parse(call, &kind, &addr, &size))
		failed = board_point_set(gdb->board, gdb->general, (enum board_point)kind, addr,
					 size);
	gdb_answer(call, !failed, -failed);
}

/* To take away what is not there is no mistake (the protocol has both be idempotent). */
void gdb_remove(struct gdb *gdb, struct gdb_call *call)
{
	u64 kind, addr, size;
	bool good = parse(call, &kind, &addr, &size);

	if (good)
		board_point_clear(gdb->board, (enum board_point)kind, addr, size);
	gdb_answer(call, good, EINVAL);
}
