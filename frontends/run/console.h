/* SPDX-License-Identifier: MIT */
/*
 * What is between the guest's consoles and the process's standard input and output: who has the
 * keyboard, the Ctrl-a commands, bytes that wait for the guest to take them, the terminal's size,
 * and a look-out for the words of a panicking kernel.
 */
#ifndef FRONTENDS_RUN_CONSOLE_H
#define FRONTENDS_RUN_CONSOLE_H

#include <stdio.h>

#include "bus/base.h"
#include "frontends/chardev/port_options.h"

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
	unsigned panic, panic_end, reboot;
	enum { WATCH_NOTHING, WATCH_LAST_LINE, WATCH_AFTER } after; /* the panic's last line */
};

/* One console of the guest. */
struct console_end {
	struct console *console;
	struct chardev *chardev; /* NULL: the machine has none */
	bool is_console; /* what it writes is for people */
	bool on_terminal;
	bool ended; /* the guest was told that there is no more input */
	size_t room; /* of the device when it holds nothing */
	/* Where its output goes besides, as a port.h's end has it, and who hears of programs. */
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
	u16 columns, rows; /* that the guest was told */
	bool sized; /* the terminal's size is told: not under the virtual clock */
	bool escapes, escaped; /* the last key was the escape character */
	u8 escape_char;
	bool quit; /* Ctrl-a x */
	u64 written; /* bytes from the guest */
	bool prompted; /* the last of them was a blank, as at the end of a prompt */
	bool in_sequence; /* in an escape sequence, which does not count */
	u64 taken; /* bytes given to the guest */
	bool panicked; /* the guest wrote that its kernel panicked */
	bool reboots; /* and that it is to reboot by itself */
	unsigned panics; /* so often, with resets between them */
};

/* After port_open: it listens to what goes to those ends. */
void console_open(struct console *console, struct board *board, const struct options *options,
		  struct terminal *terminal);
void console_close(struct console *console);

/* Read what has been typed. False when there was nothing. */
bool console_read(struct console *console);

/* Tell the guest how large the terminal is, if that is news. */
void console_look(struct console *console);

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

/* A state was loaded into the machine: it hears anew of terminal and input's end. */
void console_loaded(struct console *console);

#endif
