/* SPDX-License-Identifier: MIT */
/* Contains functions that both forms of `baya cycles` share. */
#include "frontends/cycles/cycles.h"

#include <stdio.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/cli/options.h"

void cycles_as_core(struct options *own, const char *core, char name[CYCLES_CORE_NAME])
{
	struct board_error error;

	snprintf(name, CYCLES_CORE_NAME, "%.*s", (int)strcspn(core, ","), core);
	own->board.timing = core;
	if (!own->board.cpu && board_cpu_check(name, &error) == 0)
		own->board.cpu = name;
}

int cycles_run(const struct options *options)
{
	if (!options->cycles.against)
		return cycles_report(options);
	return options->cycles.fit ? cycles_fit(options) : cycles_against(options);
}
