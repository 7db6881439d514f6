/* SPDX-License-Identifier: MIT */
/*
 * Implements raw mode, signals, and buffered output that does not block. Signal handlers need the
 * terminal, and there are no globals: they find it at the base of the alternate signal stack, whose
 * address the kernel gives them in the ucontext; this works even when the normal stack has
 * overflowed. Output uses a separate open file description where that is possible, so that
 * O_NONBLOCK is never set on the one that is shared with the shell.
 */
#include "frontends/chardev/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <ucontext.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/guard.h"

#define STACK_SIZE (64 * KiB)
#define OUTPUT_MAX MiB /* bytes that may wait before writing blocks */
#define OUTPUT_CONGESTED (32 * KiB)
#define BLOCKING_CHUNK 256 /* bytes that a blocking pipe or terminal accepts after POLLOUT */
#define STOP_FLAGS (SA_RESETHAND | SA_NODEFER | SA_RESTART)
#define SIGNALS_PATIENCE 3 /* after this many signals the process ends at once */

static const int quit_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP };

#define QUITS ARRAY_SIZE(quit_signals)
#define CRASHES ARRAY_SIZE(crash_signals)

struct terminal {
	int in, out; /* -1: none; `in` becomes -1 at the end of input */
	int wake; /* an eventfd, which is written when a signal comes */
	bool own_out; /* `out` is ours to close, and does not block */
	size_t chunk; /* bytes that are written at once */
	bool tty_in, tty_out;
	bool raw_wanted, signal_keys;
	volatile sig_atomic_t raw; /* raw mode is set now */
	volatile sig_atomic_t signal, signals;
	struct termios cooked; /* the mode before it was made raw */
	struct sigaction old_quit[QUITS], old_crash[CRASHES], old_stop, old_cont, old_pipe,
		old_resize;
	void *anchor;
	u8 *output; /* [output_start, output_end) waits */
	size_t output_start, output_end;
	int error, input_error;
	u8 last; /* the last byte written */
	int others[TERMINAL_OTHERS_MAX];
	unsigned other_count;
};

/* The start of the alternate stack, which grows down towards it from far above. */
struct anchor {
	struct terminal *terminal; /* NULL once it is closed */
};

static struct terminal *terminal_of(const void *context)
{
	const ucontext_t *user = context;

	if (!user->uc_stack.ss_sp || user->uc_stack.ss_size != STACK_SIZE)
		return NULL;
	return ((const struct anchor *)user->uc_stack.ss_sp)->terminal;
}

/* Returns whether the terminal is this process's to use. In the background it belongs to other
 * programs, unless it is not our controlling terminal. */
static bool in_foreground(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group < 0 || group == getpgrp();
}

/* Enters raw mode, if that is wanted and we are in the foreground. The mode to restore is read only
 * then: while we are in the background, the terminal has the shell's own mode. */
static void mode_raw(struct terminal *terminal)
{
	struct termios raw;

	if (!terminal->raw_wanted || !in_foreground())
		return;
	if (!terminal->raw && tcgetattr(STDIN_FILENO, &terminal->cooked))
		return;
	raw = terminal->cooked;
	/* Output processing stays on: our own messages end their lines with \n. */
	raw.c_iflag &=
		~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN);
	if (!terminal->signal_keys)
		raw.c_lflag &= ~(tcflag_t)ISIG;
	raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0)
		terminal->raw = 1;
}

/* Restores the mode. Signal handlers may call this, because tcgetpgrp and tcsetattr are
 * async-signal-safe. */
static void mode_restore(struct terminal *terminal)
{
	if (terminal->raw && in_foreground())
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal->cooked);
	terminal->raw = 0;
}

static void on_quit(int number, siginfo_t *info, void *context)
{
	struct terminal *terminal = terminal_of(context);
	int saved = errno;
	u64 one = 1;

	(void)info;
	if (!terminal)
		return;
	terminal->signal = number;
	if (++terminal->signals >= SIGNALS_PATIENCE) {
		mode_restore(terminal);
		signal(number, SIG_DFL);
		raise(number);
	}
	if (write(terminal->wake, &one, sizeof(one)) < 0)
		terminal->signal = number;
	errno = saved;
}

/* Wakes terminal_wait, so that the caller looks at the new size. */
static void on_resize(int number, siginfo_t *info, void *context)
{
	struct terminal *terminal = terminal_of(context);
	int saved = errno;
	u64 one = 1;

	(void)info;
	(void)number;
	if (terminal && write(terminal->wake, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

/*
 * Restores the terminal, then lets the signal do what it did before this handler was installed: the
 * instruction is executed again, and faults again. It is not if the signal was sent, nor with
 * SIGTRAP, after which the next instruction would be executed; GLib uses it to end the process
 * where memory is missing.
 */
static void on_crash(int number, siginfo_t *info, void *context)
{
	struct terminal *terminal = terminal_of(context);

	if (!terminal) {
		signal(number, SIG_DFL);
		return;
	}
	mode_restore(terminal);
	for (unsigned i = 0; i < CRASHES; i++)
		if (crash_signals[i] == number)
			sigaction(number, &terminal->old_crash[i], NULL);
	if (info->si_code <= 0 || number == SIGTRAP)
		raise(number);
}

/* Restores the mode and stops the process. With SA_RESETHAND and SA_NODEFER the SIGTSTP that is
 * raised here has its default effect, and at once; with SA_RESTART no write is cut short. */
static void on_stop(int number, siginfo_t *info, void *context)
{
	struct terminal *terminal = terminal_of(context);
	struct sigaction action = { .sa_sigaction = on_stop,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | STOP_FLAGS };
	int saved = errno;

	(void)info;
	if (terminal)
		mode_restore(terminal);
	raise(number);
	sigaction(number, &action, NULL);
	if (terminal)
		mode_raw(terminal);
	errno = saved;
}

static void on_continue(int number, siginfo_t *info, void *context)
{
	struct terminal *terminal = terminal_of(context);
	int saved = errno;

	(void)number;
	(void)info;
	if (terminal)
		mode_raw(terminal);
	errno = saved;
}

static void at_exit(int status, void *anchor)
{
	struct terminal *terminal = ((struct anchor *)anchor)->terminal;

	(void)status;
	if (terminal)
		mode_restore(terminal);
}

/* Makes the alternate stack and its anchor. They stay mapped until the process ends, because
 * on_exit() cannot be undone. */
static int anchor_make(struct terminal *terminal)
{
	void *base = guard_reserve(STACK_SIZE, PAGE_SIZE);
	stack_t stack = { .ss_sp = base, .ss_size = STACK_SIZE };

	if (!base || mprotect(base, STACK_SIZE, PROT_READ | PROT_WRITE))
		return -errno;
	((struct anchor *)base)->terminal = terminal;
	terminal->anchor = base;
	if (sigaltstack(&stack, NULL))
		return -errno;
	on_exit(at_exit, base);
	return 0;
}

/* Installs a handler, unless the parent has made the signal ignored (nohup). */
static void terminal_handle(int number, void (*handler)(int, siginfo_t *, void *), int flags,
			    struct sigaction *old)
{
	struct sigaction action = { .sa_sigaction = handler,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | flags };

	sigaction(number, NULL, old);
	if (old->sa_flags & SA_SIGINFO || old->sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

static void signals_set(struct terminal *terminal)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (unsigned i = 0; i < QUITS; i++)
		terminal_handle(quit_signals[i], on_quit, 0, &terminal->old_quit[i]);
	for (unsigned i = 0; i < CRASHES; i++)
		terminal_handle(crash_signals[i], on_crash, SA_NODEFER, &terminal->old_crash[i]);
	terminal_handle(SIGTSTP, on_stop, STOP_FLAGS, &terminal->old_stop);
	terminal_handle(SIGCONT, on_continue, SA_RESTART, &terminal->old_cont);
	terminal_handle(SIGWINCH, on_resize, SA_RESTART, &terminal->old_resize);
	sigaction(SIGPIPE, &ignore, &terminal->old_pipe);
}

static void signals_reset(struct terminal *terminal)
{
	for (unsigned i = 0; i < QUITS; i++)
		sigaction(quit_signals[i], &terminal->old_quit[i], NULL);
	for (unsigned i = 0; i < CRASHES; i++)
		sigaction(crash_signals[i], &terminal->old_crash[i], NULL);
	sigaction(SIGTSTP, &terminal->old_stop, NULL);
	sigaction(SIGCONT, &terminal->old_cont, NULL);
	sigaction(SIGWINCH, &terminal->old_resize, NULL);
	sigaction(SIGPIPE, &terminal->old_pipe, NULL);
}

/* Opens the terminal or pipe a second time, so that O_NONBLOCK affects only us. */
static void output_open(struct terminal *terminal)
{
	struct stat shared, own;

	terminal->out = STDOUT_FILENO;
	terminal->tty_out = isatty(STDOUT_FILENO);
	if (fstat(STDOUT_FILENO, &shared)) {
		terminal->out = -1;
		return;
	}
	terminal->chunk = S_ISREG(shared.st_mode) ? OUTPUT_MAX : BLOCKING_CHUNK;
	if (!S_ISFIFO(shared.st_mode) && !terminal->tty_out)
		return;
	terminal->out = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	terminal->own_out = terminal->out >= 0 && fstat(terminal->out, &own) == 0 &&
			    own.st_ino == shared.st_ino && own.st_dev == shared.st_dev;
	if (!terminal->own_out) {
		if (terminal->out >= 0)
			close(terminal->out);
		terminal->out = STDOUT_FILENO;
	}
}

int terminal_open(struct terminal **made, enum terminal_input input)
{
	struct terminal *terminal = calloc(1, sizeof(*terminal));
	int failed;

	if (!terminal)
		return -ENOMEM;
	terminal->in = input <= TERMINAL_OUTPUT_ONLY ? -1 : STDIN_FILENO;
	terminal->out = -1;
	terminal->last = '\n';
	terminal->output = malloc(OUTPUT_MAX);
	terminal->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	failed = terminal->wake < 0 ? -errno : !terminal->output ? -ENOMEM : 0;
	if (!failed)
		failed = anchor_make(terminal);
	if (failed)
		goto fail;
	if (input != TERMINAL_UNUSED)
		output_open(terminal);
	terminal->tty_in = terminal->in >= 0 && isatty(terminal->in);
	terminal->raw_wanted = terminal->tty_in && input != TERMINAL_LINES;
	terminal->signal_keys = input == TERMINAL_SIGNAL_KEYS;
	signals_set(terminal);
	mode_raw(terminal);
	*made = terminal;
	return 0;
fail:
	if (terminal->anchor)
		((struct anchor *)terminal->anchor)->terminal = NULL;
	if (terminal->wake >= 0)
		close(terminal->wake);
	free(terminal->output);
	free(terminal);
	return failed;
}

void terminal_close(struct terminal *terminal)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	if (!terminal)
		return;
	mode_restore(terminal);
	signals_reset(terminal);
	((struct anchor *)terminal->anchor)->terminal = NULL;
	sigaltstack(&none, NULL);
	if (terminal->own_out)
		close(terminal->out);
	close(terminal->wake);
	free(terminal->output);
	free(terminal);
}

int terminal_signal(const struct terminal *terminal)
{
	return terminal->signal;
}

int terminal_signals(const struct terminal *terminal)
{
	return terminal->signals;
}

int terminal_wake_fd(const struct terminal *terminal)
{
	return terminal->wake;
}

int terminal_error(const struct terminal *terminal)
{
	return terminal->error;
}

int terminal_input_error(struct terminal *terminal)
{
	int error = terminal->input_error;

	terminal->input_error = 0;
	return error;
}

bool terminal_size(const struct terminal *terminal, u16 *columns, u16 *rows)
{
	struct winsize size;

	if (!terminal->tty_out || ioctl(terminal->out, TIOCGWINSZ, &size))
		return false;
	*columns = size.ws_col;
	*rows = size.ws_row;
	return size.ws_col && size.ws_row;
}

bool terminal_interactive(const struct terminal *terminal)
{
	return terminal->tty_in;
}

bool terminal_shown(const struct terminal *terminal)
{
	return terminal->tty_out;
}

bool terminal_ended(const struct terminal *terminal)
{
	return terminal->in < 0;
}

/* Returns the descriptor to read from, or -1: in the background, input is meant for other programs,
 * and reading it would stop the process. */
static int input_fd(const struct terminal *terminal)
{
	return terminal->tty_in && !in_foreground() ? -1 : terminal->in;
}

size_t terminal_read(struct terminal *terminal, u8 *data, size_t size)
{
	struct pollfd in = { .fd = input_fd(terminal), .events = POLLIN };
	ssize_t got;

	if (in.fd < 0 || poll(&in, 1, 0) <= 0)
		return 0;
	got = read(in.fd, data, size);
	if (got > 0)
		return (size_t)got;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got < 0 && errno != EBADF && !(errno == EIO && terminal->tty_in))
		terminal->input_error = errno;
	terminal->in = -1;
	return 0;
}

void terminal_flush(struct terminal *terminal)
{
	while (terminal->output_start < terminal->output_end) {
		size_t size = terminal->output_end - terminal->output_start;
		struct pollfd out = { .fd = terminal->out, .events = POLLOUT };
		ssize_t put;

		if (!terminal->own_out) {
			if (poll(&out, 1, 0) <= 0)
				return;
			size = MIN(size, terminal->chunk);
		}
		put = write(terminal->out, terminal->output + terminal->output_start, size);
		if (put >= 0) {
			terminal->output_start += (size_t)put;
			continue;
		}
		if (errno == EAGAIN || errno == EINTR)
			return;
		terminal->error = errno;
		if (errno == EPIPE && !terminal->signal)
			terminal->signal = SIGPIPE;
		break;
	}
	terminal->output_start = terminal->output_end = 0;
}

void terminal_also(struct terminal *terminal, int fd)
{
	assert(terminal->other_count < TERMINAL_OTHERS_MAX);
	terminal->others[terminal->other_count++] = fd;
}

void terminal_no_more(struct terminal *terminal, int fd)
{
	unsigned kept = 0;

	for (unsigned n = 0; n < terminal->other_count; n++)
		if (terminal->others[n] != fd)
			terminal->others[kept++] = terminal->others[n];
	terminal->other_count = kept;
}

void terminal_wait(struct terminal *terminal, bool input, struct pollset *set)
{
	bool waiting = terminal_waits(terminal);
	unsigned wake = pollset_add(set, terminal->wake, POLLIN);
	u64 count;

	pollset_add(set, input ? input_fd(terminal) : -1, POLLIN);
	pollset_add(set, waiting ? terminal->out : -1, POLLOUT);
	for (unsigned n = 0; n < terminal->other_count; n++)
		pollset_add(set, terminal->others[n], POLLIN);
	if (pollset_wait(set) && pollset_seen(set, wake) &&
	    read(terminal->wake, &count, sizeof(count)) < 0)
		return;
}

/* Waits until output can be written; input does not end the wait. */
static void wait_for_output(struct terminal *terminal, u64 ns)
{
	struct pollset set = { .ns = ns };

	terminal_wait(terminal, false, &set);
	pollset_free(&set);
}

/* Makes room for `size` bytes, and waits for it if necessary; returns false if a signal ends the
 * wait. */
static bool output_room(struct terminal *terminal, size_t size)
{
	while (OUTPUT_MAX - terminal->output_end < size) {
		size_t waiting = terminal->output_end - terminal->output_start;

		memmove(terminal->output, terminal->output + terminal->output_start, waiting);
		terminal->output_start = 0;
		terminal->output_end = waiting;
		if (OUTPUT_MAX - waiting >= size)
			break;
		if (terminal->signal)
			return false;
		wait_for_output(terminal, NS_PER_S);
		terminal_flush(terminal);
	}
	return true;
}

void terminal_write(struct terminal *terminal, const void *data, size_t size)
{
	const u8 *bytes = data;

	while (size && terminal->out >= 0 && !terminal->error) {
		size_t part = MIN(size, (size_t)OUTPUT_CONGESTED);

		if (!output_room(terminal, part))
			return;
		memcpy(terminal->output + terminal->output_end, bytes, part);
		terminal->output_end += part;
		terminal->last = bytes[part - 1];
		bytes += part;
		size -= part;
	}
}

bool terminal_waits(const struct terminal *terminal)
{
	return terminal->output_start < terminal->output_end;
}

bool terminal_congested(const struct terminal *terminal)
{
	return terminal->output_end - terminal->output_start >= OUTPUT_CONGESTED;
}

void terminal_drain(struct terminal *terminal, u64 ns)
{
	u64 start = clock_host_ns();
	sig_atomic_t signals = terminal->signals;

	for (;;) {
		u64 passed = clock_host_ns() - start;

		terminal_flush(terminal);
		if (!terminal_waits(terminal) || terminal->signals != signals || passed >= ns)
			return;
		wait_for_output(terminal, ns - passed);
	}
}

void terminal_message(struct terminal *terminal)
{
	bool stuck;

	terminal_drain(terminal, NS_PER_S);
	stuck = terminal_waits(terminal);
	if (!stuck && terminal->last != '\n' && terminal->tty_out && isatty(STDERR_FILENO))
		fputc('\n', stderr);
	terminal->last = '\n';
}
