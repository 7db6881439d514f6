/* SPDX-License-Identifier: MIT */
#include "tests/cmocka.h"

#include "monitor_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *monitor_answers(struct monitor *monitor, const char *const *lines)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (; *lines; lines++)
		monitor_run(monitor, *lines, out);
	fclose(out);
	return text;
}

void monitor_expect(struct monitor *monitor, const char *line, const char *answer)
{
	char *text = monitor_answers(monitor, (const char *const[]){ line, NULL });

	if (strcmp(text, answer))
		print_error("The line '%s':\n", line);
	assert_string_equal(text, answer);
	free(text);
}
