/* SPDX-License-Identifier: MIT */
/* See telnet.h. The values are RFC 854's. */
#include "frontends/host/telnet.h"

#include <string.h>

enum { SE = 240, SB = 250, WILL = 251, DONT = 254 };

/* Returns the state after an IAC and this byte. */
static int after_iac(u8 byte)
{
	if (byte == SB)
		return TELNET_SUB;
	return byte >= WILL && byte <= DONT ? TELNET_OPTION : TELNET_DATA;
}

size_t telnet_strip(struct telnet *telnet, u8 *data, size_t size)
{
	size_t left = 0;

	for (size_t n = 0; n < size; n++) {
		bool iac = data[n] == TELNET_IAC;

		switch (telnet->state) {
		case TELNET_DATA:
			if (iac)
				telnet->state = TELNET_COMMAND;
			else
				data[left++] = data[n];
			break;
		case TELNET_COMMAND:
			if (iac)
				data[left++] = TELNET_IAC;
			telnet->state = after_iac(data[n]);
			break;
		case TELNET_OPTION:
			telnet->state = TELNET_DATA;
			break;
		case TELNET_SUB:
			if (iac)
				telnet->state = TELNET_SUB_COMMAND;
			break;
		case TELNET_SUB_COMMAND:
			telnet->state = data[n] == SE ? TELNET_DATA : TELNET_SUB;
			break;
		}
	}
	return left;
}

size_t telnet_plain(const u8 *data, size_t size)
{
	const u8 *iac = memchr(data, TELNET_IAC, size);

	return iac ? (size_t)(iac - data) : size;
}
