/* SPDX-License-Identifier: MIT */
/*
 * The telnet protocol (RFC 854), as far as QEMU's telnet=on has it: a greeting that makes a telnet
 * client send each key at once and show only what it receives, and the removal of commands from the
 * data. Requests of the other end are not answered.
 */
#ifndef FRONTENDS_HOST_TELNET_H
#define FRONTENDS_HOST_TELNET_H

#include "bus/base.h"

#define TELNET_IAC 255 /* begins a command; a data byte of this value is sent twice */

/* The state between two reads of a connection; all zeros at its start. */
struct telnet {
	enum { TELNET_DATA, TELNET_COMMAND, TELNET_OPTION, TELNET_SUB, TELNET_SUB_COMMAND } state;
};

/* This says: will echo, suppress go-ahead and send binary; do send binary. */
#define TELNET_GREETING "\377\373\001\377\373\003\377\373\000\377\375\000"
#define TELNET_GREETING_SIZE (sizeof(TELNET_GREETING) - 1)

enum telnet_meaning { TELNET_NOTHING, TELNET_BYTE, TELNET_BREAK };
/*
 * Returns what a byte is to its reader: TELNET_NOTHING is part of a command, TELNET_BREAK ends the
 * command BREAK.
 */
enum telnet_meaning telnet_take(struct telnet *telnet, u8 byte);

/* Removes all commands from the data, in place; returns how many bytes remain. */
size_t telnet_strip(struct telnet *telnet, u8 *data, size_t size);

/* Returns how many bytes come before the next IAC, which has to be sent twice. */
size_t telnet_plain(const u8 *data, size_t size);

#endif
