/* SPDX-License-Identifier: MIT */
/* See wait.h. */
#include "frontends/run/wait.h"

#include <poll.h>
#include <unistd.h>

#include "bus/clock.h"
#include "frontends/chardev/port.h"
#include "frontends/chardev/port_log.h"
#include "frontends/chardev/terminal.h"
#include "frontends/gdb/gdb.h"
#include "frontends/host/standard_files.h"
#include "frontends/net/link.h"
#include "frontends/net/net.h"
#include "frontends/run/ends.h"

#define DRAIN_HASTY_NS NS_PER_S /* for how long output that is not read delays the end */
#define STDERR_PATIENCE_MS 1000 /* for how long standard error may accept nothing at the end */

void run_flush(struct run *run)
{
	console_flush(&run->console);
	port_flush(run->ports);
	port_logs_flush(run->logs);
}

/* Serves the screen and the clients. Returns whether a user or a client requests the end of the
 * run. */
static bool is_quit(struct run *run)
{
	if (run->debugger.gdb)
		gdb_poll(run->debugger.gdb);
	screen_poll(&run->screen, true);
	control_poll(&run->control);
	return run->console.quit || run->monitor.quit || run->screen.quit ||
	       (run->debugger.gdb && gdb_quit(run->debugger.gdb));
}

/* Returns whether somebody is missing. Links are woken for by terminal_wait. */
static bool is_awaiting(struct run *run)
{
	bool ports = port_awaits(run->ports, &run->poll);
	bool nets = net_awaits(run->net, &run->poll);

	return ports || nets || link_awaits(run->links);
}

void run_await(struct run *run)
{
	/* Only a person's keys are read. When other input arrives, and when it ends, must not
	 * depend on how long this takes. */
	bool keys = terminal_interactive(run->terminal);

	for (;;) {
		u64 now = clock_host_ns();

		pollset_clear(&run->poll);
		run->poll.ns = run->deadline > now ? run->deadline - now : 0;
		run->poll.ns = MIN(run->poll.ns, screen_wait(&run->screen));
		if (run->ended || !is_awaiting(run))
			return;
		console_flush(&run->console);
		terminal_wait(run->terminal, keys && console_wants_input(&run->console),
			      &run->poll);
		if (keys)
			console_read(&run->console);
		if (is_quit(run))
			run_end_from_host(run, run_quit_code(run),
					  run->screen.quit ? "host-ui" : "host-qmp-quit");
		else
			run_check_host(run);
	}
}

void run_await_stderr(struct run *run)
{
	struct pollfd errors = { .fd = STDERR_FILENO, .events = POLLOUT };

	while (poll(&errors, 1, STDERR_PATIENCE_MS) <= 0) {
		if (run->hasty || terminal_signal(run->terminal) ||
		    clock_host_ns() >= run->deadline) {
			standard_files_drop_errors();
			return;
		}
	}
}

void run_drain(struct run *run)
{
	u64 start = clock_host_ns(), passed;
	u64 ends = run->hasty ? start : MAX(run->deadline, start);
	u64 limit = ends == UINT64_MAX ? UINT64_MAX : ends - start + DRAIN_HASTY_NS;
	int signals = terminal_signals(run->terminal);
	bool waits;

	for (;;) {
		run_flush(run);
		pollset_clear(&run->poll);
		waits = port_fill_pollset_output(run->ports, &run->poll);
		passed = clock_host_ns() - start;
		if ((!waits && !terminal_waits(run->terminal)) || passed >= limit ||
		    terminal_signals(run->terminal) != signals)
			return;
		console_read(&run->console);
		if (is_quit(run))
			limit = MIN(limit, passed + DRAIN_HASTY_NS);
		run->poll.ns = limit - passed;
		terminal_wait(run->terminal, console_wants_input(&run->console), &run->poll);
	}
}
