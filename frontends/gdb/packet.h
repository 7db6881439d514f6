/* SPDX-License-Identifier: MIT */
/*
 * Parses and makes packets of the remote serial protocol: $text#checksum, where } escapes a byte.
 * Packets are parsed byte by byte; one that is too long, or whose checksum is wrong, is rejected as
 * a whole.
 */
#ifndef FRONTENDS_GDB_PACKET_H
#define FRONTENDS_GDB_PACKET_H

#include "bus/base.h"

#define GDB_PACKET_MAX 0x4000 /* bytes of text; the client is told this limit */

enum gdb_event {
	GDB_NOTHING, /* more bytes are needed */
	GDB_PACKET, /* `text` holds a packet */
	GDB_BAD_PACKET, /* the client must send the packet again */
	GDB_ACK,
	GDB_NACK,
	GDB_BREAK, /* Ctrl-c */
};

struct gdb_packet {
	u8 text[GDB_PACKET_MAX + 1]; /* without escapes, and followed by a NUL */
	size_t size;
	u8 sum; /* the checksum computed from the text */
	u8 stated; /* the checksum that the packet states */
	bool escaped, too_long;
	enum { OUTSIDE, INSIDE, SUM_HIGH, SUM_LOW } where;
};

/* Parses the next byte from the client. Returns the kind of unit that it completes. */
enum gdb_event gdb_packet_take(struct gdb_packet *packet, u8 byte);

/*
 * Writes a packet that contains `size` bytes of text to `out`, at most GDB_FRAMED(size) bytes, and
 * returns their number. `first` is $, or % for a notification.
 */
#define GDB_FRAMED(size) (2 * (size) + 4)
size_t gdb_packet_make(u8 *out, char first, const void *text, size_t size);

#endif
