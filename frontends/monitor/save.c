/* SPDX-License-Identifier: MIT */
/* Implements memsave, pmemsave, dump-guest-memory and coverage. */
#include "frontends/monitor/save.h"

#include <errno.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/inspect/coverage.h"
#include "devices/board/inspect/save.h"
#include "frontends/monitor/expression.h"
#include "frontends/monitor/memory.h"
#include "frontends/monitor/monitor.h"

static void tell_saved(const char *command, const char *path, int failed, FILE *out)
{
	if (failed == -EFAULT)
		fprintf(out, "%s: not all of it is memory\n", command);
	else if (failed)
		fprintf(out, "%s: '%s' cannot be written: %s\n", command, path, strerror(-failed));
}

static void save_memory(struct monitor *monitor, char **words, bool physical, FILE *out)
{
	struct board_memory range = monitor_place(monitor, 0);

	if (physical)
		range.space.kind = SPACE_PHYSICAL;
	if (!monitor_expression(monitor, words[1], &range.addr) ||
	    !monitor_expression(monitor, words[2], &range.size) || !words[3])
		fprintf(out,
			"%s: give an address, how many bytes, and a file: "
			"%s 0x80000000 4096 a.bin\n",
			words[0], words[0]);
	else if (physical || !monitor_space_missing(monitor, out))
		tell_saved(words[0], words[3], board_save_memory(monitor->board, &range, words[3]),
			   out);
}

void monitor_memsave(struct monitor *monitor, char **words, FILE *out)
{
	save_memory(monitor, words, false, out);
}

void monitor_pmemsave(struct monitor *monitor, char **words, FILE *out)
{
	save_memory(monitor, words, true, out);
}

void monitor_dump(struct monitor *monitor, char **words, FILE *out)
{
	struct board_memory part = board_ram(monitor->board);
	const char *file = words[1];

	if (file && file[0] == '-')
		fprintf(out,
			"%s: there is no %s; the file is an ELF core file by physical "
			"addresses, and complete when the command ends\n",
			words[0], file);
	else if (!file || (words[2] && (!monitor_expression(monitor, words[2], &part.addr) ||
					!monitor_expression(monitor, words[3], &part.size))))
		fprintf(out,
			"%s: give a file, and the physical address and size of a part, if "
			"not all RAM is wanted: %s a.core\n",
			words[0], words[0]);
	else
		tell_saved(words[0], file, board_save_core(monitor->board, &part, file), out);
}

static int save_coverage(struct board *board, const char *path)
{
	struct output output;
	int failed = output_open(&output, path);

	return failed ? failed : output_close(&output, board_coverage_write(board, output.file));
}

void monitor_coverage(struct monitor *monitor, char **words, FILE *out)
{
	if (!words[1])
		fprintf(out, "coverage: give a file for the blocks that were executed, or clear, "
			     "which forgets them\n");
	else if (!board_coverage_begun(monitor->board))
		fprintf(out, "coverage: it is not recorded; start Baya with --coverage=FILE\n");
	else if (!strcmp(words[1], "clear"))
		board_coverage_clear(monitor->board);
	else
		tell_saved(words[0], words[1], save_coverage(monitor->board, words[1]), out);
}
