/* SPDX-License-Identifier: MIT */
/*
 * Standard input and output of the process, and the signals that end or stop it. A terminal is put
 * into raw mode, and its mode is restored on every way out: terminal_close, exit(), fatal signals
 * and stop signals. Output is buffered, and not lost while its reader is slow. Input and output
 * never block the caller, except when 1 MiB of output is buffered. There is at most one struct
 * terminal in a process, as there is one standard input.
 */
#ifndef FRONTENDS_CHARDEV_TERMINAL_H
#define FRONTENDS_CHARDEV_TERMINAL_H

#include "bus/base.h"
#include "frontends/host/pollset.h"
#include "frontends/net/link_place.h"

struct terminal;

enum terminal_input {
	TERMINAL_UNUSED, /* leave standard input and output alone */
	TERMINAL_OUTPUT_ONLY, /* leave standard input alone */
	/* Read standard input as a stream; a terminal keeps its mode, and gives whole lines. */
	TERMINAL_LINES,
	TERMINAL_RAW, /* raw mode: every key is passed on as bytes */
	TERMINAL_SIGNAL_KEYS, /* raw mode, but Ctrl-c, Ctrl-z and Ctrl-\ cause their signals */
};

/*
 * Opens it; returns 0 with *terminal, or -errno. From then on SIGINT, SIGTERM, SIGHUP and SIGQUIT
 * are only counted (the third of them ends the process), and SIGPIPE is ignored.
 */
int terminal_open(struct terminal **terminal, enum terminal_input input);

/*
 * Restores the terminal's mode and the signals. Buffered output is lost, so call terminal_drain
 * first. NULL is accepted.
 */
void terminal_close(struct terminal *terminal);

/*
 * Returns the last signal that asked the process to end, or 0. When the reader of the output goes
 * away, that counts as SIGPIPE.
 */
int terminal_signal(const struct terminal *terminal);

/* Returns how many signals have asked the process to end. */
int terminal_signals(const struct terminal *terminal);

/*
 * Returns the errno with which writing failed, ENOSPC for example, or 0. After a failure all output
 * is dropped.
 */
int terminal_error(const struct terminal *terminal);

/*
 * Returns the errno with which reading the input failed since the last call, or 0. The input ends
 * there. A terminal that hung up is not an error, and neither is an input that is only open for
 * writing, which nohup gives to programs that are to have none.
 */
int terminal_input_error(struct terminal *terminal);

/* Return whether standard input is a terminal, and whether standard output is. */
bool terminal_interactive(const struct terminal *terminal);
bool terminal_shown(const struct terminal *terminal);

/*
 * Stores the terminal's size in characters. Returns false if standard output is not a terminal, or
 * its size is not known. terminal_wait returns when the size changes.
 */
bool terminal_size(const struct terminal *terminal, u16 *columns, u16 *rows);

/* Returns whether the input has ended, so that there will never be more. */
bool terminal_ended(const struct terminal *terminal);

/*
 * Reads input without blocking. Returns the number of bytes, 0 if there are none now or the input
 * has ended.
 */
size_t terminal_read(struct terminal *terminal, u8 *data, size_t size);

void terminal_write(struct terminal *terminal, const void *data, size_t size);

/* Writes out as much as can be written without blocking. */
void terminal_flush(struct terminal *terminal);

/* Returns an eventfd that ends terminal_wait when any thread writes to it. */
int terminal_wake_fd(const struct terminal *terminal);

/* Returns whether any output is buffered, because its reader has not taken it yet. */
bool terminal_waits(const struct terminal *terminal);

/* Returns whether so much output is buffered that the guest should not run until it is written. */
bool terminal_congested(const struct terminal *terminal);

/*
 * Sleeps until a signal comes, buffered output can be written, there is input (if `input` is set),
 * a descriptor that was added by terminal_also can be read, or one of the set's own descriptors or
 * its time limit is due. All these descriptors are added to `set`.
 */
void terminal_wait(struct terminal *terminal, bool input, struct pollset *set);

/*
 * terminal_also makes terminal_wait return also when the descriptor is readable; the caller keeps
 * owning it. terminal_no_more undoes that.
 */
#define TERMINAL_OTHERS_MAX (2 * LINK_PLACES_MAX + 1) /* monitors, QMP and GDB */
void terminal_also(struct terminal *terminal, int fd);
void terminal_no_more(struct terminal *terminal, int fd);

/*
 * Writes out everything that is buffered, blocking if necessary. Gives up after `ns`, or when a
 * further signal comes.
 */
void terminal_drain(struct terminal *terminal, u64 ns);

/*
 * Prepares for a message on stderr: writes out what is buffered, and ends the line that the guest
 * has begun if both go to a terminal.
 */
void terminal_message(struct terminal *terminal);

#endif
