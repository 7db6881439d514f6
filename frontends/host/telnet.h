/* SPDX-License-Identifier: MIT */
/*
 * Telnet on a connection (RFC 854), as much as QEMU's telnet=on has: what a server says first, so
 * that a telnet client sends each key at once and shows what it gets, and commands kept out of the
 * bytes. What the other end asks for is not answered.
 */
#ifndef FRONTENDS_HOST_TELNET_H
#define FRONTENDS_HOST_TELNET_H

#include "bus/base.h"

#define TELNET_IAC 255 /* what a command begins with; a byte of this value is sent twice */

/* Between two reads of a connection; all zeros at its start. */
struct telnet {
	enum { TELNET_DATA, TELNET_COMMAND, TELNET_OPTION, TELNET_SUB, TELNET_SUB_COMMAND } state;
};

/* Will echo, suppress go-ahead and send binary; do send binary. */
#define TELNET_GREETING "\377\373\001\377\373\003\377\373\000\377\375\000"
#define TELNET_GREETING_SIZE (sizeof(TELNET_GREETING) - 1)

/* Takes the commands out of what came, in place; how many bytes are left. */
size_t telnet_strip(struct telnet *telnet, u8 *data, size_t size);

/* How many bytes there are before the next IAC, which is to be sent twice. */
size_t telnet_plain(const u8 *data, size_t size);

#endif
