/* SPDX-License-Identifier: MIT */
/*
 * Implements -netdev stream: frames are sent over a connection, each preceded by its length in four
 * bytes, big-endian, as in QEMU and passt. There is one peer at a time; frames are lost while there
 * is none, and when the peer does not read them in time. The peer is not trusted: if it violates
 * the format, it is disconnected.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frontends/net/call.h"
#include "frontends/net/filename.h"
#include "frontends/net/listen.h"
#include "frontends/net/port.h"

#define PREFIX_SIZE 4

struct stream {
	const struct net_stream *options;
	struct net_listener listener;
	int peer; /* negative: none */
	struct net_call call; /* for the side that connects */
	struct pollset *set; /* the set that `index` belongs to */
	unsigned index;
	u8 *input;
	size_t input_size;
	struct net_queue output;
};

#define INPUT_MAX (256 * KiB)
#define READS_MAX 16 /* at once: a peer that sends without end must not delay the others */

static void put_length(u8 prefix[PREFIX_SIZE], size_t size)
{
	for (unsigned n = 0; n < PREFIX_SIZE; n++)
		prefix[n] = (u8)(size >> 8 * (PREFIX_SIZE - 1 - n));
}

static size_t get_length(const u8 prefix[PREFIX_SIZE])
{
	size_t size = 0;

	for (unsigned n = 0; n < PREFIX_SIZE; n++)
		size = size << 8 | prefix[n];
	return size;
}

static void stream_leave(struct net_port *port)
{
	struct stream *stream = port->self;

	if (stream->peer >= 0)
		close(stream->peer);
	stream->peer = -1;
	stream->input_size = 0;
	net_queue_skip(&stream->output, stream->output.end - stream->output.start);
	net_call_again(&stream->call);
}

static bool stream_again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static void flush_output(struct net_port *port)
{
	struct stream *stream = port->self;
	struct net_queue *output = &stream->output;

	while (net_queue_waits(output)) {
		ssize_t put = send(stream->peer, output->bytes + output->start,
				   output->end - output->start, MSG_NOSIGNAL);

		if (put < 0 && !stream_again())
			stream_leave(port);
		if (put < 0)
			return;
		net_queue_skip(output, (size_t)put);
	}
}

/* Queues the part of a prefix and its frame that follows the first `done` bytes. */
static void keep_rest(struct stream *stream, const struct iovec *parts, size_t done)
{
	for (unsigned n = 0; n < 2; n++) {
		size_t skip = MIN(done, parts[n].iov_len);

		net_queue_put(&stream->output, (u8 *)parts[n].iov_base + skip,
			      parts[n].iov_len - skip);
		done -= skip;
	}
}

static void send_stream(struct net_port *port, const u8 *frame, size_t size)
{
	struct stream *stream = port->self;
	u8 prefix[PREFIX_SIZE];
	struct iovec parts[] = { { prefix, sizeof(prefix) }, { (u8 *)frame, size } };
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t put = 0;

	if (stream->peer < 0)
		return;
	put_length(prefix, size);
	if (!net_queue_waits(&stream->output))
		put = sendmsg(stream->peer, &message, MSG_NOSIGNAL);
	if (put < 0 && !stream_again()) {
		stream_leave(port);
		return;
	}
	if (net_queue_fits(&stream->output, sizeof(prefix) + size))
		keep_rest(stream, parts, put > 0 ? (size_t)put : 0);
}

/* Passes complete frames on, and keeps the rest. Returns false if the data is not valid. */
static bool take_frames(struct net_port *port)
{
	struct stream *stream = port->self;
	size_t at = 0, size;

	while (stream->input_size - at >= PREFIX_SIZE) {
		size = get_length(stream->input + at);
		if (size > NET_FRAME_MAX)
			return false;
		if (stream->input_size - at < PREFIX_SIZE + size)
			break;
		net_port_receive(port, stream->input + at + PREFIX_SIZE, size);
		at += PREFIX_SIZE + size;
	}
	memmove(stream->input, stream->input + at, stream->input_size - at);
	stream->input_size -= at;
	return true;
}

static void read_frames(struct net_port *port)
{
	struct stream *stream = port->self;

	for (unsigned n = 0; n < READS_MAX && !net_port_full(port); n++) {
		ssize_t got = recv(stream->peer, stream->input + stream->input_size,
				   INPUT_MAX - stream->input_size, 0);

		if (got < 0 && stream_again())
			return;
		if (got <= 0) {
			stream_leave(port);
			return;
		}
		stream->input_size += (size_t)got;
		if (!take_frames(port)) {
			fprintf(stderr,
				"baya: -netdev stream,id=%s: the peer has sent an "
				"invalid frame; the connection is closed\n",
				port->options->id);
			stream_leave(port);
			return;
		}
	}
}

static void find_peer(struct stream *stream, short seen)
{
	if (stream->listener.fd < 0)
		stream->peer = net_call_poll(&stream->call);
	else if (seen)
		stream->peer = net_listener_accept(&stream->listener);
}

static void fill_pollset_stream(struct net_port *port, struct pollset *set)
{
	struct stream *stream = port->self;
	bool sending = net_queue_waits(&stream->output);
	bool reading = !net_port_full(port);

	stream->set = set;
	stream->index = POLLSET_NONE;
	if (stream->peer >= 0)
		stream->index =
			pollset_add(set, stream->peer,
				    (short)((sending ? POLLOUT : 0) | (reading ? POLLIN : 0)));
	else if (stream->listener.fd >= 0)
		stream->index = pollset_add(set, stream->listener.fd, POLLIN);
	else
		net_call_wait(&stream->call, set);
}

static void poll_stream(struct net_port *port, struct pollset *set)
{
	struct stream *stream = port->self;
	short seen = stream->set == set ? pollset_seen(set, stream->index) : 0;

	if (stream->peer < 0) {
		find_peer(stream, seen);
		return;
	}
	if (seen & (POLLOUT | POLLERR))
		flush_output(port);
	if (stream->peer >= 0 && (seen & (POLLIN | POLLHUP)))
		read_frames(port);
}

static void close_stream(struct net_port *port)
{
	struct stream *stream = port->self;

	net_listener_close(&stream->listener);
	net_call_end(&stream->call);
	if (stream->peer >= 0)
		close(stream->peer);
	free(stream->input);
	net_queue_close(&stream->output);
	free(stream);
}

static int stream_failed_open(struct net_port *port, int failed, struct board_error *error)
{
	const struct net_stream *options = port->options->settings;
	bool inet = options->address.type == NET_ADDRESS_INET;
	char text[128];

	net_address_text(&options->address, text, sizeof(text));
	if (failed == -EADDRINUSE)
		return net_port_fail(port, failed, error, "%s is taken (%s); give another in %s",
				     text, strerror(-failed), inet ? "addr.port=" : "addr.path=");
	return net_port_fail(port, failed, error, "cannot %s %s: %s%s",
			     options->server ? "wait at" : "connect to", text, strerror(-failed),
			     !options->server && (failed == -ECONNREFUSED || failed == -ENOENT) ?
				     "; start the other end first, or add reconnect=SECONDS" :
				     "");
}

/* Connects to the server. The first connection is waited for, unless reconnect= allows it to be
 * made later. */
static int open_peer(struct stream *stream)
{
	const struct net_address *address = &stream->options->address;

	if (address->type != NET_ADDRESS_FD && stream->options->reconnect)
		return net_call_begin(&stream->call, address, stream->options->reconnect);
	stream->peer = net_connect_wait(address);
	return MIN(stream->peer, 0);
}

static int stream_start(struct net_port *port)
{
	struct stream *stream = port->self;

	if (!stream->input || !net_queue_open(&stream->output, NET_OUTPUT_SIZE))
		return -ENOMEM;
	if (!stream->options->server)
		return open_peer(stream);
	return net_listener_open(&stream->listener, &stream->options->address);
}

static int open_stream(struct net_port *port, struct board_error *error)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int failed;

	if (!stream)
		return stream_failed_open(port, -ENOMEM, error);
	*stream = (struct stream){
		.options = port->options->settings,
		.listener = NET_LISTENER_NONE,
		.peer = -1,
		.call = NET_CALL_NONE,
		.input = malloc(INPUT_MAX),
	};
	port->self = stream;
	failed = stream_start(port);
	if (!failed)
		return 0;
	close_stream(port);
	return stream_failed_open(port, failed, error);
}

static void info_stream(struct net_port *port, FILE *out)
{
	const struct stream *stream = port->self;
	const struct net_end end = { .address = &stream->options->address,
				     .listener = &stream->listener,
				     .server = stream->options->server };

	fprintf(out, ",");
	net_end_info(&end, out);
	fprintf(out, ", %s", stream->peer < 0 ? "no peer" : "connected");
	if (stream->output.lost)
		fprintf(out, ", %llu frames not taken", stream->output.lost);
	fprintf(out, "\n");
}

const struct net_kind net_stream = {
	.open = open_stream,
	.close = close_stream,
	.send = send_stream,
	.fill_pollset = fill_pollset_stream,
	.poll = poll_stream,
	.info = info_stream,
};
