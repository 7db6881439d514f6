/* SPDX-License-Identifier: MIT */
/* Handles everything that ends a run or could end it: the guest's end, a reset, panic and death,
 * limits. */
#include "frontends/run/ends.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bus/platform.h"
#include "devices/board/board.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/hart_state.h"
#include "devices/board/timing/timing.h"
#include "frontends/chardev/terminal.h"
#include "frontends/cli/options.h"
#include "frontends/gdb/gdb.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/run/run_state.h"
#include "frontends/run/wait.h"

/* Records the action that is taken for a panicked guest, once per panic and as soon as it is known,
 * so that QMP clients are notified. */
static void know_panic(struct run *run, const char *action)
{
	if (!run->console.panicked || run->console.panic_known)
		return;
	run->console.panic_known = true;
	run->panics++;
	run->panic_action = action;
}

void run_panic_goes_on(struct run *run)
{
	know_panic(run, "run");
}

void run_end(struct run *run, int code)
{
	run_panic_goes_on(run);
	run->ended = true;
	run->code = run->program_code = code;
	run->end = (struct qmp_end){ true, run->console.panicked ? "guest-panic" :
							     "guest-shutdown" };
}

static int dead_code(const struct run *run)
{
	return run->console.panicked ? EXIT_PANIC : EXIT_DEAD;
}

int run_quit_code(const struct run *run)
{
	if (run->console.hang_reported)
		return EXIT_PANIC;
	return run->dead ? dead_code(run) : run->quit_code;
}

void run_end_from_host(struct run *run, int code, const char *reason)
{
	run_end(run, code);
	run->end = (struct qmp_end){ false, reason };
	run->hasty = true;
}

void run_message(struct run *run, const char *text)
{
	console_flush(&run->console);
	terminal_message(run->terminal);
	run_await_stderr(run);
	fprintf(stderr, "baya: %s\n", text);
}

void run_output_lost(struct run *run)
{
	errno = terminal_error(run->terminal);
	run->failure = complain_file("to", "standard output");
	run->output_lost = true;
}

void run_check_input(struct run *run)
{
	int error = terminal_input_error(run->terminal);
	char text[120];

	if (!error)
		return;
	snprintf(text, sizeof(text), "cannot read standard input: %s; the input ends here",
		 strerror(error));
	run_message(run, text);
	run->failure = EXIT_HOST;
}

void run_silence_begins(struct run *run)
{
	silence_begin(&run->silence, run->board, &run->console);
}

void run_silence_new(struct run *run)
{
	run->quit_code = EXIT_WELL;
	run->dead = false;
	run_silence_begins(run);
}

/* Stops the machine until it is reset, or the run is ended from the monitor. */
static void stay_shut_down(struct run *run, const char *why, const char *reason)
{
	if (run->monitor.why != MONITOR_SHUT_DOWN) {
		run_message(run, why);
		run->shutdowns++;
		run->end = (struct qmp_end){ !run->reset_asked, reason };
	}
	monitor_stop(&run->monitor, MONITOR_SHUT_DOWN);
}

/* Returns whether a person is at the terminal who can examine the guest. `baya run -- CMD` has no
 * keys for that. */
static bool is_attended(const struct run *run)
{
	return terminal_interactive(run->terminal) && run->options->verb != VERB_COMMAND;
}

bool run_is_resumable(const struct run *run)
{
	const struct options *options = run->options;

	return options->qmp_count || options->monitor_count || options->ports.monitor_count ||
	       run->debugger.gdb || (options->monitor && !terminal_ended(run->terminal));
}

/* Returns the action for a panic according to -action; -no-shutdown turns an end into a stop, as in
 * QEMU. */
static unsigned panic_action(const struct run *run)
{
	unsigned action = run->actions.panic;

	if (action == PANIC_UNSAID)
		action = is_attended(run) ? PANIC_NONE : PANIC_SHUTDOWN;
	if (action == PANIC_SHUTDOWN && run->actions.shutdown == SHUTDOWN_PAUSE)
		return PANIC_PAUSE;
	return action;
}

/* Prints the guest's last output to a hidden console, because it may show the reason for the
 * guest's end. */
static void tell_console(struct run *run)
{
	if (!run->console.tail.written)
		return;
	run_message(run, "the last lines on the guest's serial port, which 'baya run' hides:");
	tail_print(&run->console.tail, stderr);
	run->console.tail.written = 0;
}

void run_report_hang(struct run *run)
{
	static const char hangs[] = "the guest's kernel panicked and hangs";
	unsigned action = panic_action(run);

	run->console.hang_reported = true;
	tell_console(run);
	switch (action) {
	case PANIC_NONE:
		know_panic(run, "run");
		run_message(run,
			    run->actions.panic == PANIC_UNSAID ?
				    "the guest's kernel panicked and hangs; Ctrl-a x ends Baya" :
				    hangs);
		break;
	case PANIC_PAUSE:
		know_panic(run, "pause");
		run_message(run, hangs);
		monitor_stop(&run->monitor, MONITOR_PANICKED);
		break;
	default:
		know_panic(run, "poweroff");
		if (run->actions.shutdown == SHUTDOWN_PAUSE) {
			stay_shut_down(run, hangs, "guest-panic");
			break;
		}
		run_message(run, hangs);
		run_end(run, EXIT_PANIC);
	}
}

static void tell_panic(struct run *run)
{
	if (!run->console.panicked)
		return;
	tell_console(run);
	run_message(run, "the guest's kernel panicked");
}

/* Handles a reset with -no-reboot: it ends the run, or stops it so that the guest's state can be
 * examined. */
static void do_not_reset(struct run *run)
{
	bool unfinished = run->options->verb == VERB_COMMAND && !run->reset_asked;
	int code = run->console.panicked ? EXIT_PANIC : unfinished ? EXIT_GUEST_FAILED : EXIT_WELL;
	const char *reason = run->reset_asked ? "host-qmp-system-reset" : "guest-reset";

	if (run->actions.shutdown == SHUTDOWN_PAUSE) {
		stay_shut_down(run,
			       "a reset was requested, and the machine stays stopped "
			       "(-no-reboot, -no-shutdown)",
			       reason);
		run->quit_code = code;
	} else {
		if (code == EXIT_GUEST_FAILED)
			run_message(run, "the guest was reset before the command ended");
		run_end(run, code);
		run->end = (struct qmp_end){ !run->reset_asked, reason };
	}
	run->reset_asked = false;
}

void run_reset(struct run *run)
{
	struct board_error error;

	run_panic_goes_on(run);
	tell_panic(run);
	if (run->actions.no_reboot) {
		do_not_reset(run);
		return;
	}
	run->resets++;
	run->begun = false;
	run->monitor.why = MONITOR_ASKED;
	run->reset_by_guest = !run->reset_asked;
	run->reset_asked = false;
	if (board_reset(run->board, &error)) {
		run_message(run, error.text);
		run_end(run, error.exit_code);
		return;
	}
	console_reset(&run->console);
	if (run->debugger.gdb)
		gdb_renewed(run->debugger.gdb);
	run_silence_new(run);
}

static void shut_down(struct run *run)
{
	if (run->actions.shutdown == SHUTDOWN_PAUSE)
		stay_shut_down(run,
			       "the guest has shut down, and the machine stays stopped "
			       "(-no-shutdown)",
			       "guest-shutdown");
	else
		run_end(run, EXIT_WELL);
}

/* Returns the exit code for an end of the guest whose own code becomes it. */
static int program_exit(int code)
{
	return code ? EXIT_PROGRAM + code : EXIT_WELL;
}

/* Handles the end of the guest of `baya run -- COMMAND`, where MACHINE_FAIL reports how the command
 * has ended, also if it was successful; its exit status alone says that. */
static void command_ended(struct run *run, int code)
{
	const bool reported = run->platform->end == MACHINE_FAIL;
	const int exit_code = reported ? program_exit(code) : EXIT_GUEST_FAILED;

	if (reported)
		run->program_code = code;
	else
		run_message(run, "the guest was shut down before the command ended");
	run->quit_code = exit_code;
	if (run->actions.shutdown == SHUTDOWN_PAUSE)
		shut_down(run);
	else
		run_end(run, exit_code);
}

void run_guest_ended(struct run *run)
{
	u64 status = run->platform->end_code;
	int code = (int)MIN(status, 255u);
	char text[80];

	run_panic_goes_on(run);
	if (run->options->verb == VERB_COMMAND && !run->console.panicked) {
		command_ended(run, code);
		return;
	}
	if (run->platform->end != MACHINE_FAIL) {
		shut_down(run);
		return;
	}
	tell_panic(run);
	snprintf(text, sizeof(text), "the guest reported failure %llu", status);
	run_message(run, text);
	if (run->console.panicked) {
		run_end(run, EXIT_PANIC);
		return;
	}
	run_end(run, run->options->process.exit_code == EXIT_CODE_BAYA ? EXIT_GUEST_FAILED :
									 program_exit(code));
	run->program_code = code;
}

/* Returns whether someone can examine a dead machine, reset it or load a state, as in QEMU: by QMP,
 * a monitor or a debugger. The monitor of Ctrl-a c does not count, because it is always there. */
static bool is_controlled(const struct run *run)
{
	const struct options *options = run->options;

	return options->verb == VERB_RUN && (options->qmp_count || options->monitor_count ||
					     options->monitor_first || run->debugger.gdb);
}

void run_guest_dead(struct run *run)
{
	if ((run->debugger.gdb && gdb_dead(run->debugger.gdb)) || run->dead)
		return;
	if (run->console.panicked && is_controlled(run)) {
		/* -action determines what happens now. */
		run_report_hang(run);
		run->dead = !run->ended;
		return;
	}
	tell_console(run);
	tell_panic(run);
	run->dead = is_controlled(run);
	run_message(run, run->dead ?
				 "the guest is dead: no hart can ever run again; the machine stays "
				 "for those who control it" :
				 "the guest is dead: no hart can ever run again");
	if (run->options->verb != VERB_EXPLAIN)
		board_explain(run->board, stderr);
	if (!run->dead)
		run_end(run, dead_code(run));
}

void run_report_stripped(struct run *run)
{
	if (run->options->board.program && !board_has_symbols(run->board))
		run_message(run,
			    "the program has no symbols, so where its tohost is cannot be known: "
			    "link it without -s, or give its symbols by --symbols=FILE");
}

void run_report_silence(struct run *run)
{
	run_message(run,
		    "the guest has written nothing for 10 seconds; it is here (this is printed "
		    "once):");
	board_info_harts(run->board, stderr);
	run_report_stripped(run);
}

void run_limit_reached(struct run *run, const char *which)
{
	char text[80];

	snprintf(text, sizeof(text), "stopped: %s is reached", which);
	run_message(run, text);
	run_report_stripped(run);
	run_end_from_host(run, EXIT_LIMIT, "host-signal");
}

/* Ends the run because a signal asks for that. QEMU regards three of these signals as the normal
 * end of a run, and harnesses for it look for the line that it writes then. */
static void end_by_signal(struct run *run, int number)
{
	bool well = run->options->process.exit_code == EXIT_CODE_QEMU &&
		    (number == SIGTERM || number == SIGINT || number == SIGHUP);
	char text[48];

	if (well) {
		snprintf(text, sizeof(text), "terminating on signal %d", number);
		run_message(run, text);
	}
	run_end_from_host(run, well ? EXIT_WELL : EXIT_SIGNAL + number, "host-signal");
}

void run_check_host(struct run *run)
{
	if (terminal_signal(run->terminal)) {
		end_by_signal(run, terminal_signal(run->terminal));
	} else if (terminal_error(run->terminal)) {
		run_output_lost(run);
		run_end(run, run->failure);
	} else if (clock_host_ns() >= run->deadline) {
		run_limit_reached(run, "--timeout");
	}
}

void run_replayed(struct run *run)
{
	run_message(run, "the replay has come to the end of the recording");
	if (is_controlled(run))
		monitor_stop(&run->monitor, MONITOR_ASKED);
	else
		run_end_from_host(run, EXIT_WELL, "host-signal");
}

/* Ends the run because compared machines differ. Differences of their states have been printed
 * already; those of their timing are printed here. */
void run_differ(struct run *run)
{
	char text[BOARD_DIFFERENCE_MAX];

	if (board_timing_difference(run->board, text, sizeof(text)))
		run_message(run, text);
	run_end_from_host(run, EXIT_DISAGREE, "host-error");
}
