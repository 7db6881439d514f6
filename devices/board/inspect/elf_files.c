/* SPDX-License-Identifier: MIT */
/* See board/inspect/elf_files.h. */
#include "devices/board/inspect/elf_files.h"

#include <string.h>

static const char *loaded_firmware(const struct board_config *config)
{
	bool file = config->bios && strcmp(config->bios, "default") && strcmp(config->bios, "none");

	return file ? config->bios : NULL;
}

static void add_name(const char **names, unsigned *count, const char *name)
{
	if (name)
		names[(*count)++] = name;
}

unsigned board_elf_files(const struct board_config *config, const char *names[BOARD_ELF_FILES_MAX])
{
	unsigned count = 0;

	for (unsigned n = 0; n < config->symbols_count; n++)
		if (!config->symbols[n].offset)
			add_name(names, &count, config->symbols[n].file);
	add_name(names, &count, config->program);
	add_name(names, &count, config->kernel);
	for (unsigned n = 0; n < config->load_count; n++)
		add_name(names, &count, config->loads[n].file);
	add_name(names, &count, loaded_firmware(config));
	return count;
}
