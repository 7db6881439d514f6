/* SPDX-License-Identifier: MIT */
/* See control.h. */
#include "frontends/run/control.h"

#include "frontends/qmp/disk_error.h"
#include "frontends/chardev/terminal.h"
#include "frontends/cli/options.h"
#include "frontends/monitor/link.h"
#include "frontends/monitor/monitor.h"

int control_open(struct control *control, const struct options *options, struct terminal *terminal,
		 struct board_error *error)
{
	int failed = 0;

	control->machine.shared = &control->shared;
	control->machine.gone = &control->gone;
	plug_watch(control->machine.monitor->board, &control->gone);
	disk_error_watch(control->machine.monitor->board, &control->machine);
	for (unsigned n = 0; !failed && n < options->qmp_count; n++) {
		failed = qmp_open(&control->qmps[n], &control->machine, &options->qmps[n], error);
		if (!failed)
			terminal_also(terminal, qmp_descriptor(control->qmps[n]));
	}
	for (unsigned n = 0; !failed && n < options->monitor_count; n++) {
		failed = monitor_link_open(&control->monitors[n], control->machine.monitor,
					   &options->monitors[n], error);
		if (!failed)
			terminal_also(terminal, monitor_link_descriptor(control->monitors[n]));
	}
	return failed;
}

void control_close(struct control *control, const struct qmp_end *end)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX; n++)
		qmp_close(control->qmps[n], end);
	for (unsigned n = 0; n < LINK_PLACES_MAX; n++)
		monitor_link_close(control->monitors[n]);
}

void control_poll(struct control *control)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->qmps[n]; n++)
		qmp_poll(control->qmps[n]);
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->monitors[n]; n++)
		monitor_link_poll(control->monitors[n]);
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->qmps[n]; n++)
		qmp_settle(control->qmps[n]);
}
