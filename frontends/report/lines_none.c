/* SPDX-License-Identifier: MIT */
/* Replaces lines.c when Baya is built without libdw: no line of source is known. See lines.h. */
#include "frontends/report/lines.h"

#include <stdlib.h>

struct lines {
	char nothing;
};

struct lines *lines_create(void)
{
	return calloc(1, sizeof(struct lines));
}

void lines_free(struct lines *lines)
{
	free(lines);
}

void lines_add(struct lines *lines, const char *path)
{
	(void)lines;
	(void)path;
}

bool lines_find(const struct lines *lines, u64 pc, struct line *line)
{
	(void)lines;
	(void)pc;
	(void)line;
	return false;
}
