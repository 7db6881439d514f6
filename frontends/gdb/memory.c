/* SPDX-License-Identifier: MIT */
/* Reads and writes memory as the chosen hart sees it, or as `monitor context` specifies. */
#include "frontends/gdb/command.h"

#include <errno.h>

#define PART_MAX ((GDB_PACKET_MAX - 1) / 2) /* this many bytes fit into a packet in hexadecimal */

struct board_memory gdb_memory_place(const struct gdb *gdb, u64 addr, u64 size)
{
	return (struct board_memory){
		.space = gdb->monitor.space, .hart = gdb->general, .addr = addr, .size = size,
	};
}

/* Reads as many bytes as possible from ADDR on, page by page; returns how many, 0 if the first one
 * cannot be read. */
static size_t read_some(struct gdb *gdb, struct gdb_call *call, u8 *data)
{
	const char *text = call->text;
	u64 addr, size;
	size_t got = 0;

	if (!gdb_hexes(&text, ',', &addr, &size) || *text)
		return 0;
	size = MIN(size, (u64)PART_MAX);
	while (got < size) {
		u64 part = MIN(size - got, PAGE_SIZE - ((addr + got) & ~PAGE_MASK));
		struct board_memory at = gdb_memory_place(gdb, addr + got, part);

		if (!board_debug_read(gdb->board, &at, data + got))
			break;
		got += part;
	}
	return got;
}

void gdb_read(struct gdb *gdb, struct gdb_call *call)
{
	u8 data[PART_MAX];
	size_t size = read_some(gdb, call, data);

	if (size)
		gdb_put_hex(call->out, data, size);
	else
		gdb_error(call, EFAULT);
}

void gdb_read_binary(struct gdb *gdb, struct gdb_call *call)
{
	u8 data[PART_MAX];
	size_t size = read_some(gdb, call, data);

	if (!size) {
		gdb_error(call, EFAULT);
		return;
	}
	fputc('b', call->out);
	fwrite(data, 1, size, call->out);
}

/* Parses ADDR,SIZE, which precede the data to write. */
static bool parse_write(struct gdb_call *call, const char **text, u64 *addr, u64 *size)
{
	*text = call->text;
	return gdb_hexes(text, ',', addr, size) && gdb_skip(text, ':') && *size <= GDB_PACKET_MAX;
}

static void write_it(struct gdb *gdb, struct gdb_call *call, const struct board_memory *at,
		     const u8 *data)
{
	gdb_answer(call, !at->size || board_debug_write(gdb->board, at, data), EFAULT);
}

void gdb_write(struct gdb *gdb, struct gdb_call *call)
{
	u8 data[GDB_PACKET_MAX];
	const char *text;
	u64 addr, size;
	struct board_memory at;

	if (!parse_write(call, &text, &addr, &size) ||
	    (u64)(call->text + call->size - text) != 2 * size || !gdb_get_hex(text, data, size)) {
		gdb_error(call, EINVAL);
		return;
	}
	at = gdb_memory_place(gdb, addr, size);
	write_it(gdb, call, &at, data);
}

void gdb_write_binary(struct gdb *gdb, struct gdb_call *call)
{
	const char *text;
	u64 addr, size;
	struct board_memory at;

	if (!parse_write(call, &text, &addr, &size) ||
	    (u64)(call->text + call->size - text) != size) {
		gdb_error(call, EINVAL);
		return;
	}
	at = gdb_memory_place(gdb, addr, size);
	write_it(gdb, call, &at, (const u8 *)text);
}
