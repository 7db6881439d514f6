/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev socket: with server=on Baya waits for a connection, otherwise it makes one.
 * There is one peer at a time; when it has gone, a server accepts the next one, and a client with
 * reconnect= tries to connect again.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontends/chardev/port_stream.h"
#include "frontends/host/pollset.h"
#include "frontends/net/call.h"
#include "frontends/net/filename.h"

struct socket_end {
	struct port_stream stream;
	bool awaits; /* the machine must not start before the first peer has connected */
	struct net_listener listener;
	struct pollset *set; /* the set that `index` belongs to */
	unsigned index;
	struct net_call call; /* for the side that connects */
};

static void port_socket_begin(struct port_end *end, int peer)
{
	struct socket_end *self = end->self;
	const int on = 1;

	if (end->options->nodelay)
		setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	self->awaits = false;
	port_stream_start(end, &self->stream, peer, peer);
}

static void take_peer(struct port_end *end)
{
	struct socket_end *self = end->self;
	int peer = net_listener_accept(&self->listener);

	if (peer >= 0)
		port_socket_begin(end, peer);
}

/* With server=on and without wait=off the machine does not start before a peer has connected, as in
 * QEMU. */
static int start_server(struct port_end *end, const char *text)
{
	struct socket_end *self = end->self;
	int failed = net_listener_open(&self->listener, &end->options->address);

	self->awaits = !failed && end->options->wait;
	if (self->awaits)
		fprintf(stderr, "baya: waiting for a connection at %s (wait=off starts without)\n",
			text);
	return failed;
}

static bool awaits_socket(struct port_end *end, struct pollset *set)
{
	struct socket_end *self = end->self;

	if (self->awaits)
		take_peer(end);
	if (self->awaits)
		pollset_add(set, self->listener.fd, POLLIN);
	return self->awaits;
}

/* Connects to the server. With reconnect= the machine starts even if the connection fails. */
static int start_client(struct port_end *end)
{
	struct socket_end *self = end->self;
	const struct port *options = end->options;
	int peer = options->reconnect ?
			   net_call_begin(&self->call, &options->address, options->reconnect) :
			   net_connect_wait(&options->address);

	if (!peer)
		peer = net_call_poll(&self->call);
	if (peer >= 0)
		port_socket_begin(end, peer);
	return peer == -EAGAIN ? 0 : MIN(peer, 0);
}

static void close_socket(struct port_end *end)
{
	struct socket_end *self = end->self;

	net_listener_close(&self->listener);
	net_call_end(&self->call);
	port_stream_free(&self->stream);
	free(self);
}

static int port_socket_taken(struct port_end *end, const char *where, struct board_error *error)
{
	const char *key = end->options->address.path ? "path=" : "port=";

	if (!end->options->id)
		return port_fail(end, -EADDRINUSE, error,
				 "%s is taken (%s); give -serial another tcp:HOST:PORT or "
				 "unix:PATH",
				 where, strerror(EADDRINUSE));
	return port_fail(end, -EADDRINUSE, error,
			 "%s is taken (%s); give another in %s of -chardev %s", where,
			 strerror(EADDRINUSE), key, end->options->id);
}

static const char *hint_for(const struct port *options)
{
	if (options->address.type == NET_ADDRESS_FD)
		return "; it must be a socket that the program which starts Baya has opened";
	if (options->server)
		return "";
	return ", start the other end first, or give server=on or reconnect=SECONDS";
}

static int open_socket(struct port_end *end, struct board_error *error)
{
	struct socket_end *self = calloc(1, sizeof(*self));
	char text[128];
	int failed;

	if (!self)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	*self = (struct socket_end){ .stream = { .fd = -1 }, .listener = NET_LISTENER_NONE,
				     .call = NET_CALL_NONE };
	end->self = self;
	net_address_text(&end->options->address, text, sizeof(text));
	failed = end->options->server ? start_server(end, text) : start_client(end);
	if (!failed)
		return 0;
	close_socket(end);
	if (failed == -EADDRINUSE)
		return port_socket_taken(end, text, error);
	return port_fail(end, failed, error, "cannot %s %s: %s%s",
			 end->options->server ? "wait at" : "connect to", text, strerror(-failed),
			 hint_for(end->options));
}

static void port_socket_lost(struct port_end *end, bool there)
{
	if (!there)
		net_call_again(&((struct socket_end *)end->self)->call);
}

static void write_socket(struct port_end *end, const u8 *data, size_t size)
{
	port_stream_write(&((struct socket_end *)end->self)->stream, data, size);
}

static void fill_pollset_socket(struct port_end *end, struct pollset *set)
{
	struct socket_end *self = end->self;

	self->index = POLLSET_NONE;
	self->set = set;
	if (self->stream.fd >= 0)
		port_stream_fill_pollset(end, &self->stream, set);
	else if (self->listener.fd >= 0)
		self->index = pollset_add(set, self->listener.fd, POLLIN);
	else
		net_call_wait(&self->call, set);
}

static void poll_socket(struct port_end *end, struct pollset *set)
{
	struct socket_end *self = end->self;
	int peer;

	if (self->stream.fd >= 0) {
		port_stream_poll(&self->stream, set);
	} else if (self->listener.fd >= 0) {
		if (self->set == set && pollset_seen(set, self->index))
			take_peer(end);
	} else {
		peer = net_call_poll(&self->call);
		if (peer >= 0)
			port_socket_begin(end, peer);
	}
}

static bool fill_pollset_socket_output(struct port_end *end, struct pollset *set)
{
	return port_stream_fill_pollset_output(&((struct socket_end *)end->self)->stream, set);
}

static void flush_socket(struct port_end *end)
{
	port_socket_lost(end, port_stream_flush(end, &((struct socket_end *)end->self)->stream));
}

static void feed_socket(struct port_end *end)
{
	struct socket_end *self = end->self;

	if (self->stream.fd >= 0)
		port_socket_lost(end, port_stream_feed(end, &self->stream));
}

static struct net_end end_of(const struct port_end *end)
{
	const struct socket_end *self = end->self;

	return (struct net_end){
		.address = &end->options->address,
		.listener = &self->listener,
		.server = end->options->server,
		.telnet = end->options->telnet,
		.connected = self->stream.fd >= 0,
	};
}

static void info_socket(struct port_end *end, FILE *out)
{
	const struct net_end there = end_of(end);

	net_end_info(&there, out);
}

static void place_socket(struct port_end *end, FILE *out)
{
	const struct net_end there = end_of(end);

	net_end_filename(&there, out);
}

const struct port_kind port_socket = {
	.terminal = true,
	.open = open_socket,
	.close = close_socket,
	.awaits = awaits_socket,
	.write = write_socket,
	.flush = flush_socket,
	.fill_pollset_output = fill_pollset_socket_output,
	.fill_pollset = fill_pollset_socket,
	.poll = poll_socket,
	.feed = feed_socket,
	.info = info_socket,
	.place = place_socket,
};
