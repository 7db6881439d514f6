/* SPDX-License-Identifier: MIT */
/* See monitor/disks.h. */
#include "frontends/monitor/disks.h"

#include "devices/board/plug/nodes.h"
#include "frontends/host/keyval.h"
#include "frontends/monitor/monitor.h"

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
