/* SPDX-License-Identifier: MIT */
/*
 * Connects the guest's consoles with the process's standard input and output: it decides which
 * console has the keyboard, handles the Ctrl-a commands, keeps bytes until the guest takes them,
 * tells the guest the terminal's size, and looks for the messages of a panicking kernel in the
 * output.
 */
#ifndef FRONTENDS_RUN_CONSOLE_H
#define FRONTENDS_RUN_CONSOLE_H

#include <stdio.h>

#include "bus/base.h"
#include "frontends/chardev/port_options.h"
#include "frontends/run/tail.h"

struct board;
struct board_error;
struct monitor;
struct options;
struct terminal;
struct chardev;
struct journal;
struct console;

#define CONSOLE_INPUT_MAX 4096

/* Finds the panic of a kernel across writes: how far each text has been matched. */
struct console_watch {
	unsigned panic, panic_end, reboot, orderly;
	enum { WATCH_NOTHING, WATCH_LAST_LINE, WATCH_AFTER } after; /* the panic's last line */
};

/* One console of the guest. */
struct console_end {
	struct console *console;
	struct chardev *chardev; /* NULL: the machine has none */
	bool is_console; /* people read it: a kernel's panic is looked for here */
	bool on_terminal;
	bool hidden; /* nobody can see it: what is written goes to the console's tail */
	bool ended; /* the guest was told that there is no more input */
	size_t room; /* of the device when it holds nothing */
	/* A port.h end to which the output goes as well, and which hears when programs open the
	 * guest's port. */
	void (*write)(void *ctx, const u8 *data, size_t size);
	void (*guest_opened)(void *ctx, bool open);
	void *ctx;
	u8 input[CONSOLE_INPUT_MAX]; /* a ring: typed, and not yet taken by the guest */
	unsigned input_start, input_count;
	struct console_watch watch;
};

#define CONSOLE_ENDS_MAX (1 + VIRTIO_PORTS_MAX)

struct console {
	struct terminal *terminal; /* borrowed */
	struct monitor *monitor; /* borrowed; NULL: none */
	struct journal *journal;
	struct console_end ends[CONSOLE_ENDS_MAX]; /* the serial port, then virtio's */
	unsigned end_count;
	unsigned focus; /* end_count: the monitor */
	u16 columns, rows; /* the terminal's size that the guest was told */
	bool sized; /* the guest is told the terminal's size; not under the virtual clock */
	bool escapes, escaped; /* escaped: the last key was the escape character */
	u8 escape_char;
	bool quit; /* Ctrl-a x */
	u64 written; /* bytes from the guest */
	struct tail tail;
	bool prompted; /* the last byte written was a blank, as at the end of a prompt */
	bool in_sequence; /* in an escape sequence, which does not count as output */
	u64 taken; /* bytes given to the guest */
	bool panicked; /* the guest wrote that its kernel panicked */
	bool reboots; /* and that it will reboot by itself */
	bool panic_known; /* for the owner: the consequence of this panic was reported */
	bool hang_told; /* it was reported that the kernel hangs */
};

/* Called after port_open, because the console listens to the output of those ports. */
void console_open(struct console *console, struct board *board, const struct options *options,
		  struct terminal *terminal);
void console_close(struct console *console);

/* Reads what has been typed. False when there was nothing. */
bool console_read(struct console *console);

/* Tells the guest how large the terminal is, if that has changed. */
void console_look(struct console *console);

/* Returns whether there is room for more input. */
bool console_wants_input(const struct console *console);

/* Gives the guest as much input as it can take. */
void console_feed(struct console *console);

/* Writes out what the guest wrote. */
void console_flush(struct console *console);

/* Returns whether a panic's last line is the last that was written: unless it reboots, the guest
 * hangs. */
bool console_panic_ended(const struct console *console);

/* The guest's kernel works, as later output or a running program shows: the text of a panic was not
 * its own. */
void console_lives(struct console *console);

/* The machine was reset: the new guest has not panicked. */
void console_reset(struct console *console);

/* A state was loaded: the guest is told again of the terminal's size and of the end of input. */
void console_loaded(struct console *console);

#endif
