/* SPDX-License-Identifier: MIT */
/* See cli/machine/chardevs.h. */
#include "frontends/cli/machine/chardevs.h"

#include <errno.h>
#include <string.h>

#include "frontends/cli/machine/links.h"
#include "frontends/cli/table.h"

enum backend_kind { BACKEND_STDIO, BACKEND_NULL, BACKEND_FILE, BACKEND_SOCKET, BACKEND_PTY,
		    BACKEND_STDERR, BACKEND_PIPE, BACKEND_AGENT };

/* These are in the order of enum backend_kind. */
static const char backend_words[] = "stdio|null|file|socket|pty|stderr|pipe|qemu-vdagent";

static const enum port_kind_number port_kinds[] = {
	[BACKEND_STDIO] = PORT_STDIO,	[BACKEND_NULL] = PORT_NULL,
	[BACKEND_FILE] = PORT_FILE,	[BACKEND_SOCKET] = PORT_SOCKET,
	[BACKEND_PTY] = PORT_PTY,	[BACKEND_STDERR] = PORT_STDERR,
	[BACKEND_PIPE] = PORT_PIPE,	[BACKEND_AGENT] = PORT_AGENT,
};

static const struct key backend_keys[] = {
	{ .name = "backend", .kind = KEY_WORD, .offset = offsetof(struct backend, kind),
	  .accepted = backend_words },
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct backend, id),
	  .accepted = "ID" },
	{ .name = "path", .kind = KEY_TEXT, .offset = offsetof(struct backend, path),
	  .accepted = "FILE" },
	{ .name = "host", .kind = KEY_TEXT, .offset = offsetof(struct backend, host),
	  .accepted = "HOST" },
	{ .name = "port", .kind = KEY_TEXT, .offset = offsetof(struct backend, port),
	  .accepted = "PORT" },
	{ .name = "fd", .kind = KEY_TEXT, .offset = offsetof(struct backend, fd),
	  .accepted = "NUMBER" },
	PLACE_KEYS(struct backend, place.),
	PLACE_PEER_KEYS(struct backend, place.),
	{ .name = "clipboard", .kind = KEY_SWITCH, .offset = offsetof(struct backend, clipboard),
	  .accepted = "on|off" },
	{ .name = "mouse", .kind = KEY_WORD, .offset = offsetof(struct backend, ignored_word),
	  .accepted = "off" },
	{ .name = "name", .kind = KEY_WORD, .offset = offsetof(struct backend, ignored_word),
	  .accepted = "vdagent" },
	{ .name = "append", .kind = KEY_SWITCH, .offset = offsetof(struct backend, append),
	  .accepted = "on|off" },
	{ .name = "logfile", .kind = KEY_TEXT, .offset = offsetof(struct backend, log),
	  .accepted = "FILE" },
	{ .name = "logappend", .kind = KEY_SWITCH, .offset = offsetof(struct backend, log_append),
	  .accepted = "on|off" },
	{ .name = "mux", .kind = KEY_SWITCH, .offset = offsetof(struct backend, mux),
	  .accepted = "on|off" },
	{ .name = "signal", .kind = KEY_SWITCH, .offset = offsetof(struct backend, signal),
	  .accepted = "on|off" },
};

static int check_socket(struct parser *parser, struct backend *backend)
{
	const bool inet = backend->host || backend->port;

	if (inet + !!backend->path + !!backend->fd != 1 || !backend->host != !backend->port)
		return keyval_fail(parser->error,
				   "-chardev: a socket needs path=FILE, or host=HOST and "
				   "port=PORT, or fd=NUMBER of one that is open");
	if (backend->fd && backend->place.reconnect)
		return keyval_fail(parser->error,
				   "-chardev: a socket with fd=%s cannot be made "
				   "again; leave reconnect= out",
				   backend->fd);
	backend->place.address = (struct net_address){
		.type = backend->path ? NET_ADDRESS_UNIX :
			backend->fd   ? NET_ADDRESS_FD :
					NET_ADDRESS_INET,
		.host = backend->host,
		.port = backend->port,
		.path = backend->path,
		.fd = backend->fd,
		.abstract = backend->place.abstract,
	};
	return check_place(parser, "-chardev", &backend->place);
}

static bool is_default(const struct place *place)
{
	return !place->server && place->wait && !place->nowait && !place->nodelay &&
	       !place->abstract && !place->reconnect && !place->telnet;
}

static int check_backend(struct parser *parser, const char *value, struct backend *backend)
{
	bool is_socket = backend->kind == BACKEND_SOCKET;
	bool has_path = backend->kind == BACKEND_FILE || backend->kind == BACKEND_PIPE;

	if (!backend->id)
		return keyval_fail(parser->error, "-chardev: '%s' needs id=ID", value);
	if (backend->mux && backend->kind == BACKEND_AGENT)
		return keyval_fail(parser->error,
				   "-chardev: '%s': a qemu-vdagent cannot be shared; leave mux=on "
				   "out",
				   value);
	if (backend->log_append && !backend->log)
		return keyval_fail(parser->error, "-chardev: '%s': logappend= needs logfile=FILE",
				   value);
	if (is_socket)
		return check_socket(parser, backend);
	if (has_path != (backend->path != NULL))
		return keyval_fail(parser->error,
				   "-chardev: '%s': path=FILE belongs to file, pipe and "
				   "socket, and file and pipe need it",
				   value);
	if (backend->host || backend->port || backend->fd || !is_default(&backend->place))
		return keyval_fail(parser->error,
				   "-chardev: '%s': host=, port=, fd=, server=, wait=, "
				   "nodelay=, abstract=, reconnect= and telnet= belong to socket",
				   value);
	return 0;
}

int apply_chardev(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-chardev", backend_keys, ARRAY_SIZE(backend_keys),
				       "backend" };
	struct backend *backend = &parser->backends[parser->backend_count];
	int failed;

	(void)option;
	if (parser->backend_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-chardev: more than %d", BACKENDS_MAX);
	*backend = (struct backend){ .signal = true, .place = PLACE_DEFAULT };
	failed = keyval_parse(&keyval, value, backend, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	failed = check_backend(parser, value, backend);
	parser->backend_count += !failed;
	return failed;
}

void fill_socket(struct port *port, const struct place *place)
{
	port->address = place->address;
	port->server = place->server;
	port->wait = place->wait && !place->nowait;
	port->nodelay = place->nodelay;
	port->reconnect = place->reconnect;
	port->telnet = place->telnet;
}

void fill_port(struct port *port, const struct backend *backend)
{
	*port = (struct port){
		.kind = port_kinds[backend->kind],
		.id = backend->id,
		.path = backend->path,
		.append = backend->append,
		.mux = backend->mux,
		.log = backend->log,
		.log_append = backend->log_append,
		.clipboard = backend->clipboard,
	};
	fill_socket(port, &backend->place);
}

struct backend *find_backend(struct parser *parser, const char *id, bool shares)
{
	struct backend *backend = NULL, *found = NULL;

	for (unsigned i = 0; i < parser->backend_count; i++)
		if (!strcmp(parser->backends[i].id, id))
			backend = &parser->backends[i];
	if (!backend)
		keyval_fail(parser->error, "chardev '%s': no -chardev has this id", id);
	else if (backend->used && !backend->mux)
		keyval_fail(parser->error, "chardev '%s' is used twice; give it mux=on", id);
	else if (backend->used && !(shares && backend->shared))
		keyval_fail(parser->error,
			    "chardev '%s' is used twice; only serial ports, consoles and the "
			    "monitor can share it",
			    id);
	else
		found = backend;
	if (!found)
		return NULL;
	found->used = true;
	found->shared = shares;
	return found;
}
