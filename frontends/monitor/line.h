/* SPDX-License-Identifier: MIT */
/*
 * The monitor for those who are not at Baya's own terminal: reads lines, and writes answers and
 * prompts. Its commands have the same effects as those from the keyboard.
 */
#ifndef FRONTENDS_MONITOR_LINE_H
#define FRONTENDS_MONITOR_LINE_H

#include <limits.h>

#include "bus/base.h"

struct monitor;

#define MONITOR_LINE_LONG (PATH_MAX + 512) /* a command that contains a path of the host */

struct monitor_line {
	struct monitor *monitor;
	/* Somebody types in a terminal, which does not echo what is typed and needs a carriage
	 * return in each line; otherwise a script or a program sends lines. */
	bool typed;
	void (*write)(void *ctx, const char *text, size_t size);
	void *ctx;
	char text[MONITOR_LINE_LONG];
	char last; /* the last byte taken */
	size_t size; /* bytes of the line so far; MONITOR_LINE_LONG: the line is too long */
};

/* Begins anew, with the greeting and a prompt. */
void monitor_line_greet(struct monitor_line *line);

/* Takes a byte, and executes the command if that ends the line. */
void monitor_line_take(struct monitor_line *line, char c);

#endif
