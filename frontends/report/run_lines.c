/* SPDX-License-Identifier: MIT */
/* See run_lines.h. */
#include "frontends/report/run_lines.h"

#include "devices/board/inspect/elf_files.h"
#include "frontends/report/lines.h"

struct lines *run_lines(const struct board_config *config)
{
	const char *names[BOARD_ELF_FILES_MAX];
	const unsigned count = board_elf_files(config, names);
	struct lines *lines = lines_create();

	if (!lines)
		return NULL;
	for (unsigned n = 0; n < count; n++)
		lines_add(lines, names[n]);
	return lines;
}
