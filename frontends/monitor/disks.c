/* SPDX-License-Identifier: MIT */
/* See monitor/disks.h. */
#include "frontends/monitor/disks.h"

#include <string.h>

#include "devices/board/plug/nodes.h"
#include "frontends/host/keyval.h"
#include "frontends/monitor/monitor.h"

void monitor_commit(struct monitor *monitor, char **words, FILE *out)
{
	struct board_error error;

	if (!words[1])
		fprintf(out, "commit: give a disk, or all\n");
	else if (board_commit_disks(monitor->board, strcmp(words[1], "all") ? words[1] : NULL,
				    &error))
		fprintf(out, "commit: %s\n", error.text);
}

void monitor_block_resize(struct monitor *monitor, char **words, FILE *out)
{
	struct board_error error;
	u64 size;

	if (!words[1] || !words[2] || !keyval_size(words[2], MiB, &size))
		fprintf(out, "block_resize: give a disk and its new size, as in block_resize d0 "
			     "20G\n");
	else if (board_grow_disk(monitor->board, words[1], words[1], size, &error))
		fprintf(out, "block_resize: %s\n", error.text);
}
