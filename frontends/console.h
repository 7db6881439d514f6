/* SPDX-License-Identifier: MIT */
/*
 * What is between the guest's consoles and the process's standard input and output: who has the
 * keyboard, the Ctrl-a commands, bytes that wait for the guest to take them, files in place of the
 * terminal, and a look-out for the words of a panicking kernel.
 */
#ifndef FRONTENDS_CONSOLE_H
#define FRONTENDS_CONSOLE_H

#include <stdio.h>

#include "bus/base.h"

struct board;
struct board_error;
struct monitor;
struct options;
struct terminal;
struct chardev;
struct journal;
struct console;

#define CONSOLE_INPUT_MAX 4096

/* The panic of a kernel, found across writes: how far each text has been matched. */
struct console_watch {
	unsigned panic, panic_end;
	enum { WATCH_NOTHING, WATCH_LAST_LINE, WATCH_AFTER } after; /* the panic's last line */
};

/* One console of the guest. */
struct console_end {
	struct console *console;
	struct chardev *chardev; /* NULL: the machine has none */
	const char *name;
	FILE *file; /* output goes here, not to the terminal */
	const char *path;
	bool on_terminal;
	u8 input[CONSOLE_INPUT_MAX]; /* a ring: typed, and not yet taken by the guest */
	unsigned input_start, input_count;
	struct console_watch watch;
};

enum console_end_number { END_SERIAL, END_VIRTCON, END_COUNT };

struct console {
	struct terminal *terminal; /* borrowed */
	struct monitor *monitor; /* borrowed; NULL: none */
	struct journal *journal;
	struct console_end ends[END_COUNT];
	unsigned focus; /* END_COUNT: the monitor */
	bool escapes, escaped; /* the last key was the escape character */
	u8 escape_char;
	bool quit; /* Ctrl-a x */
	u64 written; /* bytes from the guest */
	bool prompted; /* the last of them was a blank, as at the end of a prompt */
	bool in_sequence; /* in an escape sequence, which does not count */
	u64 taken; /* bytes given to the guest */
	bool panicked; /* the guest wrote that its kernel panicked */
};

/* 0, or a negative errno with *error when a file cannot be made. */
int console_open(struct console *console, struct board *board, const struct options *options,
		 struct terminal *terminal, struct board_error *error);
void console_close(struct console *console);

/* Read what has been typed. False when there was nothing. */
bool console_read(struct console *console);

/* Whether it makes sense to wait for input: there is room for it. */
bool console_wants_input(const struct console *console);

/* Give the guest what it can take. */
void console_feed(struct console *console);

/* Write out what the guest wrote. */
void console_flush(struct console *console);

/* A panic's last line is the last that was written: unless it reboots, the guest hangs. */
bool console_panic_ended(const struct console *console);

/* A machine reset: the new guest has not panicked. */
void console_reset(struct console *console);

#endif
