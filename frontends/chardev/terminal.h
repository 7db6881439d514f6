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
#include "frontends/net/link_place.h"

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

/* Restores the mode and the signals; buffered output is lost, so call terminal_drain first. NULL is
 * accepted. */
void terminal_close(struct terminal *terminal);

/* Returns the signal that asked for the end, or 0. When the reader of the output goes away, that
 * counts as SIGPIPE. */
int terminal_signal(const struct terminal *terminal);

/* Returns how many signals have asked for the end. */
int terminal_signals(const struct terminal *terminal);

/* Returns the error (ENOSPC ...) with which writing failed, or 0; further output is dropped. */
int terminal_error(const struct terminal *terminal);

/* Returns whether standard input is a terminal. */
bool terminal_interactive(const struct terminal *terminal);

/* Returns the terminal's size in characters; false: it is no terminal. terminal_wait returns when
 * the size changes. */
bool terminal_size(const struct terminal *terminal, u16 *columns, u16 *rows);

/* Returns whether the input has ended, so that there will never be more. */
bool terminal_ended(const struct terminal *terminal);

/* Returns how many bytes were read, 0 when there are none now. After the end of input there are
 * never any. */
size_t terminal_read(struct terminal *terminal, u8 *data, size_t size);

void terminal_write(struct terminal *terminal, const void *data, size_t size);

/* Writes out what can be written without waiting. */
void terminal_flush(struct terminal *terminal);

/* Returns an eventfd that ends terminal_wait when any thread writes to it. */
int terminal_wake_fd(const struct terminal *terminal);

/* Returns whether output waits for its reader. */
bool terminal_waits(const struct terminal *terminal);

/* Returns whether so much output waits that the guest should wait too. */
bool terminal_congested(const struct terminal *terminal);

/*
 * Sleeps until there is a signal, until waiting output can be written, until there is input (when
 * `input` is set), or until a descriptor or the time of the set, to which these are added.
 */
void terminal_wait(struct terminal *terminal, bool input, struct pollset *set);

/* Makes terminal_wait return when the descriptor is readable, too; the caller keeps owning it. */
#define TERMINAL_OTHERS_MAX (2 * LINK_PLACES_MAX + 1) /* monitors, QMP and GDB */
void terminal_also(struct terminal *terminal, int fd);
void terminal_no_more(struct terminal *terminal, int fd);

/* Writes out everything; gives up after `ns`, or when a (further) signal comes. */
void terminal_drain(struct terminal *terminal, u64 ns);

/* Called before a message on stderr: flushes, and ends the guest's line if both go to a
 * terminal. */
void terminal_message(struct terminal *terminal);

#endif
