/* SPDX-License-Identifier: MIT */
/* See control.h. */
#include "frontends/run/control.h"

#include "devices/board/board.h"
#include "frontends/chardev/port.h"
#include "frontends/chardev/terminal.h"
#include "frontends/cli/options.h"
#include "frontends/monitor/link.h"
#include "frontends/monitor/monitor.h"
#include "frontends/monitor/port.h"
#include "frontends/qmp/disk_error.h"

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
	for (unsigned n = 0; !failed && n < options->ports.monitor_count; n++) {
		struct monitor *monitor = control->machine.monitor;

		control->ports[n] = monitor_port_open(monitor, port_monitor(monitor->ports, n));
		failed = control->ports[n] ? 0 : board_error_memory(error);
	}
	return failed;
}

void control_close(struct control *control, const struct qmp_end *end)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX; n++)
		qmp_close(control->qmps[n], end);
	for (unsigned n = 0; n < LINK_PLACES_MAX; n++)
		monitor_link_close(control->monitors[n]);
	for (unsigned n = 0; n < LINK_PLACES_MAX; n++)
		monitor_port_close(control->ports[n]);
}

void control_poll(struct control *control)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->qmps[n]; n++)
		qmp_poll(control->qmps[n]);
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->monitors[n]; n++)
		monitor_link_poll(control->monitors[n]);
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->ports[n]; n++)
		monitor_port_poll(control->ports[n]);
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->qmps[n]; n++)
		qmp_settle(control->qmps[n]);
}

bool control_waits(const struct control *control)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->ports[n]; n++)
		if (monitor_port_waits(control->ports[n]))
			return true;
	return false;
}
