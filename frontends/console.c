/* SPDX-License-Identifier: MIT */
/*
 * Routes bytes between the guest's consoles, the monitor and the terminal. Bytes for the guest are
 * kept here until the device has room, so that typing ahead loses nothing and the Ctrl-a commands
 * work also when the guest does not read.
 */
#include "frontends/console.h"

#include <errno.h>
#include <string.h>

#include "bus/platform.h"
#include "devices/board.h"
#include "frontends/exit_code.h"
#include "frontends/monitor.h"
#include "frontends/options.h"
#include "frontends/terminal.h"

#define PANIC "Kernel panic - not syncing"
#define PANIC_END "---[ end Kernel panic"

/* How much of text is matched after c; the texts' first letters do not let them overlap. */
static unsigned watch_step(const char *text, unsigned matched, u8 c)
{
	if ((u8)text[matched] == c)
		return matched + 1;
	if (text[0] == '-' && c == '-' && matched >= 3)
		return 3; /* one more dash before "[ end" */
	return (u8)text[0] == c;
}

static void watch(struct console_end *end, const u8 *data, size_t size)
{
	struct console_watch *watch = &end->watch;

	for (size_t i = 0; i < size; i++) {
		if (watch->after == WATCH_AFTER && data[i] != '\n' && data[i] != '\r')
			watch->after = WATCH_NOTHING;
		else if (watch->after == WATCH_LAST_LINE && data[i] == '\n')
			watch->after = WATCH_AFTER;
		watch->panic = watch_step(PANIC, watch->panic, data[i]);
		watch->panic_end = watch_step(PANIC_END, watch->panic_end, data[i]);
		if (!PANIC[watch->panic]) {
			end->console->panicked = true;
			watch->panic = 0;
		}
		if (!PANIC_END[watch->panic_end]) {
			watch->after = WATCH_LAST_LINE;
			watch->panic_end = 0;
		}
	}
}

static void file_failed(struct console_end *end)
{
	fprintf(stderr, "baya: writing the %s console's '%s': %s; the rest is dropped\n",
		end->name, end->path, strerror(errno));
	fclose(end->file);
	end->file = NULL;
}

/* A prompt ends in a blank; what asks the terminal for its size may follow (ESC [ 6 n). */
static void see_prompt(struct console *console, u8 byte)
{
	if (byte == 0x1b)
		console->in_sequence = true;
	else if (!console->in_sequence)
		console->prompted = byte == ' ';
	else if (byte >= 0x40 && byte != '[')
		console->in_sequence = false;
}

/* The guest wrote. */
static void end_write(void *ctx, const u8 *data, size_t size)
{
	struct console_end *end = ctx;
	struct console *console = end->console;

	watch(end, data, size);
	console->written += size;
	for (size_t i = 0; i < size; i++)
		see_prompt(console, data[i]);
	if (end->on_terminal)
		terminal_write(console->terminal, data, size);
	else if (end->file && fwrite(data, 1, size, end->file) != size)
		file_failed(end);
}

static int end_open(struct console_end *end, const struct port *port, struct board_error *error)
{
	end->on_terminal = port->kind == PORT_STDIO;
	if (port->kind == PORT_FILE) {
		end->path = port->path;
		end->file = fopen(port->path, "we");
		if (!end->file) {
			int failed = -errno;

			snprintf(error->text, sizeof(error->text),
				 "cannot write the %s console to '%s': %s", end->name, port->path,
				 strerror(-failed));
			error->exit_code = EXIT_HOST;
			return failed;
		}
	}
	end->chardev->ctx = end;
	end->chardev->write = end_write;
	return 0;
}

int console_open(struct console *console, struct board *board, const struct options *options,
		 struct terminal *terminal, struct board_error *error)
{
	const struct port *ports[END_COUNT] = { &options->serial, &options->virtcon };
	struct chardev *chardevs[END_COUNT] = { board_serial(board), NULL };
	static const char *const names[END_COUNT] = { "serial", "virtio" };
	int failed = 0;

	*console = (struct console){ .terminal = terminal, .focus = END_COUNT };
	console->journal = &board_platform(board)->journal;
	console->escapes = options->escapes;
	console->escape_char = (u8)options->escape_char;
	if (options->virtcon.kind != PORT_UNSET)
		chardevs[END_VIRTCON] = board_virtio_console(board);
	for (unsigned i = 0; !failed && i < END_COUNT; i++) {
		struct console_end *end = &console->ends[i];

		end->console = console;
		end->name = names[i];
		end->chardev = chardevs[i];
		if (end->chardev)
			failed = end_open(end, ports[i], error);
		if (end->on_terminal && console->focus == END_COUNT && !options->monitor_first)
			console->focus = i;
	}
	if (failed)
		console_close(console);
	return failed;
}

void console_close(struct console *console)
{
	for (unsigned i = 0; i < END_COUNT; i++) {
		struct console_end *end = &console->ends[i];

		if (end->chardev)
			end->chardev->write = NULL;
		if (end->file && fclose(end->file)) {
			fprintf(stderr, "baya: writing the %s console's '%s': %s\n", end->name,
				end->path, strerror(errno));
		}
		end->file = NULL;
	}
}

static void print_keys(struct console *console)
{
	char text[256];
	char key = (char)(console->escape_char + 'a' - 1);
	int size = snprintf(text, sizeof(text),
			    "\nCtrl-%c x       end Baya\n"
			    "Ctrl-%c c       the keyboard goes to the next: guest, monitor\n"
			    "Ctrl-%c h       this help\n"
			    "Ctrl-%c Ctrl-%c  send Ctrl-%c to the guest\n",
			    key, key, key, key, key, key);

	terminal_write(console->terminal, text, (size_t)size);
}

/* The keyboard goes to the next one: serial port, virtio console, monitor. */
static void focus_next(struct console *console)
{
	for (unsigned step = 1; step <= END_COUNT; step++) {
		unsigned next = (console->focus + step) % (END_COUNT + 1);

		if (next == END_COUNT ? !console->monitor : !console->ends[next].on_terminal)
			continue;
		console->focus = next;
		if (next == END_COUNT)
			monitor_enter(console->monitor);
		else
			terminal_write(console->terminal, "\n", 1);
		return;
	}
}

static void type(struct console *console, u8 c)
{
	struct console_end *end;

	if (console->focus == END_COUNT) {
		if (console->monitor)
			monitor_type(console->monitor, c);
		return;
	}
	end = &console->ends[console->focus];
	if (end->input_count == CONSOLE_INPUT_MAX)
		return;
	end->input[(end->input_start + end->input_count++) % CONSOLE_INPUT_MAX] = c;
}

static void type_escaped(struct console *console, u8 c)
{
	if (c == console->escape_char)
		type(console, c);
	else if (c == 'x' || c == 'X')
		console->quit = true;
	else if (c == 'c' || c == 'C')
		focus_next(console);
	else if (c == 'h' || c == 'H' || c == '?')
		print_keys(console);
}

bool console_wants_input(const struct console *console)
{
	return console->focus == END_COUNT ||
	       console->ends[console->focus].input_count < CONSOLE_INPUT_MAX;
}

bool console_read(struct console *console)
{
	u8 data[512];
	size_t room = sizeof(data), size;

	if (console->focus < END_COUNT)
		room = MIN(room, CONSOLE_INPUT_MAX - console->ends[console->focus].input_count);
	size = room ? terminal_read(console->terminal, data, room) : 0;
	for (size_t i = 0; i < size && !console->quit; i++) {
		bool escaped = console->escaped;

		console->escaped = console->escapes && !escaped &&
				   data[i] == console->escape_char;
		if (escaped)
			type_escaped(console, data[i]);
		else if (!console->escaped)
			type(console, data[i]);
	}
	return size > 0;
}

void console_feed(struct console *console)
{
	for (unsigned i = 0; i < END_COUNT; i++) {
		struct console_end *end = &console->ends[i];
		size_t room, size;

		if (!end->input_count)
			continue;
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
	for (unsigned i = 0; i < END_COUNT; i++)
		if (console->ends[i].file && fflush(console->ends[i].file))
			file_failed(&console->ends[i]);
}

bool console_panic_ended(const struct console *console)
{
	for (unsigned i = 0; i < END_COUNT; i++)
		if (console->ends[i].watch.after == WATCH_AFTER)
			return true;
	return false;
}

void console_reset(struct console *console)
{
	console->panicked = false;
	console->prompted = console->in_sequence = false;
	for (unsigned i = 0; i < END_COUNT; i++)
		console->ends[i].watch = (struct console_watch){ 0 };
}
