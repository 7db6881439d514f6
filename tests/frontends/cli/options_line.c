/* SPDX-License-Identifier: MIT */
/* See options_line.h. */
#include "options_line.h"

#include <stdio.h>
#include <string.h>

void line_fill(struct line *line, const char *text)
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

const struct line *parse(const char *text)
{
	static struct line line;

	options_free(&line.options);
	line_fill(&line, text);
	return &line;
}

const struct options *parse_well(const char *text)
{
	const struct line *line = parse(text);

	if (line->result)
		fail_msg("'%s': %s", text, line->error.text);
	return &line->options;
}

void check_refused(const struct line *line, const char *part)
{
	assert_int_not_equal(line->result, 0);
	assert_int_equal(line->error.exit_code, 2);
	if (!strstr(line->error.text, part))
		fail_msg("'%s' lacks '%s'", line->error.text, part);
}

void check_mistakes(const struct mistake *mistakes, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		const struct line *line = parse(mistakes[n].text);

		assert_int_not_equal(line->result, 0);
		assert_string_equal(line->error.text, mistakes[n].error);
		assert_int_equal(line->error.exit_code, 2);
	}
}
