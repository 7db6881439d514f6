/* SPDX-License-Identifier: MIT */
/*
 * Who is at the other end of the serial port, of the virtio console and of the monitor: -serial,
 * -monitor, -chardev and -mon, and what follows when nothing is said.
 */
#include "frontends/options_table.h"

#include <errno.h>
#include <string.h>

enum backend_kind { BACKEND_STDIO, BACKEND_NULL, BACKEND_FILE };

const char backend_words[] = "stdio|null|file";

static const struct key backend_keys[] = {
	{ "backend", KEY_WORD, offsetof(struct backend, kind), backend_words, 0, 0 },
	{ "id", KEY_TEXT, offsetof(struct backend, id), "ID", 0, 0 },
	{ "path", KEY_TEXT, offsetof(struct backend, path), "FILE", 0, 0 },
	{ "mux", KEY_SWITCH, offsetof(struct backend, mux), "on|off", 0, 0 },
	{ "signal", KEY_SWITCH, offsetof(struct backend, signal), "on|off", 0, 0 },
};

int apply_chardev(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-chardev", backend_keys, ARRAY_SIZE(backend_keys),
				       "backend" };
	struct backend *backend = &parser->backends[parser->backend_count];
	int failed;

	(void)option;
	if (parser->backend_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-chardev: more than %d", BACKENDS_MAX);
	*backend = (struct backend){ .signal = true };
	failed = keyval_parse(&keyval, value, backend, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!backend->id)
		return keyval_fail(parser->error, "-chardev: '%s' needs id=ID", value);
	if ((backend->kind == BACKEND_FILE) != (backend->path != NULL))
		return keyval_fail(parser->error, "-chardev: '%s': path=FILE belongs to file, and "
				   "file needs it", value);
	parser->backend_count++;
	return 0;
}

static int take_once(struct parser *parser, const struct option *option, const char *value,
		     const char **into)
{
	if (*into)
		return keyval_fail(parser->error, "-%s: is given twice: '%s' and '%s'",
				   option->name, *into, value);
	*into = value;
	return 0;
}

int apply_serial(struct parser *parser, const struct option *option, const char *value)
{
	return take_once(parser, option, value, &parser->serial);
}

int apply_monitor(struct parser *parser, const struct option *option, const char *value)
{
	return take_once(parser, option, value, &parser->monitor);
}

struct mon_list {
	const char *chardev;
	unsigned mode;
};

static const struct key mon_keys[] = {
	{ "chardev", KEY_TEXT, offsetof(struct mon_list, chardev), "ID", 0, 0 },
	{ "mode", KEY_WORD, offsetof(struct mon_list, mode), "readline", 0, 0 },
};

int apply_mon(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-mon", mon_keys, ARRAY_SIZE(mon_keys), "chardev" };
	struct mon_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	if (failed)
		return failed;
	if (!list.chardev)
		return keyval_fail(parser->error, "-mon: '%s' needs chardev=ID", value);
	return take_once(parser, option, list.chardev, &parser->mon);
}

/* Whether stdio is in use, and how. */
struct stdio_use {
	unsigned users;
	bool mux;
	bool signals; /* the terminal's keys make signals: Ctrl-c ends Baya */
};

static int use_backend(struct parser *parser, const char *id, struct port *port,
		       struct stdio_use *use)
{
	struct backend *backend = NULL;

	for (unsigned i = 0; i < parser->backend_count; i++)
		if (!strcmp(parser->backends[i].id, id))
			backend = &parser->backends[i];
	if (!backend)
		return keyval_fail(parser->error, "chardev '%s': no -chardev has this id", id);
	if (backend->used && !backend->mux)
		return keyval_fail(parser->error, "chardev '%s' is used twice; give it mux=on", id);
	backend->used = true;
	switch (backend->kind) {
	case BACKEND_STDIO:
		port->kind = PORT_STDIO;
		use->users++;
		use->mux |= backend->mux;
		use->signals |= backend->signal;
		break;
	case BACKEND_FILE:
		port->kind = PORT_FILE;
		port->path = backend->path;
		break;
	default:
		port->kind = PORT_NULL;
	}
	return 0;
}

/* The value of -serial or -monitor. */
static int use_port(struct parser *parser, const char *what, const char *value, struct port *port,
		    struct stdio_use *use)
{
	if (!strncmp(value, "chardev:", 8))
		return use_backend(parser, value + 8, port, use);
	if (!strncmp(value, "file:", 5) && value[5]) {
		*port = (struct port){ PORT_FILE, value + 5 };
		return 0;
	}
	if (!strcmp(value, "none") || !strcmp(value, "null")) {
		port->kind = PORT_NULL;
		return 0;
	}
	if (strcmp(value, "stdio") && strcmp(value, "mon:stdio"))
		return keyval_fail(parser->error, "%s: '%s' is not accepted; accepted: stdio, "
				   "mon:stdio, file:PATH, chardev:ID, null, none", what, value);
	port->kind = PORT_STDIO;
	use->users++;
	use->mux |= value[0] == 'm';
	use->signals |= value[0] == 's';
	return 0;
}

static int finish_monitor(struct parser *parser, struct stdio_use *use, bool *off)
{
	struct options *options = parser->options;
	struct port monitor = { 0 };
	int failed = 0;

	if (parser->monitor && parser->mon)
		return keyval_fail(parser->error, "-monitor and -mon: give one of them");
	if (parser->monitor)
		failed = use_port(parser, "-monitor", parser->monitor, &monitor, use);
	else if (parser->mon)
		failed = use_backend(parser, parser->mon, &monitor, use);
	if (failed)
		return failed;
	if (monitor.kind == PORT_FILE)
		return keyval_fail(parser->error, "-monitor: needs a port that can be read; "
				   "accepted: stdio, none");
	options->monitor = monitor.kind == PORT_STDIO;
	*off = monitor.kind == PORT_NULL;
	return 0;
}

static bool has_serial_bus(const struct parser *parser)
{
	const struct board_config *board = &parser->options->board;

	for (unsigned i = 0; i < board->device_count; i++)
		if (!strcmp(board->devices[i].type, "virtio-serial"))
			return true;
	return false;
}

int finish_consoles(struct parser *parser)
{
	struct options *options = parser->options;
	struct stdio_use use = { 0 };
	bool monitor_off = false, exclusive, stdio_taken;
	int failed = 0;

	if (parser->console && !has_serial_bus(parser))
		return keyval_fail(parser->error, "-device virtconsole: needs -device "
				   "virtio-serial-device as well");
	if (parser->serial)
		failed = use_port(parser, "-serial", parser->serial, &options->serial, &use);
	if (!failed && parser->console_chardev)
		failed = use_backend(parser, parser->console_chardev, &options->virtcon, &use);
	if (!failed)
		failed = finish_monitor(parser, &use, &monitor_off);
	if (failed)
		return failed;
	if (use.users > 1 && !use.mux)
		return keyval_fail(parser->error, "-serial, -monitor: stdio can be used twice "
				   "only as mon:stdio or as a chardev with mux=on");
	if (options->gdb_default && !options->gdb)
		options->gdb = "tcp::1234";
	stdio_taken = options->gdb && !strcmp(options->gdb, "stdio");
	if (stdio_taken && use.users)
		return keyval_fail(parser->error, "-gdb stdio: a console or the monitor has "
				   "standard input and output; give it another place, or "
				   "-gdb tcp::PORT");
	exclusive = stdio_taken || (use.users == 1 && !use.mux && !options->monitor);
	options->monitor_first = options->monitor && use.users == 1;
	if (options->serial.kind == PORT_UNSET)
		options->serial.kind = exclusive ? PORT_NULL : PORT_STDIO;
	if (parser->console && options->virtcon.kind == PORT_UNSET)
		options->virtcon.kind = exclusive ? PORT_NULL : PORT_STDIO;
	if (!exclusive && !monitor_off)
		options->monitor |= options->serial.kind == PORT_STDIO ||
				    options->virtcon.kind == PORT_STDIO;
	options->escapes = !exclusive;
	options->signal_keys = exclusive && use.signals;
	return 0;
}
