/* SPDX-License-Identifier: MIT */
/* Decodes and encodes packets. See gdb/packet.h. */
#include "frontends/gdb/packet.h"

#include <string.h>

#define ESCAPE '}'
#define ESCAPED 0x20 /* an escaped byte is XORed with this */

/* Returns the value of a hexadecimal digit; 16 if it is not one. */
static unsigned gdb_packet_digit(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

static enum gdb_event take_outside(struct gdb_packet *packet, u8 byte)
{
	switch (byte) {
	case '$':
		packet->where = INSIDE;
		packet->size = packet->sum = packet->stated = 0;
		packet->escaped = packet->too_long = false;
		return GDB_NOTHING;
	case '+':
		return GDB_ACK;
	case '-':
		return GDB_NACK;
	case 3:
		return GDB_BREAK;
	default:
		return GDB_NOTHING;
	}
}

static void take_text(struct gdb_packet *packet, u8 byte)
{
	packet->sum += byte;
	if (byte == ESCAPE && !packet->escaped) {
		packet->escaped = true;
		return;
	}
	if (packet->size == GDB_PACKET_MAX)
		packet->too_long = true;
	else
		packet->text[packet->size++] = packet->escaped ? byte ^ ESCAPED : byte;
	packet->escaped = false;
}

static enum gdb_event take_sum(struct gdb_packet *packet, u8 byte)
{
	unsigned value = gdb_packet_digit(byte);

	if (value > 15)
		packet->too_long = true;
	packet->stated = (u8)(packet->stated << 4 | (value & 15));
	if (packet->where == SUM_HIGH) {
		packet->where = SUM_LOW;
		return GDB_NOTHING;
	}
	packet->where = OUTSIDE;
	packet->text[packet->size] = 0;
	return packet->stated == packet->sum && !packet->too_long && !packet->escaped ?
		       GDB_PACKET :
		       GDB_BAD_PACKET;
}

enum gdb_event gdb_packet_take(struct gdb_packet *packet, u8 byte)
{
	switch (packet->where) {
	case OUTSIDE:
		return take_outside(packet, byte);
	case INSIDE:
		/* A $ in the text would be escaped, so this one begins the next packet, and the end
		 * of the present one was lost. */
		if (byte == '$')
			return take_outside(packet, byte);
		if (byte == '#')
			packet->where = SUM_HIGH;
		else
			take_text(packet, byte);
		return GDB_NOTHING;
	default:
		return take_sum(packet, byte);
	}
}

size_t gdb_packet_make(u8 *out, char first, const void *text, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const u8 *bytes = text;
	size_t used = 0;
	u8 sum = 0;

	out[used++] = (u8)first;
	for (size_t n = 0; n < size; n++) {
		bool special = memchr("#$}*", bytes[n], 4);

		if (special)
			out[used++] = ESCAPE;
		out[used++] = special ? bytes[n] ^ ESCAPED : bytes[n];
	}
	for (size_t n = 1; n < used; n++)
		sum += out[n];
	out[used++] = '#';
	out[used++] = (u8)digits[sum >> 4];
	out[used++] = (u8)digits[sum & 15];
	return used;
}
