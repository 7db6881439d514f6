/* SPDX-License-Identifier: MIT */
/* See telnet.h. The values are RFC 854's. */
#include "frontends/host/telnet.h"

#include <string.h>

enum { SE = 240, BREAK = 243, SB = 250, WILL = 251, DONT = 254 };

/* Handles the byte that follows an IAC. */
static enum telnet_meaning take_command(struct telnet *telnet, u8 byte)
{
	telnet->state = TELNET_DATA;
	if (byte == SB)
		telnet->state = TELNET_SUB;
	else if (byte >= WILL && byte <= DONT)
		telnet->state = TELNET_OPTION;
	if (byte == BREAK)
		return TELNET_BREAK;
	return byte == TELNET_IAC ? TELNET_BYTE : TELNET_NOTHING;
}

enum telnet_meaning telnet_take(struct telnet *telnet, u8 byte)
{
	bool iac = byte == TELNET_IAC;

	switch (telnet->state) {
	case TELNET_DATA:
		if (!iac)
			return TELNET_BYTE;
		telnet->state = TELNET_COMMAND;
		break;
	case TELNET_COMMAND:
		return take_command(telnet, byte);
	case TELNET_OPTION:
		telnet->state = TELNET_DATA;
		break;
	case TELNET_SUB:
		if (iac)
			telnet->state = TELNET_SUB_COMMAND;
		break;
	case TELNET_SUB_COMMAND:
		telnet->state = byte == SE ? TELNET_DATA : TELNET_SUB;
		break;
	}
	return TELNET_NOTHING;
}

size_t telnet_strip(struct telnet *telnet, u8 *data, size_t size)
{
	size_t left = 0;

	for (size_t n = 0; n < size; n++)
		if (telnet_take(telnet, data[n]) == TELNET_BYTE)
			data[left++] = data[n];
	return left;
}

size_t telnet_plain(const u8 *data, size_t size)
{
	const u8 *iac = memchr(data, TELNET_IAC, size);

	return iac ? (size_t)(iac - data) : size;
}
