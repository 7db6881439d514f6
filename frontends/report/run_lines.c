/* SPDX-License-Identifier: MIT */
/* See run_lines.h. */
#include "frontends/report/run_lines.h"

#include "devices/board/board.h"
#include "frontends/report/lines.h"

struct lines *run_lines(const struct board_config *config)
{
	struct lines *lines = lines_create();

	if (!lines)
		return NULL;
	if (config->program)
		lines_add(lines, config->program);
	if (config->kernel)
		lines_add(lines, config->kernel);
	for (unsigned n = 0; n < config->symbols.count; n++)
		lines_add(lines, config->symbols.items[n]);
	return lines;
}
