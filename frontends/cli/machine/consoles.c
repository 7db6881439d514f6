/* SPDX-License-Identifier: MIT */
/*
 * Connects the serial port, the virtio ports and the monitor to the host: -serial, -monitor and
 * -mon, and the defaults when nothing is given.
 */
#include "frontends/cli/table.h"

#include <errno.h>
#include <string.h>

#include "frontends/cli/machine/chardevs.h"
#include "frontends/cli/machine/links.h"

/* These can follow -serial unix:PATH, tcp:HOST:PORT and telnet:HOST:PORT. */
static const struct key socket_keys[] = {
	PLACE_KEYS(struct place, ),
	PLACE_PEER_KEYS(struct place, ),
};

/* Parses -serial. The machine has one serial port, as QEMU's has; a further one that is not
 * connected to anything has no effect. */
int apply_serial(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	if (parser->serial && (!strcmp(value, "null") || !strcmp(value, "none")))
		return 0;
	if (parser->serial)
		return keyval_fail(parser->error,
				   "-serial: '%s' has the machine's only serial port; leave it or "
				   "'%s' out, or make the latter a -chardev of a virtconsole",
				   parser->serial, value);
	parser->serial = value;
	return 0;
}

#define TOO_MANY_MONITORS "-monitor, -mon: more than %d monitors"

static int add_monitor(struct parser *parser, const struct monitor_line *line)
{
	if (parser->monitor_count == LINK_PLACES_MAX)
		return keyval_fail(parser->error, TOO_MANY_MONITORS, LINK_PLACES_MAX);
	parser->monitors[parser->monitor_count++] = *line;
	parser->monitor_given = true;
	return 0;
}

int apply_monitor(struct parser *parser, const struct option *option, const char *value)
{
	struct monitor_line line = { .text = value };

	(void)option;
	if (!strcmp(value, "none") || !strcmp(value, "null")) {
		parser->monitor_given = true;
		return 0;
	}
	line.label = compat_monitor(parser);
	return add_monitor(parser, &line);
}

enum { MODE_READLINE, MODE_CONTROL };

struct mon_list {
	const char *chardev, *id;
	unsigned mode;
	bool pretty;
};

static const struct key mon_keys[] = {
	{ .name = "chardev", .kind = KEY_TEXT, .offset = offsetof(struct mon_list, chardev),
	  .accepted = "ID" },
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct mon_list, id),
	  .accepted = "ID" },
	{ .name = "mode", .kind = KEY_WORD, .offset = offsetof(struct mon_list, mode),
	  .accepted = "readline|control" },
	{ .name = "pretty", .kind = KEY_SWITCH, .offset = offsetof(struct mon_list, pretty),
	  .accepted = "on|off" },
};

int apply_mon(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-mon", mon_keys, ARRAY_SIZE(mon_keys), "chardev" };
	struct mon_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	if (!list.chardev)
		return keyval_fail(parser->error, "-mon: '%s' needs chardev=ID", value);
	if (list.pretty && list.mode != MODE_CONTROL)
		return keyval_fail(parser->error, "-mon: pretty= belongs to mode=control");
	if (list.mode == MODE_READLINE)
		return add_monitor(parser,
				   &(struct monitor_line){ list.chardev, list.chardev, true });
	if (parser->control_count == LINK_PLACES_MAX)
		return keyval_fail(parser->error, "-mon: more than %d with mode=control",
				   LINK_PLACES_MAX);
	parser->control[parser->control_count++] = (struct control_mon){
		.chardev = list.chardev, .pretty = list.pretty,
	};
	return 0;
}

/* Says whether and how standard input and output are in use. */
struct stdio_use {
	unsigned users;
	bool mux;
	bool signals; /* keys of the terminal raise signals: Ctrl-c ends Baya */
};

static int use_backend(struct parser *parser, const char *id, struct port *port,
		       struct stdio_use *use)
{
	const struct backend *backend = find_backend(parser, id, true);

	if (!backend)
		return -EINVAL;
	fill_port(port, backend);
	if (port->kind == PORT_STDIO) {
		use->users++;
		use->mux |= backend->mux;
		use->signals |= backend->signal;
	}
	return 0;
}

/* Fills in the place at which one program can control Baya: a socket, or standard input and
 * output. */
static void fill_link(const struct port *port, struct link_place *place)
{
	place->kind = port->kind == PORT_STDIO ? LINK_STDIO : LINK_SOCKET;
	place->address = port->address;
	place->connects = !port->server;
	place->waits = port->server && port->wait;
	place->reconnect = port->reconnect;
	place->telnet = port->telnet;
}

#define NOT_LOGGED "-chardev %s: logfile= is for what the guest writes to a port"

/* Fills in a place whose text is the id of a -chardev; `needs` is the error for other kinds. */
static int use_link(struct parser *parser, struct link_place *place, const char *needs)
{
	const struct backend *backend = find_backend(parser, place->text, false);
	struct port port;

	if (!backend)
		return -EINVAL;
	fill_port(&port, backend);
	if (port.kind != PORT_STDIO && port.kind != PORT_SOCKET)
		return keyval_fail(parser->error, "%s", needs);
	if (port.log)
		return keyval_fail(parser->error, NOT_LOGGED, place->text);
	fill_link(&port, place);
	return 0;
}

/* Adds a QMP server for -mon chardev=ID,mode=control. */
static int finish_control(struct parser *parser, const struct control_mon *mon)
{
	struct link_place place = {
		.option = "-mon", .text = mon->chardev, .label = mon->chardev, .chardev = true,
		.pretty = mon->pretty,
	};
	int failed = use_link(parser, &place,
			      "-mon: mode=control needs a -chardev that is stdio or socket");

	return failed ? failed : add_qmp(parser, &place);
}

/* Finds the place of -gdb chardev:ID, where Baya listens as it does at other places of -gdb. */
static int finish_gdb(struct parser *parser)
{
	static const char needs[] = "-gdb: chardev: needs a -chardev that is a socket, with "
				    "server=on and without telnet=on";
	struct link_place *place = &parser->options->gdb;
	int failed;

	if (!place->chardev)
		return 0;
	failed = use_link(parser, place, needs);
	if (!failed && (place->kind != LINK_SOCKET || place->connects || place->telnet))
		return keyval_fail(parser->error, "%s", needs);
	return failed;
}

static int use_socket(struct parser *parser, const char *what, const char *value, struct port *port)
{
	const struct keyval keyval = { what, socket_keys, ARRAY_SIZE(socket_keys), NULL };
	struct place place;
	int failed = parse_place(parser, &keyval, value, &place);

	*port = (struct port){ .kind = PORT_SOCKET };
	fill_socket(port, &place);
	return failed;
}

/* Connects guestfwd=...-chardev:ID, although these are not consoles. */
static int finish_forwards(struct parser *parser, const struct net_user *user)
{
	for (unsigned n = 0; n < user->guest_forward_count; n++) {
		const struct net_guest_forward *forward = &user->guest_forwards[n];
		const struct backend *backend;

		if (!forward->chardev)
			continue;
		backend = find_backend(parser, forward->chardev, false);
		if (!backend)
			return -EINVAL;
		fill_port(forward->port_options, backend);
		if (forward->port_options->kind == PORT_STDIO ||
		    forward->port_options->kind == PORT_AGENT)
			return keyval_fail(parser->error,
					   "guestfwd=%s: it cannot use a chardev "
					   "that is stdio or qemu-vdagent",
					   forward->text);
		if (backend->log)
			return keyval_fail(parser->error,
					   "guestfwd=%s: it cannot use a chardev with logfile=",
					   forward->text);
	}
	return 0;
}

/* The values of -serial and -monitor that name a file after these characters. */
static const struct {
	const char *begins;
	enum port_kind_number kind;
} path_places[] = { { "file:", PORT_FILE }, { "pipe:", PORT_PIPE } };

/* Fills in the port if the value is a file, a socket or a pseudoterminal, of which *taken tells. */
static int use_place(struct parser *parser, const char *what, const char *value, struct port *port,
		     bool *taken)
{
	*taken = true;
	for (unsigned n = 0; n < ARRAY_SIZE(path_places); n++) {
		size_t size = strlen(path_places[n].begins);

		if (strncmp(value, path_places[n].begins, size) || !value[size])
			continue;
		*port = (struct port){ .kind = path_places[n].kind, .path = value + size };
		return 0;
	}
	if (place_is_socket(value))
		return use_socket(parser, what, value, port);
	*taken = !strcmp(value, "pty");
	if (*taken)
		port->kind = PORT_PTY;
	return 0;
}

#define MONITOR "mon:"

static bool is_with_monitor(const char *value)
{
	return !strncmp(value, MONITOR, strlen(MONITOR));
}

/* Applies the value of -serial or -monitor. */
static int use_port(struct parser *parser, const char *what, const char *value, struct port *port,
		    struct stdio_use *use)
{
	bool mux = is_with_monitor(value), taken;
	int failed;

	if (!strncmp(value, "chardev:", 8))
		return use_backend(parser, value + 8, port, use);
	failed = use_place(parser, what, value + (mux ? strlen(MONITOR) : 0), port, &taken);
	port->mux = mux;
	if (failed || taken)
		return failed;
	if (!strcmp(value, "none") || !strcmp(value, "null")) {
		port->kind = PORT_NULL;
		return 0;
	}
	if (strcmp(value, "stdio") && strcmp(value, "mon:stdio"))
		return keyval_fail(parser->error,
				   "%s: '%s' is not accepted; accepted: stdio, "
				   "file:PATH, pipe:PATH, unix:PATH, tcp:HOST:PORT, "
				   "telnet:HOST:PORT, pty, chardev:ID, null, none, and mon: before "
				   "stdio, pipe:, unix:, tcp:, telnet: and pty",
				   what, value);
	port->kind = PORT_STDIO;
	use->users++;
	use->mux |= mux;
	use->signals |= !mux;
	return 0;
}

/* Lets a monitor share the end of a port. */
static int share_end(struct parser *parser, const struct port *port)
{
	struct ports_options *ports = &parser->options->ports;

	if (ports->monitor_count == LINK_PLACES_MAX)
		return keyval_fail(parser->error, TOO_MANY_MONITORS, LINK_PLACES_MAX);
	ports->monitors[ports->monitor_count++] = *port;
	return 0;
}

static int finish_serial(struct parser *parser, struct stdio_use *use)
{
	struct port *port = &parser->options->ports.serial;
	int failed = use_port(parser, "-serial", parser->serial, port, use);

	if (failed || port->kind == PORT_STDIO || !is_with_monitor(parser->serial))
		return failed;
	port->id = "serial0";
	return share_end(parser, port);
}

static int finish_monitor(struct parser *parser, const struct monitor_line *line,
			  struct stdio_use *use)
{
	struct options *options = parser->options;
	struct port monitor = { 0 };
	struct link_place *place;
	int failed = line->chardev ? use_backend(parser, line->text, &monitor, use) :
				     use_port(parser, "-monitor", line->text, &monitor, use);

	if (failed)
		return failed;
	if (!monitor.id)
		monitor.id = line->label;
	if (monitor.kind > PORT_STDIO && monitor.mux)
		return share_end(parser, &monitor);
	if (monitor.kind != PORT_STDIO && monitor.log)
		return keyval_fail(parser->error, NOT_LOGGED, monitor.id);
	if (monitor.kind > PORT_STDIO && monitor.kind != PORT_SOCKET)
		return keyval_fail(parser->error,
				   "-monitor: it can only use the terminal, a socket or a "
				   "chardev with mux=on; accepted: stdio, none, tcp:, telnet:, "
				   "unix:");
	options->monitor |= monitor.kind == PORT_STDIO;
	if (monitor.kind != PORT_SOCKET)
		return 0;
	place = &options->monitors[options->monitor_count++];
	*place = (struct link_place){
		.option = line->chardev ? "-mon" : "-monitor",
		.text = line->text,
		.label = monitor.id,
		.chardev = line->chardev,
	};
	fill_link(&monitor, place);
	return 0;
}

/* Connects the virtio ports. One console may have no chardev. */
static int use_ports(struct parser *parser, struct stdio_use *use)
{
	struct options *options = parser->options;
	unsigned unsaid = 0;
	int failed = 0;

	for (unsigned n = 0; !failed && n < parser->port_count; n++) {
		const struct port_line *line = &parser->ports[n];
		const char *what = line->name;
		struct virtio_port *port = &options->ports.virtio[n];

		port->config = line->config;
		options->ports.virtio_count++;
		if (!line->config && line->properties->bus)
			return keyval_fail(parser->error,
					   "-device %s: bus=%s: it must be ID.0, "
					   "with the id of a -device virtio-serial-device",
					   what, line->properties->bus);
		if (!line->config)
			return keyval_fail(parser->error,
					   "-device %s: needs -device "
					   "virtio-serial-device as well",
					   what);
		if (line->properties->chardev)
			failed = use_backend(parser, line->properties->chardev, &port->port, use);
		else if (unsaid++)
			return keyval_fail(parser->error,
					   "-device %s: only one can be without "
					   "chardev=",
					   what);
	}
	for (unsigned n = 0; !failed && n < parser->port_count; n++)
		if (parser->ports[n].console && options->ports.virtio[n].port.kind == PORT_AGENT)
			return keyval_fail(parser->error, "-device virtconsole: a qemu-vdagent "
							  "needs a virtserialport");
	return failed;
}

/*
 * Returns the host end of consoles for which no option is given: they share the terminal, if it can
 * be shared. If a GDB uses standard input and output, they are written to standard error, which GDB
 * shows.
 */
static enum port_kind_number unset_kind(const struct parser *parser, bool exclusive)
{
	if (!parser->bare && parser->options->gdb.kind == LINK_STDIO)
		return PORT_STDERR;
	return exclusive || parser->bare ? PORT_NULL : PORT_STDIO;
}

static void share_terminal(struct parser *parser, bool exclusive)
{
	struct options *options = parser->options;
	struct port *ports[1 + VIRTIO_PORTS_MAX] = { &options->ports.serial };

	for (unsigned n = 0; n < options->ports.virtio_count; n++)
		ports[1 + n] = &options->ports.virtio[n].port;
	for (unsigned n = 0; n < 1 + options->ports.virtio_count; n++) {
		if (ports[n]->kind == PORT_UNSET)
			ports[n]->kind = unset_kind(parser, exclusive);
		if (!exclusive && !parser->monitor_given)
			options->monitor |= ports[n]->kind == PORT_STDIO;
	}
}

bool options_terminal(const struct options *options)
{
	bool any = options->ports.serial.kind == PORT_STDIO;

	for (unsigned n = 0; n < options->ports.virtio_count; n++)
		any |= options->ports.virtio[n].port.kind == PORT_STDIO;
	return any;
}

bool options_clipboard(const struct options *options)
{
	for (unsigned n = 0; n < options->ports.virtio_count; n++)
		if (options->ports.virtio[n].port.clipboard)
			return true;
	return false;
}

/*
 * Disconnects consoles for which no option is given if they must not use the terminal: a daemon has
 * no terminal, `baya run -- CMD` needs it for the command, and -nodefaults excludes consoles that
 * were not requested.
 */
static void begin_bare(struct parser *parser)
{
	const struct options *options = parser->options;

	if (!options->process.daemonize && options->verb != VERB_COMMAND && !parser->bare)
		return;
	if (!parser->serial)
		parser->serial = "null";
	parser->monitor_given |= !is_with_monitor(parser->serial);
}

int finish_consoles(struct parser *parser)
{
	struct options *options = parser->options;
	struct stdio_use use = { 0 };
	bool exclusive;
	const char *on_stdio = NULL;
	int failed = 0;

	begin_bare(parser);
	options->ports.escape_character = (u8)options->escape_char;
	if (parser->serial)
		failed = finish_serial(parser, &use);
	if (options->ports.serial.kind == PORT_AGENT)
		return keyval_fail(parser->error, "-serial: a qemu-vdagent needs a virtserialport");
	if (!failed)
		failed = use_ports(parser, &use);
	for (unsigned n = 0; !failed && n < parser->monitor_count; n++)
		failed = finish_monitor(parser, &parser->monitors[n], &use);
	for (unsigned n = 0; !failed && n < parser->control_count; n++)
		failed = finish_control(parser, &parser->control[n]);
	for (unsigned n = 0; !failed && n < options->net.netdev_count; n++)
		if (options->net.netdevs[n].kind == NETDEV_USER)
			failed = finish_forwards(parser, options->net.netdevs[n].settings);
	if (!failed)
		failed = finish_gdb(parser);
	if (!failed)
		failed = finish_links(parser, &on_stdio);
	if (failed)
		return failed;
	if (use.users > 1 && !use.mux)
		return keyval_fail(parser->error, "-serial, -monitor: stdio can be used twice "
						  "only as mon:stdio or as a chardev with mux=on");
	if (on_stdio && use.users)
		return keyval_fail(parser->error,
				   "%s stdio: a console or the monitor has "
				   "standard input and output; give it another place, or "
				   "%s tcp::PORT",
				   on_stdio, on_stdio);
	exclusive = on_stdio || (use.users == 1 && !use.mux && !options->monitor);
	options->monitor_first = options->monitor && use.users == 1;
	share_terminal(parser, exclusive);
	options->escapes = !exclusive;
	options->signal_keys = exclusive && use.signals;
	return 0;
}
