/* SPDX-License-Identifier: MIT */
/* See escape.h. */
#include "frontends/chardev/escape.h"

#include <ctype.h>
#include <stdio.h>

enum escape_command escape_take(struct escape_keys *keys, u8 byte)
{
	bool begun = keys->begun;

	keys->begun = keys->on && !begun && byte == keys->character;
	if (keys->begun)
		return ESCAPE_NOTHING;
	if (!begun || byte == keys->character)
		return ESCAPE_BYTE;
	switch (tolower(byte)) {
	case 'x':
		return ESCAPE_QUIT;
	case 'c':
		return ESCAPE_NEXT;
	case 'b':
		return ESCAPE_BREAK;
	case 'h':
	case '?':
		return ESCAPE_HELP;
	default:
		return ESCAPE_NOTHING;
	}
}

size_t escape_help(const struct escape_keys *keys, const char *newline, char text[ESCAPE_HELP_MAX])
{
	static const char *const commands[] = {
		"x       end Baya",
		"c       the keyboard goes to the next: guest, monitor",
		"b       send a break to the guest's serial port",
		"h       this help",
	};
	char key = (char)(keys->character + 'a' - 1);
	size_t size = (size_t)snprintf(text, ESCAPE_HELP_MAX, "%s", newline);

	for (unsigned n = 0; n < ARRAY_SIZE(commands); n++)
		size += (size_t)snprintf(text + size, ESCAPE_HELP_MAX - size, "Ctrl-%c %s%s", key,
					 commands[n], newline);
	size += (size_t)snprintf(text + size, ESCAPE_HELP_MAX - size,
				 "Ctrl-%c Ctrl-%c  send Ctrl-%c to the guest%s", key, key, key,
				 newline);
	return size;
}
