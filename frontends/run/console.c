/* SPDX-License-Identifier: MIT */
/*
 * Routes bytes between the guest's consoles, the monitor and the terminal. Bytes for the guest are
 * kept here until the device has room, so that input that is typed ahead is not lost, and the
 * Ctrl-a commands work even when the guest does not read.
 */
#include "frontends/run/console.h"

#include <string.h>

#include "bus/platform.h"
#include "devices/board/board.h"
#include "frontends/chardev/terminal.h"
#include "frontends/cli/options.h"
#include "frontends/host/exit_code.h"
#include "frontends/monitor/monitor.h"

#define PANIC "Kernel panic - not syncing"
#define PANIC_END "---[ end Kernel panic"
#define REBOOT "Rebooting in "
#define ORDERLY "reboot: " /* from kernel/reboot.c: at power off or restart, not at a panic */

/* Returns how many characters of `text` are matched after c. The first letter of each text is not
 * repeated at its beginning, so no match begins within another; "---" is the exception. */
static unsigned watch_step(const char *text, unsigned matched, u8 c)
{
	if ((u8)text[matched] == c)
		return matched + 1;
	if (text[0] == '-' && c == '-' && matched >= 3)
		return 3; /* one more dash before "[ end" */
	return (u8)text[0] == c;
}

/* Returns whether the text ends with c; if so, the next match begins. */
static bool watch_text(const char *text, unsigned *matched, u8 c)
{
	*matched = watch_step(text, *matched, c);
	if (text[*matched])
		return false;
	*matched = 0;
	return true;
}

static void console_watch(struct console_end *end, const u8 *data, size_t size)
{
	struct console *console = end->console;
	struct console_watch *watch = &end->watch;

	for (size_t i = 0; i < size; i++) {
		if (watch->after == WATCH_AFTER && data[i] != '\n' && data[i] != '\r')
			console_lives(console);
		else if (watch->after == WATCH_LAST_LINE && data[i] == '\n')
			watch->after = WATCH_AFTER;
		if (watch_text(ORDERLY, &watch->orderly, data[i]))
			console_lives(console);
		if (watch_text(PANIC, &watch->panic, data[i]))
			console->panicked = true;
		if (watch_text(REBOOT, &watch->reboot, data[i]))
			console->reboots = console->panicked;
		if (watch_text(PANIC_END, &watch->panic_end, data[i]))
			watch->after = WATCH_LAST_LINE;
	}
}

/* Notes whether the output ends as a prompt does, in a blank; the sequence that asks the terminal
 * for its size (ESC [ 6 n) may follow. */
static void see_prompt(struct console *console, u8 byte)
{
	if (byte == 0x1b)
		console->in_sequence = true;
	else if (!console->in_sequence)
		console->prompted = byte == ' ';
	else if (byte >= 0x40 && byte != '[')
		console->in_sequence = false;
}

/* Handles output of the guest. */
static void end_write(void *ctx, const u8 *data, size_t size)
{
	struct console_end *end = ctx;
	struct console *console = end->console;

	if (end->is_console) {
		console_watch(end, data, size);
		console->written += size;
		for (size_t i = 0; i < size; i++)
			see_prompt(console, data[i]);
	}
	if (end->hidden)
		tail_add(&console->tail, data, size);
	if (end->on_terminal)
		terminal_write(console->terminal, data, size);
	else if (end->write)
		end->write(end->ctx, data, size);
}

static void end_opened(void *ctx, bool open)
{
	struct console_end *end = ctx;

	if (end->guest_opened)
		end->guest_opened(end->ctx, open);
}

/* Tells the device that the terminal is open and ready, because a machine whose state was restored
 * may have been told otherwise. */
static void tell_open(const struct console_end *end)
{
	if (!end->on_terminal)
		return;
	chardev_send_event(end->chardev, CHARDEV_OPENED);
	chardev_send_event(end->chardev, CHARDEV_READY);
}

static void add_end(struct console *console, struct chardev *chardev, const struct port *port,
		    bool is_console)
{
	struct console_end *end = &console->ends[console->end_count++];

	*end = (struct console_end){
		.console = console,
		.is_console = is_console,
		.on_terminal = port->kind == PORT_STDIO,
	};
	if (!chardev || (!end->is_console && !end->on_terminal))
		return;
	end->chardev = chardev;
	end->room = chardev_room(chardev);
	end->write = chardev->write;
	end->guest_opened = chardev->guest_opened;
	end->ctx = chardev->ctx;
	chardev->write = end_write;
	chardev->guest_opened = end_opened;
	chardev->ctx = end;
	if (end->on_terminal) {
		chardev->tty_in = terminal_interactive(console->terminal);
		chardev->tty_out = terminal_shown(console->terminal);
	}
	tell_open(end);
}

void console_open(struct console *console, struct board *board, const struct options *options,
		  struct terminal *terminal)
{
	struct platform *platform = board_platform(board);

	*console = (struct console){ .terminal = terminal };
	console->journal = &platform->journal;
	console->sized = platform->clock.mode == CLOCK_HOST;
	console->keys = (struct escape_keys){ .on = options->escapes,
					      .character = (u8)options->escape_char };
	add_end(console, board_serial(board), &options->ports.serial, true);
	console->ends[0].hidden = options->verb == VERB_COMMAND &&
				  options->ports.serial.kind == PORT_NULL;
	for (unsigned n = 0; n < options->ports.virtio_count; n++) {
		const struct virtio_port *port = &options->ports.virtio[n];

		add_end(console, board_port(board, port->config), &port->port,
			port->config->console);
	}
	while (console->focus < console->end_count &&
	       (options->monitor_first || !console->ends[console->focus].on_terminal))
		console->focus++;
}

void console_close(struct console *console)
{
	for (unsigned i = 0; i < console->end_count; i++)
		if (console->ends[i].chardev) {
			console->ends[i].chardev->write = NULL;
			console->ends[i].chardev->guest_opened = NULL;
		}
}

void console_look(struct console *console)
{
	u16 columns, rows;

	if (!console->sized || !terminal_size(console->terminal, &columns, &rows) ||
	    (columns == console->columns && rows == console->rows))
		return;
	console->columns = columns;
	console->rows = rows;
	for (unsigned i = 0; i < console->end_count; i++)
		if (console->ends[i].on_terminal)
			chardev_resize(console->ends[i].chardev, columns, rows);
}

static void print_keys(struct console *console)
{
	char text[ESCAPE_HELP_MAX];

	terminal_write(console->terminal, text, escape_help(&console->keys, "\n", text));
}

/* Gives the keyboard to the next console. The order is: serial port, virtio ports, monitor. */
static void focus_next(struct console *console)
{
	for (unsigned step = 1; step <= console->end_count; step++) {
		unsigned next = (console->focus + step) % (console->end_count + 1);

		bool there = next == console->end_count ? console->monitor != NULL :
							  console->ends[next].on_terminal;

		if (!there)
			continue;
		console->focus = next;
		if (next == console->end_count)
			monitor_enter(console->monitor);
		else
			terminal_write(console->terminal, "\n", 1);
		return;
	}
}

static void console_type(struct console *console, u8 c)
{
	struct console_end *end;

	if (console->focus == console->end_count) {
		if (console->monitor)
			monitor_type(console->monitor, c);
		return;
	}
	end = &console->ends[console->focus];
	if (end->input_count == CONSOLE_INPUT_MAX)
		return;
	end->input[(end->input_start + end->input_count++) % CONSOLE_INPUT_MAX] = c;
}

/* Sends a break at once, before input that the guest has not read yet, as QEMU does. */
static void console_break(struct console *console)
{
	if (console->focus < console->end_count)
		chardev_send_event(console->ends[console->focus].chardev, CHARDEV_BREAK);
}

static void console_take(struct console *console, u8 c)
{
	switch (escape_take(&console->keys, c)) {
	case ESCAPE_NOTHING:
		break;
	case ESCAPE_BYTE:
		console_type(console, c);
		break;
	case ESCAPE_QUIT:
		console->quit = true;
		break;
	case ESCAPE_NEXT:
		focus_next(console);
		break;
	case ESCAPE_BREAK:
		console_break(console);
		break;
	case ESCAPE_HELP:
		print_keys(console);
		break;
	}
}

bool console_wants_input(const struct console *console)
{
	return console->focus == console->end_count ||
	       console->ends[console->focus].input_count < CONSOLE_INPUT_MAX;
}

bool console_read(struct console *console)
{
	u8 data[CONSOLE_INPUT_MAX];
	size_t room = sizeof(data), size;

	if (console->focus < console->end_count)
		room = MIN(room, CONSOLE_INPUT_MAX - console->ends[console->focus].input_count);
	size = room ? terminal_read(console->terminal, data, room) : 0;
	for (size_t i = 0; i < size && !console->quit; i++)
		console_take(console, data[i]);
	return size > 0;
}

/* Tells the guest of the end of input when it has read all that came before. A port that programs
 * read is closed; a console stays open and gets no more input. */
static void tell_end(struct console *console, struct console_end *end)
{
	if (end->ended || end != &console->ends[console->focus] ||
	    !terminal_ended(console->terminal) ||
	    (!end->is_console && chardev_room(end->chardev) < end->room))
		return;
	end->ended = true;
	chardev_send_event(end->chardev, end->is_console ? CHARDEV_ENDED : CHARDEV_CLOSED);
}

void console_feed(struct console *console)
{
	for (unsigned i = 0; i < console->end_count; i++) {
		struct console_end *end = &console->ends[i];
		size_t room, size;

		if (!end->chardev)
			continue;
		if (!end->input_count)
			tell_end(console, end);
		room = chardev_room(end->chardev);
		size = MIN(room, (size_t)end->input_count);
		size = MIN(size, (size_t)(CONSOLE_INPUT_MAX - end->input_start));
		if (!size)
			continue;
		chardev_put(end->chardev, console->journal, end->input + end->input_start, size);
		end->input_start = (end->input_start + (unsigned)size) % CONSOLE_INPUT_MAX;
		end->input_count -= (unsigned)size;
		console->taken += size;
	}
}

void console_flush(struct console *console)
{
	terminal_flush(console->terminal);
}

bool console_panic_ended(const struct console *console)
{
	for (unsigned i = 0; i < console->end_count; i++)
		if (console->ends[i].watch.after == WATCH_AFTER)
			return true;
	return false;
}

void console_lives(struct console *console)
{
	console->panicked = console->panic_known = console->hang_reported = console->reboots =
		false;
	for (unsigned i = 0; i < console->end_count; i++)
		console->ends[i].watch = (struct console_watch){ 0 };
}

void console_reset(struct console *console)
{
	console_lives(console);
	console->prompted = console->in_sequence = false;
	console->tail.written = 0;
}

void console_loaded(struct console *console)
{
	console_reset(console);
	console->columns = console->rows = 0;
	for (unsigned i = 0; i < console->end_count; i++) {
		struct console_end *end = &console->ends[i];

		end->ended = false;
		if (end->chardev)
			tell_open(end);
	}
}
