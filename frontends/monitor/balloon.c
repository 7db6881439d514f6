/* SPDX-License-Identifier: MIT */
/* See monitor/balloon.h. */
#include "frontends/monitor/balloon.h"

#include "devices/board/plug/balloon.h"
#include "frontends/host/keyval.h"
#include "frontends/monitor/monitor.h"

#define NONE "the machine has no balloon; -device virtio-balloon-device gives it one"

void monitor_balloon(struct monitor *monitor, char **words, FILE *out)
{
	u64 size;

	if (!words[1] || !keyval_number(words[1], &size) || !size || size > UINT64_MAX / MiB)
		fprintf(out, "balloon: give how many MiB the guest is to have\n");
	else if (!board_balloon_want(monitor->board, size * MiB))
		fprintf(out, "balloon: " NONE "\n");
}

/* Prints the size of the balloon, in a first line that is the same as QEMU's, and the statistics
 * that the guest sent after the last request; requests new ones. */
void monitor_info_balloon(struct monitor *monitor, char **words, FILE *out)
{
	struct board_balloon balloon;
	const char *name;
	u64 value;

	(void)words;
	if (!board_balloon(monitor->board, &balloon)) {
		fprintf(out, "info balloon: " NONE "\n");
		return;
	}
	fprintf(out, "balloon: actual=%llu\n", balloon.actual / MiB);
	fprintf(out, "returned to the host so far: %llu KiB\n", balloon.returned / KiB);
	for (unsigned n = 0; board_balloon_stat(monitor->board, n, &name, &value); n++)
		fprintf(out, "%s=%llu\n", name, value);
	fprintf(out, "(as the guest reported when it was last asked)\n");
	board_balloon_ask(monitor->board);
}
