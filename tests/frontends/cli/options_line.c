/* SPDX-License-Identifier: MIT */
/* See options_line.h. */
#include "options_line.h"

#include <stdio.h>
#include <string.h>

void parse(struct line *line, const char *text)
{
	char *rest = NULL;
	int count = 0;

	memset(line, 0, sizeof(*line));
	snprintf(line->text, sizeof(line->text), "baya %s", text);
	for (char *word = strtok_r(line->text, " ", &rest); word && count < LINE_WORDS_MAX;
	     word = strtok_r(NULL, " ", &rest))
		line->words[count++] = word;
	line->result = options_parse(&line->options, count, line->words, &line->error);
}

void parse_well(struct line *line, const char *text)
{
	parse(line, text);
	if (line->result)
		fail_msg("'%s': %s", text, line->error.text);
}
