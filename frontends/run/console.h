/* SPDX-License-Identifier: MIT */
/*
 * Connects the guest's consoles to the process's standard input and output: chooses the console
 * that receives the keyboard's input, handles the Ctrl-a commands, buffers input until the guest
 * accepts it, reports the terminal's size to the guest, and searches the output for the messages of
 * a panicking kernel.
 */
#ifndef FRONTENDS_RUN_CONSOLE_H
#define FRONTENDS_RUN_CONSOLE_H

#include <stdio.h>

#include "bus/base.h"
#include "frontends/chardev/escape.h"
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

/*
 * Finds the messages of a kernel's panic in output that arrives in parts: how far each message has
 * been matched.
 */
struct console_watch {
	unsigned panic, panic_end, reboot, orderly;
	/* Whether the output is in the panic's last line, or after it. */
	enum { WATCH_NOTHING, WATCH_LAST_LINE, WATCH_AFTER } after;
};

/* One console of the guest. */
struct console_end {
	struct console *console;
	struct chardev *chardev; /* NULL: the machine does not have it */
	bool is_console; /* a person reads it, so a kernel's panic is looked for here */
	bool on_terminal;
	bool hidden; /* it is not shown: the output only goes to console->tail */
	bool ended; /* the guest's device was told that there is no more input */
	size_t room; /* the room of the device when it holds no input */
	/*
	 * The host's end (port.h) to which the output goes as well, and which is told when programs
	 * open the guest's port.
	 */
	void (*write)(void *ctx, const u8 *data, size_t size);
	void (*guest_opened)(void *ctx, bool open);
	void *ctx;
	/* A ring buffer of input that the guest has not accepted yet. */
	u8 input[CONSOLE_INPUT_MAX];
	unsigned input_start, input_count;
	struct console_watch watch;
};

#define CONSOLE_ENDS_MAX (1 + VIRTIO_PORTS_MAX)

struct console {
	struct terminal *terminal; /* borrowed */
	struct monitor *monitor; /* borrowed; NULL: none */
	struct journal *journal;
	struct console_end ends[CONSOLE_ENDS_MAX]; /* first the serial port, then virtio's */
	unsigned end_count;
	unsigned focus; /* the end that has the keyboard; end_count: the monitor */
	u16 columns, rows; /* the terminal's size that was last reported to the guest */
	bool sized; /* the size is reported; not with the virtual clock */
	struct escape_keys keys;
	bool quit; /* Ctrl-a x */
	u64 written; /* the number of bytes from the guest */
	struct tail tail;
	bool prompted; /* the last byte written was a blank, as at the end of a prompt */
	/* The output is inside an escape sequence, which does not count as output. */
	bool in_sequence;
	u64 taken; /* the number of bytes given to the guest */
	bool panicked; /* the guest wrote that its kernel panicked */
	bool reboots; /* and that it will reboot by itself */
	bool panic_known; /* for run/ends.c: the action for this panic has been recorded */
	bool hang_reported; /* run_report_hang has reported that the kernel hangs */
};

/*
 * Connects the consoles. Called after port_open, because it puts itself between the devices and
 * these ports' host ends.
 */
void console_open(struct console *console, struct board *board, const struct options *options,
		  struct terminal *terminal);
void console_close(struct console *console);

/* Reads what has been typed. Returns false if there was nothing. */
bool console_read(struct console *console);

/* Reports the terminal's size to the guest, if it has changed. */
void console_look(struct console *console);

/* Returns whether there is room for more input. */
bool console_wants_input(const struct console *console);

/* Passes input to the guest, as much as it has room for. */
void console_feed(struct console *console);

/* Writes the guest's output that is buffered. */
void console_flush(struct console *console);

/*
 * Returns whether the last line of the output is the last one of a kernel's panic. Unless the
 * kernel reboots, it hangs then.
 */
bool console_panic_ended(const struct console *console);

/*
 * Forgets a panic, because the text was not the kernel's own: the kernel works, as later output or
 * a running program shows.
 */
void console_lives(struct console *console);

/* Forgets a panic and other past output, because the machine was reset. */
void console_reset(struct console *console);

/*
 * Reports the terminal's size and the end of input to the guest again. Called when a state was
 * loaded.
 */
void console_loaded(struct console *console);

#endif
