/* SPDX-License-Identifier: MIT */
/* See run_lines.h. */
#include "frontends/report/run_lines.h"

#include "devices/board/inspect/elf_files.h"
#include "frontends/report/lines.h"

struct lines *run_lines(const struct board_config *config)
{
	const char *names[BOARD_ELF_FILES_MAX];
	struct lines *lines = lines_create();

	if (!lines)
		return NULL;
	/* At an address that is in two files, lines are those of the file that was added last. */
	for (unsigned n = board_elf_files(config, names); n--;)
		lines_add(lines, names[n]);
	return lines;
}
