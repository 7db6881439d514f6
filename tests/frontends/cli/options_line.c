/* SPDX-License-Identifier: MIT */
/* See options_line.h. */
#include "options_line.h"

#include <stdio.h>
#include <string.h>

static struct line last; /* the one that parse() has filled */

/* Frees the last line's options. This is done in child processes that a test forks, too, because
 * they have a copy of the line and end by exit(). */
__attribute__((destructor)) static void free_last(void)
{
	options_free(&last.options);
}

void line_fill(struct line *line, const char *text)
{
	char *rest = NULL;
	int count = 0;

	memset(line, 0, sizeof(*line));
	snprintf(line->text, sizeof(line->text), "%s", text);
	snprintf(line->cut, sizeof(line->cut), "baya %s", text);
	for (char *word = strtok_r(line->cut, " ", &rest); word && count < LINE_WORDS_MAX;
	     word = strtok_r(NULL, " ", &rest))
		line->words[count++] = word;
	line->result = options_parse(&line->options, count, line->words, &line->error);
}

const struct line *parse(const char *text)
{
	options_free(&last.options);
	line_fill(&last, text);
	return &last;
}

const struct options *parse_well(const char *text)
{
	const struct line *line = parse(text);

	if (line->result)
		fail_msg("'%s': %s", text, line->error.text);
	return &line->options;
}

static void check_usage_error(const struct line *line)
{
	if (!line->result)
		fail_msg("'%s' is accepted", line->text);
	if (line->error.exit_code != 2)
		fail_msg("'%s': '%s' has the exit code %d", line->text, line->error.text,
			 line->error.exit_code);
}

void check_error_has(const struct line *line, const char *part)
{
	check_usage_error(line);
	if (!strstr(line->error.text, part))
		fail_msg("'%s': '%s' lacks '%s'", line->text, line->error.text, part);
}

void check_errors_have(const struct mistake *mistakes, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		check_error_has(parse(mistakes[n].text), mistakes[n].error);
}

void check_errors_are(const struct mistake *mistakes, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		const struct line *line = parse(mistakes[n].text);

		check_usage_error(line);
		if (strcmp(line->error.text, mistakes[n].error))
			fail_msg("'%s': '%s' is not '%s'", line->text, line->error.text,
				 mistakes[n].error);
	}
}
