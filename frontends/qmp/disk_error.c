/* SPDX-License-Identifier: MIT */
/* See disk_error.h. */
#include "frontends/qmp/disk_error.h"

#include "devices/board/errors.h"
#include "frontends/monitor/monitor.h"
#include "frontends/qmp/qmp.h"

static void disk_error_failed(void *ctx, const struct board_disk_error *error)
{
	struct qmp_machine *machine = ctx;

	qmp_report_disk_error(machine, error);
	if (error->failure->action != DISK_STOP)
		return;
	machine->monitor->stopped = true;
	/* A machine that has shut down must be reset before it can continue, so that reason is
	 * kept. */
	if (machine->monitor->why != MONITOR_SHUT_DOWN)
		machine->monitor->why = MONITOR_IO_ERROR;
}

void disk_error_watch(struct board *board, struct qmp_machine *machine)
{
	board_on_disk_error(board, disk_error_failed, machine);
}

void disk_error_forget(struct board *board)
{
	board_on_disk_error(board, NULL, NULL);
}
