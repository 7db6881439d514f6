/* SPDX-License-Identifier: MIT */
/* See port_stream.h. */
#include "frontends/chardev/port_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/host/pollset.h"

void port_stream_free(struct port_stream *stream)
{
	if (stream->fd >= 0)
		close(stream->fd);
	if (stream->fd >= 0 && stream->out != stream->fd)
		close(stream->out);
	free(stream->output.bytes);
}

void port_stream_stop(struct port_end *end, struct port_stream *stream)
{
	port_stream_free(stream);
	*stream = (struct port_stream){ .fd = -1 };
	port_set_open(end, false);
	port_set_waiting(end, 0);
}

static bool port_stream_again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Returns whether there is output that the peer has not accepted yet. */
static bool port_stream_sends(const struct port_stream *stream)
{
	return stream->fd >= 0 && output_queue_size(&stream->output);
}

/*
 * Appends data to the output that waits; what exceeds its limit is lost. A UART writes each byte by
 * itself, and each write to a socket occupies some hundred bytes of the peer's buffer, so bytes are
 * collected until the slice ends. The guest is told only later, by port_stream_feed, that the port
 * is busy.
 */
static void write_plain(struct port_stream *stream, const u8 *data, size_t size)
{
	output_queue_add(&stream->output, data, size);
}

void port_stream_start(struct port_end *end, struct port_stream *stream, int in, int out)
{
	stream->fd = in;
	stream->out = out;
	stream->readable = true;
	stream->has_telnet = end->options->telnet;
	stream->telnet = (struct telnet){ 0 };
	if (stream->has_telnet)
		write_plain(stream, (const u8 *)TELNET_GREETING, TELNET_GREETING_SIZE);
	port_set_open(end, true);
}

void port_stream_write(struct port_stream *stream, const u8 *data, size_t size)
{
	static const u8 iac[] = { TELNET_IAC, TELNET_IAC };

	if (stream->fd < 0)
		return;
	while (stream->has_telnet && size) {
		size_t plain = telnet_plain(data, size);

		write_plain(stream, plain ? data : iac, plain ? plain : sizeof(iac));
		data += plain ? plain : 1;
		size -= plain ? plain : 1;
	}
	if (size)
		write_plain(stream, data, size);
}

void port_stream_fill_pollset(struct port_end *end, struct port_stream *stream, struct pollset *set)
{
	bool reading = chardev_room(end->chardev) > 0;

	stream->set = set;
	stream->index = pollset_add(set, reading ? stream->fd : -1, POLLIN);
	port_stream_fill_pollset_output(stream, set);
}

bool port_stream_fill_pollset_output(struct port_stream *stream, struct pollset *set)
{
	bool waits = port_stream_sends(stream);

	if (waits)
		pollset_add(set, stream->out, POLLOUT);
	return waits;
}

void port_stream_poll(struct port_stream *stream, struct pollset *set)
{
	short seen = stream->set == set ? pollset_seen(set, stream->index) : 0;

	if (seen & (POLLIN | POLLHUP | POLLERR))
		stream->readable = true;
}

/* Drops the output, because the peer accepts no more. What the peer sent before is still passed to
 * the guest. Returns whether there is any of that; if not, the stream is stopped. */
static bool end_output(struct port_end *end, struct port_stream *stream)
{
	int rest = 0;

	stream->output.start = stream->output.end;
	stream->readable = !ioctl(stream->fd, FIONREAD, &rest) && rest;
	if (!stream->readable)
		port_stream_stop(end, stream);
	return stream->readable;
}

bool port_stream_flush(struct port_end *end, struct port_stream *stream)
{
	ssize_t put;

	if (!port_stream_sends(stream))
		return true;
	put = write(stream->out, stream->output.bytes + stream->output.start,
		    output_queue_size(&stream->output));
	if (put < 0)
		return port_stream_again() || end_output(end, stream);
	stream->output.start += (size_t)put;
	return true;
}

static void put_guest(struct port_end *end, const u8 *data, size_t size)
{
	if (size)
		chardev_put(end->chardev, end->journal, data, size);
}

/* Passes what a telnet peer sent on to the guest. A break reaches the guest between the same two
 * bytes between which the peer sent it. */
static void put_telnet(struct port_end *end, struct port_stream *stream, u8 *data, size_t size)
{
	size_t left = 0;

	for (size_t n = 0; n < size; n++) {
		enum telnet_meaning meaning = telnet_take(&stream->telnet, data[n]);

		if (meaning == TELNET_BYTE)
			data[left++] = data[n];
		if (meaning != TELNET_BREAK)
			continue;
		put_guest(end, data, left);
		left = 0;
		chardev_send_event(end->chardev, CHARDEV_BREAK);
	}
	put_guest(end, data, left);
}

static void port_stream_take(struct port_end *end, struct port_stream *stream, u8 *data,
			     size_t size)
{
	if (stream->has_telnet)
		put_telnet(end, stream, data, size);
	else
		put_guest(end, data, size);
}

bool port_stream_feed(struct port_end *end, struct port_stream *stream)
{
	u8 data[4 * KiB];
	size_t room = MIN(chardev_room(end->chardev), sizeof(data));
	ssize_t got;

	port_set_waiting(end, output_queue_size(&stream->output));
	if (!stream->readable || !room)
		return true;
	got = read(stream->fd, data, room);
	if (got > 0)
		port_stream_take(end, stream, data, (size_t)got);
	stream->readable = got > 0;
	if (got > 0 || (got < 0 && port_stream_again()))
		return true;
	port_stream_stop(end, stream);
	return false;
}
