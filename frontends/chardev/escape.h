/* SPDX-License-Identifier: MIT */
/*
 * The commands that a person types after the escape character (Ctrl-a, or that of -echr), in the
 * terminal or at the other end of a chardev with mux=on.
 */
#ifndef FRONTENDS_CHARDEV_ESCAPE_H
#define FRONTENDS_CHARDEV_ESCAPE_H

#include "bus/base.h"

struct escape_keys {
	bool on; /* the character begins a command */
	bool begun; /* the last byte was the character */
	u8 character; /* a control character, 1 to 31 */
};

enum escape_command {
	ESCAPE_NOTHING, /* the byte is a part of a command, or there is no such command */
	ESCAPE_BYTE, /* the byte is input */
	ESCAPE_QUIT,
	ESCAPE_NEXT, /* the keyboard goes to the next device */
	ESCAPE_BREAK,
	ESCAPE_HELP,
};

/* Returns what the next byte of input means. */
enum escape_command escape_take(struct escape_keys *keys, u8 byte);

/* Writes the list of the commands, with newlines in the form that the other end needs. Returns its
 * size. */
#define ESCAPE_HELP_MAX 320
size_t escape_help(const struct escape_keys *keys, const char *newline, char text[ESCAPE_HELP_MAX]);

#endif
