/* SPDX-License-Identifier: MIT */
/*
 * Opens the ports of a run in the order of the command line, and connects each to its device.
 * Everything else depends on the port's kind (struct port_kind).
 */
#include "frontends/chardev/port.h"
#include "frontends/chardev/port_end.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "bus/platform.h"
#include "devices/board/board.h"
#include "frontends/chardev/mux.h"
#include "frontends/host/complain.h"
#include "frontends/host/pollset.h"

/* The guest is told that the port is busy when at least WAITING_MANY bytes of output wait, and that
 * it is ready again when fewer than WAITING_FEW do. */
#define WAITING_MANY (256 * KiB)
#define WAITING_FEW (64 * KiB)

/* A port of the machine; it is listed here even if the terminal is its other end. */
struct known_port {
	const struct port *options; /* borrowed */
	const char *name; /* for messages */
	const char *label; /* the name that QEMU gives to its -chardev */
	struct chardev *chardev; /* NULL: the machine does not have it */
	struct port_end *end; /* the host's end; NULL: the terminal */
};

#define PORTS_MAX (1 + VIRTIO_PORTS_MAX + LINK_PLACES_MAX)

struct port_set {
	struct known_port known[PORTS_MAX];
	unsigned known_count;
	struct port_end ends[PORTS_MAX];
	unsigned count;
	struct chardev monitors[LINK_PLACES_MAX];
	struct pollset poll;
};

/* A port whose other end is the terminal, or that is absent, has no kind here. */
static const struct port_kind *const kinds[PORT_KINDS] = {
	[PORT_NULL] = &port_null,
	[PORT_FILE] = &port_file,
	[PORT_STDERR] = &port_stderr,
	[PORT_SOCKET] = &port_socket,
	[PORT_PTY] = &port_pty,
	[PORT_PIPE] = &port_pipe,
	[PORT_AGENT] = &port_agent,
};

static const char *const kind_names[PORT_KINDS] = {
	[PORT_NULL] = "null", [PORT_FILE] = "file", [PORT_STDERR] = "stderr",
	[PORT_SOCKET] = "socket", [PORT_PTY] = "pty", [PORT_PIPE] = "pipe", [PORT_AGENT] = "qemu-vdagent",
};

int port_fail(struct port_end *end, int failed, struct board_error *error, const char *format, ...)
{
	va_list args;

	snprintf(error->text, sizeof(error->text), "the port '%s': ", end->name);
	va_start(args, format);
	failed = complain_append(error, failed, format, args);
	va_end(args);
	return failed;
}

void port_set_ended(struct port_end *end)
{
	chardev_send_event(end->chardev, CHARDEV_ENDED);
}

void port_set_open(struct port_end *end, bool open)
{
	if (open != end->open)
		chardev_send_event(end->chardev, open ? CHARDEV_OPENED : CHARDEV_CLOSED);
	end->open = open;
}

void port_set_waiting(struct port_end *end, size_t waiting)
{
	bool busy = waiting >= (end->busy ? WAITING_FEW : WAITING_MANY);

	if (busy != end->busy)
		chardev_send_event(end->chardev, busy ? CHARDEV_BUSY : CHARDEV_READY);
	end->busy = busy;
}

static int open_null(struct port_end *end, struct board_error *error)
{
	(void)error;
	port_set_open(end, true);
	port_set_ended(end);
	return 0;
}

const struct port_kind port_null = { .open = open_null };

static void guest_wrote(void *ctx, const u8 *data, size_t size)
{
	struct port_end *end = ctx;

	if (end->kind->write)
		end->kind->write(end, data, size);
}

static void guest_opened(void *ctx, bool open)
{
	struct port_end *end = ctx;

	if (end->kind->guest_opened)
		end->kind->guest_opened(end, open);
}

/*
 * Tells the device the state of the host's end again. This is needed after a snapshot has been
 * restored: what the device was told before then concerned another host end, and the guest may
 * already have its own end open.
 */
static void tell_again(struct port_end *end)
{
	struct chardev *chardev = end->chardev;

	chardev_send_event(chardev, end->open ? CHARDEV_OPENED : CHARDEV_CLOSED);
	chardev_send_event(chardev, end->busy ? CHARDEV_BUSY : CHARDEV_READY);
	if (chardev->is_open && chardev->is_open(chardev->device))
		guest_opened(end, true);
}

int port_end_open(struct port_end *end, struct board_error *error)
{
	struct chardev *chardev = end->chardev;
	int failed;

	end->kind = kinds[end->options->kind];
	failed = end->kind->open(end, error);
	if (failed)
		return failed;
	chardev->ctx = end;
	chardev->write = guest_wrote;
	chardev->guest_opened = guest_opened;
	chardev->tty_in = chardev->tty_out = end->kind->terminal;
	tell_again(end);
	return 0;
}

bool port_end_close(struct port_end *end)
{
	end->chardev->write = NULL;
	end->chardev->guest_opened = NULL;
	if (end->kind->flush)
		end->kind->flush(end);
	if (end->kind->close)
		end->kind->close(end);
	return end->lost;
}

bool port_end_awaits(struct port_end *end, struct pollset *set)
{
	return end->kind->awaits && end->kind->awaits(end, set);
}

static void add_known(struct port_set *set, const struct port *options, const char *name,
		      const char *label, struct chardev *chardev)
{
	set->known[set->known_count++] = (struct known_port){
		.options = options,
		.name = name,
		.label = options->id ? options->id : label,
		.chardev = chardev,
	};
}

static void find_ports(struct port_set *set, struct board *board,
		       const struct ports_options *options)
{
	if (options->serial.kind != PORT_UNSET)
		add_known(set, &options->serial, "serial", "serial0", board_serial(board));
	for (unsigned n = 0; n < options->virtio_count; n++) {
		const struct virtio_port *port = &options->virtio[n];
		const char *name = virtio_port_name(port);

		add_known(set, &port->port, name, name, board_port(board, port->config));
	}
	for (unsigned n = 0; n < options->monitor_count; n++) {
		set->monitors[n].heeds_busy = true;
		add_known(set, &options->monitors[n], "monitor", "monitor", &set->monitors[n]);
	}
}

/* Returns the end that was opened for another port of the same -chardev; NULL: none. */
static struct port_end *shared_end(struct port_set *set, const struct port *options)
{
	for (unsigned n = 0; options->mux && n < set->count; n++)
		if (set->ends[n].mux && !strcmp(set->ends[n].options->id, options->id))
			return &set->ends[n];
	return NULL;
}

static int open_end(struct port_set *set, struct known_port *known, u8 escape_character,
		    struct board_error *error)
{
	struct port_end *end = &set->ends[set->count];
	int failed;

	end->options = known->options;
	end->name = known->name;
	end->chardev = known->chardev;
	if (known->options->mux) {
		end->mux = mux_make(end->journal, escape_character);
		if (!end->mux)
			return board_error_memory(error);
		end->chardev = mux_device(end->mux);
	}
	failed = port_end_open(end, error);
	if (failed)
		mux_free(end->mux);
	set->count += !failed;
	known->end = end;
	return failed;
}

static int add_end(struct port_set *set, struct known_port *known, u8 escape_character,
		   struct board_error *error)
{
	int failed = 0;

	if (!kinds[known->options->kind] || !known->chardev)
		return 0;
	known->end = shared_end(set, known->options);
	if (!known->end)
		failed = open_end(set, known, escape_character, error);
	if (!failed && known->end->mux && !mux_add(known->end->mux, known->chardev))
		failed = board_error_memory(error);
	return failed;
}

int port_open(struct port_set **made, struct board *board, const struct ports_options *options,
	      struct board_error *error)
{
	struct port_set *set = calloc(1, sizeof(*set));
	int failed = 0;

	*made = set;
	if (!set)
		return board_error_memory(error);
	for (unsigned n = 0; n < ARRAY_SIZE(set->ends); n++)
		set->ends[n].journal = &board_platform(board)->journal;
	find_ports(set, board, options);
	for (unsigned n = 0; !failed && n < set->known_count; n++)
		failed = add_end(set, &set->known[n], options->escape_character, error);
	return failed;
}

bool port_awaits(struct port_set *set, struct pollset *poll)
{
	bool awaits = false;

	for (unsigned n = 0; n < set->count; n++)
		awaits |= port_end_awaits(&set->ends[n], poll);
	return awaits;
}

void port_loaded(struct port_set *set)
{
	for (unsigned n = 0; n < set->count; n++) {
		guest_opened(&set->ends[n], false);
		tell_again(&set->ends[n]);
	}
}

bool port_close(struct port_set *set)
{
	bool lost = false;

	for (unsigned n = 0; set && n < set->count; n++) {
		lost |= port_end_close(&set->ends[n]);
		mux_free(set->ends[n].mux);
	}
	if (set)
		pollset_free(&set->poll);
	free(set);
	return lost;
}

void port_fill_pollset(struct port_set *set, struct pollset *poll, bool paused)
{
	for (unsigned n = 0; n < set->count; n++) {
		struct port_end *end = &set->ends[n];

		if (end->kind->fill_pollset && (!paused || end->mux))
			end->kind->fill_pollset(end, poll);
		if (end->mux && mux_waits(end->mux, paused))
			poll->ns = 0;
	}
}

void port_poll(struct port_set *set, bool paused)
{
	pollset_clear(&set->poll);
	port_fill_pollset(set, &set->poll, paused);
	set->poll.ns = 0;
	if (set->poll.count)
		pollset_wait(&set->poll);
	for (unsigned n = 0; n < set->count; n++)
		if (set->ends[n].kind->poll && (!paused || set->ends[n].mux))
			set->ends[n].kind->poll(&set->ends[n], &set->poll);
}

void port_feed(struct port_set *set, bool paused)
{
	for (unsigned n = 0; n < set->count; n++) {
		if (set->ends[n].kind->feed)
			set->ends[n].kind->feed(&set->ends[n]);
		if (set->ends[n].mux)
			mux_feed(set->ends[n].mux, paused);
	}
}

struct chardev *port_monitor(struct port_set *set, unsigned number)
{
	return &set->monitors[number];
}

bool port_quit(const struct port_set *set)
{
	for (unsigned n = 0; n < set->count; n++)
		if (set->ends[n].mux && mux_quit(set->ends[n].mux))
			return true;
	return false;
}

void port_flush(struct port_set *set)
{
	for (unsigned n = 0; n < set->count; n++)
		if (set->ends[n].kind->flush)
			set->ends[n].kind->flush(&set->ends[n]);
}

bool port_fill_pollset_output(struct port_set *set, struct pollset *poll)
{
	bool waits = false;

	for (unsigned n = 0; n < set->count; n++)
		if (set->ends[n].kind->fill_pollset_output)
			waits |= set->ends[n].kind->fill_pollset_output(&set->ends[n], poll);
	return waits;
}

bool port_congested(const struct port_set *set)
{
	for (unsigned n = 0; n < set->count; n++)
		if (set->ends[n].held || (set->ends[n].busy && !set->ends[n].chardev->heeds_busy))
			return true;
	return false;
}

void port_offer_text(struct port_set *set, const char *text)
{
	for (unsigned n = 0; n < set->count; n++)
		if (set->ends[n].kind->offer_text)
			set->ends[n].kind->offer_text(&set->ends[n], text);
}

char *port_take_text(struct port_set *set)
{
	char *text = NULL;

	for (unsigned n = 0; n < set->count && !text; n++)
		if (set->ends[n].kind->take_text)
			text = set->ends[n].kind->take_text(&set->ends[n]);
	return text;
}

/* Returns whether the port is listed: of those that share an end, only the first one is. */
static bool is_listed(const struct known_port *known)
{
	return !known->end || known->end->options == known->options;
}

void port_info(struct port_set *set, FILE *out)
{
	for (unsigned n = 0; n < set->known_count; n++) {
		struct port_end *end = set->known[n].end;

		if (!is_listed(&set->known[n]))
			continue;
		fprintf(out, "%s: %s", set->known[n].label,
			end ? kind_names[end->options->kind] : "the terminal");
		if (end && end->kind->info)
			end->kind->info(end, out);
		fprintf(out, "%s\n", !end || end->open ? "" : ", not connected");
	}
	if (!set->known_count)
		fprintf(out, "the machine has no serial ports\n");
}

static void tell_port(const struct known_port *known, const struct port_lister *lister)
{
	struct port_end *end = known->end;
	struct chardev *chardev = end ? known->chardev : NULL;
	char *place = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&place, &size);

	if (!out)
		return;
	if (end && end->kind->place)
		end->kind->place(end, out);
	else
		fputs(end ? kind_names[known->options->kind] : "stdio", out);
	if (!output_end_text(out, &place))
		lister->print(lister->ctx, known->label, place,
			      !chardev || !chardev->is_open || chardev->is_open(chardev->device));
	free(place);
}

void port_list(struct port_set *set, const struct port_lister *lister)
{
	for (unsigned n = 0; n < set->known_count; n++)
		if (is_listed(&set->known[n]))
			tell_port(&set->known[n], lister);
}

/* Sends a break to the port of this label, and returns whether there is such a port. As in QEMU, a
 * port that is not a serial line accepts the break and ignores it. */
bool port_send_break(struct port_set *set, const char *label)
{
	bool found = false;

	for (unsigned n = 0; n < set->known_count; n++) {
		const struct known_port *known = &set->known[n];

		if (!known->chardev || strcmp(known->label, label))
			continue;
		chardev_send_event(known->chardev, CHARDEV_BREAK);
		found = true;
	}
	return found;
}
