/* SPDX-License-Identifier: MIT */
/*
 * Implements the telnet protocol (RFC 854) as far as QEMU's telnet=on does: a greeting that makes a
 * telnet client send each key at once and show only what it receives, and the removal of commands
 * from the data. Requests of the peer are not answered.
 */
#ifndef FRONTENDS_HOST_TELNET_H
#define FRONTENDS_HOST_TELNET_H

#include "bus/base.h"

#define TELNET_IAC 255 /* IAC begins a command; a data byte with this value is sent twice */

/* The parser's state between two reads; all zeros at the start of a connection. */
struct telnet {
	enum { TELNET_DATA, TELNET_COMMAND, TELNET_OPTION, TELNET_SUB, TELNET_SUB_COMMAND } state;
};

/* The commands: WILL ECHO, WILL SUPPRESS-GO-AHEAD, WILL BINARY, DO BINARY. */
#define TELNET_GREETING "\377\373\001\377\373\003\377\373\000\377\375\000"
#define TELNET_GREETING_SIZE (sizeof(TELNET_GREETING) - 1)

enum telnet_meaning { TELNET_NOTHING, TELNET_BYTE, TELNET_BREAK };
/*
 * Parses a byte and returns its kind: TELNET_BYTE is data, TELNET_NOTHING is part of a command,
 * TELNET_BREAK is the end of the command BREAK.
 */
enum telnet_meaning telnet_take(struct telnet *telnet, u8 byte);

/* Removes all commands from the data, in place. Returns how many bytes remain. */
size_t telnet_strip(struct telnet *telnet, u8 *data, size_t size);

/* Returns how many bytes precede the next IAC, which has to be sent twice. */
size_t telnet_plain(const u8 *data, size_t size);

#endif
