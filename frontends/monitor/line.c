/* SPDX-License-Identifier: MIT */
/* See monitor/line.h. */
#include "frontends/monitor/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "frontends/monitor/monitor.h"

#define BACKSPACE 8
#define DELETE 127

static void monitor_line_say(struct monitor_line *line, const char *text)
{
	for (size_t size; line->typed && text[size = strcspn(text, "\n")]; text += size + 1) {
		line->write(line->ctx, text, size);
		line->write(line->ctx, "\r\n", 2);
	}
	line->write(line->ctx, text, strlen(text));
}

void monitor_line_greet(struct monitor_line *line)
{
	line->size = 0;
	line->last = 0;
	monitor_line_say(line, MONITOR_GREETING MONITOR_PROMPT);
}

static void monitor_line_answer(struct monitor_line *line)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out)
		monitor_run(line->monitor, line->text, out);
	if (out && !output_end_text(out, &text))
		monitor_line_say(line, text);
	else
		monitor_line_say(line, MONITOR_NO_MEMORY);
	free(text);
}

static void end_line(struct monitor_line *line)
{
	if (line->size == MONITOR_LINE_LONG) {
		monitor_line_say(line, "the line is too long\n");
	} else {
		line->text[line->size] = 0;
		monitor_line_answer(line);
	}
	line->size = 0;
	if (!line->monitor->quit)
		monitor_line_say(line, MONITOR_PROMPT);
}

static void take_plain(struct monitor_line *line, char c)
{
	if (c == '\n')
		end_line(line);
	else if (c && c != '\r' && line->size < MONITOR_LINE_LONG)
		line->text[line->size++] = c;
}

/* Sends a character that was typed back. */
static void monitor_line_show(struct monitor_line *line, char c)
{
	if (c == '\n')
		monitor_line_say(line, "\n");
	else if ((u8)c >= ' ' && line->size < MONITOR_LINE_LONG)
		line->write(line->ctx, &c, 1);
}

static void take_back(struct monitor_line *line)
{
	if (!line->size)
		return;
	monitor_line_say(line, "\b \b");
	line->size--;
}

/* Handles a key. A line ends with CR alone, with CR and a NUL or LF (as RFC 854 has it for telnet),
 * or, if it is from a script, with LF. */
static void take_key(struct monitor_line *line, char c)
{
	bool again = c == '\n' && line->last == '\r';

	line->last = c;
	if (c == BACKSPACE || c == DELETE) {
		take_back(line);
	} else if (!again) {
		c = c == '\r' ? '\n' : c;
		monitor_line_show(line, c);
		take_plain(line, c);
	}
}

void monitor_line_take(struct monitor_line *line, char c)
{
	(line->typed ? take_key : take_plain)(line, c);
}
