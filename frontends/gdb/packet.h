/* SPDX-License-Identifier: MIT */
/*
 * Packets of the remote serial protocol: $text#checksum, in which } escapes. They are parsed byte
 * by byte; one that is too long, or whose checksum is wrong, is refused as a whole.
 */
#ifndef FRONTENDS_GDB_PACKET_H
#define FRONTENDS_GDB_PACKET_H

#include "bus/base.h"

#define GDB_PACKET_MAX 0x4000 /* bytes of text; the client is told this limit */

enum gdb_event {
	GDB_NOTHING, /* more bytes are needed */
	GDB_PACKET, /* `text` holds a packet */
	GDB_BAD_PACKET, /* ask the client to send it again */
	GDB_ACK,
	GDB_NACK,
	GDB_BREAK, /* Ctrl-c */
};

struct gdb_packet {
	u8 text[GDB_PACKET_MAX + 1]; /* unescaped, with a NUL behind it */
	size_t size;
	u8 sum, told; /* checksum computed from the text; checksum that the packet states */
	bool escaped, too_long;
	enum { OUTSIDE, INSIDE, SUM_HIGH, SUM_LOW } where;
};

/* Takes the next byte from the client. */
enum gdb_event gdb_packet_take(struct gdb_packet *packet, u8 byte);

/*
 * Makes a packet from `size` bytes of text: writes at most GDB_FRAMED(size) bytes to `out` and
 * returns how many. `first` is $, or % for a notification.
 */
#define GDB_FRAMED(size) (2 * (size) + 4)
size_t gdb_packet_make(u8 *out, char first, const void *text, size_t size);

#endif
