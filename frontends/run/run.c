/* SPDX-License-Identifier: MIT */
/*
 * Runs a machine. Between two slices, the loop reads the clock once. It looks for input of the host
 * once per millisecond of the machine's time, so that under the virtual clock input from a file
 * arrives at the same instant in each run.
 */
#include "frontends/run/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/platform.h"
#include "devices/board/errors.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/timing/regions.h"
#include "frontends/audio/audio.h"
#include "frontends/chardev/port.h"
#include "frontends/chardev/port_log.h"
#include "frontends/chardev/terminal.h"
#include "frontends/display/clipboard.h"
#include "frontends/gdb/gdb.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/process.h"
#include "frontends/host/sandbox.h"
#include "frontends/monitor/snapshot.h"
#include "frontends/net/net.h"
#include "frontends/net/vsock.h"
#include "frontends/qmp/disk_error.h"
#include "frontends/report/stats.h"
#include "frontends/run/ends.h"
#include "frontends/run/files.h"
#include "frontends/run/run_state.h"
#include "frontends/run/wait.h"

#define LOOK_NS 1000000ull /* in the machine's time, between two looks at the host's input */

/* Returns whether the machine waits because its output is not read fast enough. Under the virtual
 * clock the guest does not notice that. */
static bool is_held(const struct run *run)
{
	return terminal_congested(run->terminal) || port_congested(run->ports);
}

/* Returns whether the user wants to know that the guest is silent. A program that reads standard
 * error does not, unless it asks. */
static bool tells_silence(const struct run *run)
{
	const unsigned tell = run->options->process.tell_silence;

	if (run->options->verb == VERB_CYCLES || run->options->verb == VERB_COMMAND ||
	    screen_is_seen(&run->screen) || run->dead)
		return false;
	return tell == TELL_SILENCE_AUTO ? isatty(STDERR_FILENO) : tell == TELL_SILENCE_ON;
}

static void check_silence(struct run *run)
{
	panic_look(&run->panic, run->board, run->options->board.harts,
		   clock_now(&run->platform->clock), &run->console);
	if (run->console.reboots)
		run_panic_goes_on(run);
	if (run->silence.written != run->console.written || run->paused || is_held(run)) {
		run_silence_begins(run);
		return;
	}
	switch (silence_check(&run->silence, run->board, &run->console, tells_silence(run))) {
	case SILENCE_MUTE:
		run_report_silence(run);
		break;
	case SILENCE_HANG:
		run_report_hang(run);
		break;
	case SILENCE_NOTHING:
		break;
	}
}

/* Sleeps until the machine's next event, input, or a limit, and remembers for how long. */
static void sleep_for(struct run *run, u64 ns)
{
	u64 before = clock_host_ns();
	bool input = console_wants_input(&run->console);
	struct pollset *poll = &run->poll;

	run_flush(run);
	pollset_clear(poll);
	poll->ns = ns;
	if (run->deadline != UINT64_MAX)
		poll->ns = MIN(ns, run->deadline > before ? run->deadline - before : 0);
	if (!run->silence.hinted)
		poll->ns = MIN(poll->ns, SILENCE_MUTE_NS);
	poll->ns = MIN(poll->ns, screen_wait(&run->screen));
	if (!run->paused) {
		net_fill_pollset(run->net, poll);
		vsock_fill_pollset(run->vsock, poll);
	} else {
		port_fill_pollset_output(run->ports, poll);
	}
	port_fill_pollset(run->ports, poll, run->paused);
	if (control_waits(&run->control))
		poll->ns = 0;
	terminal_wait(run->terminal, input, poll);
	run->silence.idle_ns += clock_host_ns() - before;
	run->next_look = 0;
}

static void guest_idles(struct run *run)
{
	u64 now = clock_now(&run->platform->clock);
	u64 next = clock_next(&run->platform->clock);

	if (next > now)
		sleep_for(run, next == CLOCK_NEVER ? UINT64_MAX : next - now);
}

static void run_slice(struct run *run)
{
	enum board_exit exit = board_run(run->board);

	run->dead = run->dead && exit == BOARD_DEAD;
	switch (exit) {
	case BOARD_SLICE:
		break;
	case BOARD_IDLE:
		guest_idles(run);
		break;
	case BOARD_ENDED:
		run_guest_ended(run);
		break;
	case BOARD_RESET:
		run_reset(run);
		/* Clients may have sent more after their request, which is handled at once. */
		run->next_look = 0;
		break;
	case BOARD_DEAD:
		run_guest_dead(run);
		if (run->dead)
			sleep_for(run, UINT64_MAX);
		break;
	case BOARD_LIMIT:
		run_limit_reached(run, "--max-insns");
		break;
	case BOARD_STOPPED:
		gdb_stopped(run->debugger.gdb);
		break;
	case BOARD_REPLAYED:
		run_replayed(run);
		break;
	case BOARD_DIFFER:
		run_differ(run);
		break;
	}
}

static void request_reset(struct run *run)
{
	if (run->options->replay.mode == REPLAY_PLAY) {
		run_message(run, "a replay is reset where the recorded run was, and not otherwise");
		return;
	}
	run->reset_asked = true;
	board_request_reset(run->board);
}

static void look_at_debugger(struct run *run)
{
	gdb_poll(run->debugger.gdb);
	/* With -S the machine has waited for a debugger, which decides from now on when it runs. */
	if (gdb_take_control(run->debugger.gdb))
		monitor_resume(&run->monitor);
	if (gdb_quit(run->debugger.gdb))
		run_end_from_host(run, EXIT_WELL, "host-qmp-quit");
	if (gdb_take_reset(run->debugger.gdb))
		request_reset(run);
}

/* Returns whether the monitor or a debugger keeps the machine from running. */
static bool is_stopped(const struct run *run)
{
	return run->monitor.stopped || (run->debugger.gdb && gdb_halted(run->debugger.gdb));
}

/* Handles that a state was loaded: what was known about the machine no longer holds. */
static void follow_load(struct run *run)
{
	if (run->loads == run->platform->loads)
		return;
	run->loads = run->platform->loads;
	run->reset_asked = false;
	run->next_look = 0;
	console_loaded(&run->console);
	port_loaded(run->ports);
	vsock_loaded(run->vsock);
	monitor_renewed(&run->monitor);
	if (run->debugger.gdb)
		gdb_renewed(run->debugger.gdb);
	run_silence_new(run);
}

static const char *status_of(const struct run *run)
{
	if (run->ended)
		return "shutdown";
	if (!run->monitor.stopped && run->debugger.gdb && gdb_halted(run->debugger.gdb))
		return "debug";
	return monitor_status(&run->monitor, run->begun);
}

/* Fills in the state whose changes QMP reports. */
static void get_state(void *ctx, struct qmp_state *state)
{
	const struct run *run = ctx;

	*state = (struct qmp_state){
		.ended = run->ended,
		.running = !run->ended && !is_stopped(run),
		.status = status_of(run),
		.pauses = run->monitor.pauses,
		.reset_by_guest = run->reset_by_guest,
		.resets = run->resets,
		.shutdowns = run->shutdowns,
		.shutdown = run->end,
		.power_keys = run->screen.power_keys,
		.panics = run->panics,
		.panic_action = run->panic_action,
	};
}

/* Returns whether the machine is stopped; if it is, its time stands still, too. */
static bool is_paused(struct run *run)
{
	bool paused = is_stopped(run);

	board_hold(run->board, paused);
	run->paused = paused;
	run->begun = run->begun || !paused;
	return paused;
}

/* Notes whether somebody can resume the machine. When the last who could has gone, a machine that
 * is stopped by a full disk continues, and the guest gets the error. */
static void look_at_attendance(struct run *run)
{
	bool resumable = run_is_resumable(run), lost = run->resumable && !resumable;

	run->resumable = resumable;
	board_set_unattended(run->board, !resumable);
	if (lost && run->monitor.stopped && run->monitor.why == MONITOR_IO_ERROR)
		monitor_resume(&run->monitor);
}

/* Handles input of the host and silence of the guest, once per millisecond of the machine's
 * time. */
static void run_poll(struct run *run)
{
	u64 now = clock_now(&run->platform->clock);
	bool worked = platform_worked(run->platform);

	/*
	 * If a disk's error has stopped the machine, that is reported at once. While devices work
	 * for the guest, the host's time passes much faster than the machine's.
	 */
	if (now < run->next_look && !worked && is_stopped(run) == run->paused)
		return;
	run->next_look = now + LOOK_NS;
	console_read(&run->console);
	look_at_attendance(run);
	run_check_input(run);
	console_look(&run->console);
	if (run->debugger.gdb)
		look_at_debugger(run);
	if (!run->paused) {
		net_poll(run->net);
		vsock_poll(run->vsock);
	}
	port_poll(run->ports, run->paused);
	screen_poll(&run->screen, run->paused);
	clipboard_exchange(&run->screen, run->ports);
	/* This may stop the machine. Clients are notified of that below, because nothing is looked
	 * at again while it stands still. */
	check_silence(run);
	control_poll(&run->control);
	if (run->console.quit || port_quit(run->ports) || run->monitor.quit || run->screen.quit)
		run_end_from_host(run, run_quit_code(run),
				  run->screen.quit ? "host-ui" : "host-qmp-quit");
	if (run->monitor.reset) {
		run->monitor.reset = false;
		request_reset(run);
	}
	if (run->debugger.gdb && run->monitor.stopped)
		gdb_halt(run->debugger.gdb);
}

/* Returns whether the machine is paused or waits for its readers; a reset is done even then. */
static bool stands_still(struct run *run)
{
	bool paused = is_paused(run);

	return (paused || is_held(run)) && !run->reset_asked;
}

static void run_loop(struct run *run)
{
	run_silence_begins(run);
	while (!run->ended) {
		bool paused = run->paused, still;

		run_poll(run);
		follow_load(run);
		console_feed(&run->console);
		net_feed(run->net);
		vsock_feed(run->vsock);
		port_feed(run->ports, run->paused);
		if (run->ended)
			break;
		still = stands_still(run);
		if (still && run->paused && !paused)
			run->next_look = 0; /* windows are notified before the process sleeps */
		else if (still)
			sleep_for(run, UINT64_MAX);
		else
			run_slice(run);
		run_flush(run);
		if (!run->ended)
			run_check_host(run);
	}
	clock_stop(&run->platform->clock);
}

static enum terminal_input input_mode(const struct options *options)
{
	/* A daemon leaves the terminal as soon as it is ready. */
	if (options->process.daemonize)
		return TERMINAL_UNUSED;
	if (!options->monitor && !options_terminal(options))
		return TERMINAL_OUTPUT_ONLY;
	if (options->verb == VERB_COMMAND)
		return TERMINAL_LINES;
	return options->signal_keys ? TERMINAL_SIGNAL_KEYS : TERMINAL_RAW;
}

static int open_debugger(struct run *run)
{
	const struct link_place *place = &run->options->gdb;
	struct board_error error;

	run->debugger.board = run->board;
	run->debugger.monitor = &run->monitor;
	run->debugger.terminal = run->terminal;
	run->monitor.debugger = &run->debugger;
	return place->kind != LINK_NONE && debugger_open(&run->debugger, place, &error) ?
		       complain(&error) :
		       EXIT_WELL;
}

static int open_control(struct run *run)
{
	const struct options *options = run->options;
	struct board_error error;

	run->control.machine = (struct qmp_machine){ .monitor = &run->monitor, .ctx = run,
						     .state = get_state, .actions = &run->actions };
	return control_open(&run->control, options, run->terminal, &error) ? complain(&error) :
									     EXIT_WELL;
}

static void close_remotes(struct run *run)
{
	debugger_close(&run->debugger, run->program_code);
	control_close(&run->control, &run->end);
	disk_error_forget(run->board);
}

static void open_monitor(struct run *run)
{
	const struct options *options = run->options;

	monitor_init(&run->monitor, run->board, options->board.harts, run->terminal);
	run->monitor.name = options->name;
	run->monitor.uuid = options->board.uuid;
	run->monitor.screen = &run->screen;
	run->monitor.net = run->net;
	run->monitor.ports = run->ports;
	run->monitor.links = &run->links;
	run->monitor.stopped = options->frozen;
	if (!options->monitor)
		return;
	run->console.monitor = &run->monitor;
	if (options->monitor_first)
		monitor_enter(&run->monitor);
}

/* Opens the screen, the monitor, the debugger and QMP, and loads -loadvm. Returns an exit code. */
static int run_prepare(struct run *run)
{
	const struct options *options = run->options;
	int code;

	screen_open(&run->screen, run->board);
	screen_show(&run->screen, &options->display, options->name, options_clipboard(options),
		    terminal_wake_fd(run->terminal));
	open_monitor(run);
	if (options->stats && board_count_cycles(run->board, false) < 0)
		return complain_memory();
	code = monitor_load_first(&run->monitor, options->loadvm);
	if (code == EXIT_WELL)
		code = open_debugger(run);
	return code == EXIT_WELL ? open_control(run) : code;
}

/* Reports RAM that the core does not cache. Its loads take as long as on such a core, but say
 * nothing about a core that caches all of its RAM. */
static void tell_uncached(const struct run *run)
{
	u64 uncached = board_uncached(run->board);

	if (uncached)
		fprintf(stderr,
			"baya: the core caches all of RAM but %llu MiB, as memory.cached_base and "
			"memory.cached_size say\n",
			uncached / MiB);
}

/* Begins the run when all is open that it needs. Returns an exit code. */
static int run_begin(struct run *run)
{
	const struct options *options = run->options;
	struct board_error error;

	tell_uncached(run);
	board_limit(run->board, options->max_insns);
	if (options->process.sandbox && sandbox_begin(options->process.sandbox, &error))
		return complain(&error);
	process_ready(&options->process);
	run->started = clock_host_ns();
	return EXIT_WELL;
}

/* Reports that nothing was timed, if the run has not come to --timing-from. */
static void tell_untimed(const struct run *run)
{
	struct board_cost cost;
	u64 regions;

	if (run->options->board.timing_from && board_roi(run->board, &regions, &cost) && !regions)
		fprintf(stderr,
			"baya: --timing-from=%s: the run has not come there, or not since its last "
			"reset, so no part of it was timed\n",
			run->options->board.timing_from);
}

static void report_stats(struct run *run)
{
	errno = -stats_report(run->board, run->options, clock_host_ns() - run->started);
	if (errno)
		run->failure = complain_file("to", "standard error");
}

/* Writes the rest of the output, and what the options request for the end of the run. */
static void run_finish(struct run *run)
{
	const struct options *options = run->options;

	run_drain(run);
	run_await_stderr(run);
	/* A short guest can end before a failure to write its output was noticed. */
	if (terminal_error(run->terminal) && run->code < EXIT_SIGNAL && !run->output_lost)
		run_output_lost(run);
	terminal_message(run->terminal);
	tell_untimed(run);
	if (options->stats || options->state_hash)
		report_stats(run);
	if (options->screenshot && run_files_picture(&run->screen, options->screenshot))
		run->failure = EXIT_HOST;
}

/* The time includes that for which clients are awaited, because a limit is meant for those, too,
 * that never come. */
static u64 deadline_of(const struct options *options)
{
	return options->timeout > 0 ? clock_host_ns() + (u64)(options->timeout * NS_PER_S) :
				      UINT64_MAX;
}

static void run_opened(struct run *run)
{
	const struct options *options = run->options;
	struct run_files files;

	run->deadline = deadline_of(options);
	run->code = run_prepare(run);
	if (run->code == EXIT_WELL)
		run_await(run);
	if (run->code != EXIT_WELL || run->ended) {
		close_remotes(run);
		return;
	}
	run->code = run_files_open(&files, run->board, options);
	if (run->code == EXIT_WELL)
		run->code = run_files_begin(options);
	if (run->code == EXIT_WELL)
		run->code = port_logs_begin(run->logs);
	if (run->code == EXIT_WELL)
		run->code = run_begin(run);
	if (run->code == EXIT_WELL) {
		run_loop(run);
		run_finish(run);
	}
	close_remotes(run);
	run->code = exit_code_of(run->code, run_files_close(&files, run->board, options));
}

int run_board(struct board *board, const struct options *options, bool *ran)
{
	struct run run = {
		.board = board, .options = options, .end = { false, "host-error" },
		.actions = options->process.actions,
	};
	struct board_error error;
	bool lost = false;
	int failed;

	if (ran)
		*ran = false;
	run.platform = board_platform(board);
	failed = terminal_open(&run.terminal, input_mode(options));
	if (failed) {
		fprintf(stderr, "baya: cannot set up the terminal: %s\n", strerror(-failed));
		return EXIT_HOST;
	}
	if (port_open(&run.ports, board, &options->ports, &error)) {
		run.code = complain(&error);
	} else {
		console_open(&run.console, board, options, run.terminal);
		if (port_logs_open(&run.logs, board, &options->ports, &error) ||
		    net_open(&run.net, board, &options->net, &options->board.rtc, &error) ||
		    audio_open(&run.audio, board, &options->audio, &error) ||
		    vsock_open(&run.vsock, board, options->net.absent, &error))
			run.code = complain(&error);
		else
			run_opened(&run);
		lost |= audio_close(run.audio);
		vsock_close(run.vsock);
		screen_close(&run.screen);
		lost |= net_close(run.net);
		lost |= port_logs_close(run.logs);
		console_close(&run.console);
	}
	lost |= port_close(run.ports);
	pollset_free(&run.poll);
	terminal_close(run.terminal);
	if (ran)
		*ran = run.started;
	return exit_code_of(run.code, lost ? EXIT_HOST : run.failure);
}
