/* SPDX-License-Identifier: MIT */
/*
 * Standard input and output of the process, and the signals that end or stop it. A terminal is
 * put into raw mode and restored on every way out: close, exit(), fatal and stop signals. Output
 * is buffered and never lost; input and output never block the caller, except when 1 MiB waits.
 * One at a time per process, as there is one standard input.
 */
#ifndef FRONTENDS_CHARDEV_TERMINAL_H
#define FRONTENDS_CHARDEV_TERMINAL_H

#include "bus/base.h"
#include "frontends/host/pollset.h"

struct terminal;

enum terminal_input {
	TERMINAL_OUTPUT_ONLY, /* leave standard input alone */
	TERMINAL_LINES, /* a stream; a terminal stays as it is, and gives lines */
	TERMINAL_RAW, /* every key is a byte */
	TERMINAL_SIGNAL_KEYS, /* raw, but Ctrl-c, Ctrl-z and Ctrl-\ make their signals */
};

/*
 * 0 with *terminal, or -errno. From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT are only noted
 * (one that comes again and again ends the process), SIGPIPE is ignored.
 */
int terminal_open(struct terminal **terminal, enum terminal_input input);

/* Restore the mode and the signals; what is buffered is lost: drain first. NULL is accepted. */
void terminal_close(struct terminal *terminal);

/* The signal that asked for the end, or 0. A reader that went away counts as SIGPIPE. */
int terminal_signal(const struct terminal *terminal);

/* What writing failed with (ENOSPC ...), or 0; further output is dropped. */
int terminal_error(const struct terminal *terminal);

/* Standard input is a terminal. */
bool terminal_interactive(const struct terminal *terminal);

/* How many characters it shows; false: it is no terminal. terminal_wait ends when that changes. */
bool terminal_size(const struct terminal *terminal, u16 *columns, u16 *rows);

/* There is no more input, and never will be. */
bool terminal_ended(const struct terminal *terminal);

/* Bytes read, 0 when there are none now. After the end of input there are never any. */
size_t terminal_read(struct terminal *terminal, u8 *data, size_t size);

void terminal_write(struct terminal *terminal, const void *data, size_t size);

/* Write out what can be written without waiting. */
void terminal_flush(struct terminal *terminal);

/* An eventfd that ends terminal_wait when it is written to, by any thread. */
int terminal_wake_fd(const struct terminal *terminal);

/* So much output waits that the guest should too. */
bool terminal_congested(const struct terminal *terminal);

/*
 * Sleep until a signal, output that waits can go on, input when `input`, or something or the time
 * of the set, to which these are added.
 */
void terminal_wait(struct terminal *terminal, bool input, struct pollset *set);

/* Have it wake for what can be read there, too; the descriptor is the caller's. */
#define TERMINAL_OTHERS_MAX 8
void terminal_also(struct terminal *terminal, int fd);
void terminal_no_more(struct terminal *terminal, int fd);

/* Write out all, until ns have passed or a (further) signal comes. */
void terminal_drain(struct terminal *terminal, u64 ns);

/* Before a message on stderr: flush, and end the guest's line if both go to a terminal. */
void terminal_message(struct terminal *terminal);

#endif
