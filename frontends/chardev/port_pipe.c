/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev pipe: named pipes, which mkfifo makes. PATH.in has the guest's input and
 * PATH.out its output; without these PATH has both, and may be a device.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontends/chardev/port_stream.h"
#include "frontends/host/pollset.h"

/* Opens PATH with an ending. A pipe that is open for both reading and writing always has another
 * end, so that programs can come and go. */
static int open_one(const char *path, const char *ending)
{
	char name[PATH_MAX];

	if (snprintf(name, sizeof(name), "%s%s", path, ending) >= (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

static int open_pipe(struct port_end *end, struct board_error *error)
{
	const char *path = end->options->path;
	struct port_stream *stream = calloc(1, sizeof(*stream));
	int in, out, failed;

	if (!stream)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	in = open_one(path, ".in");
	out = open_one(path, ".out");
	if (in < 0 || out < 0) {
		close_one(in);
		close_one(out);
		in = out = open_one(path, "");
	}
	if (in < 0) {
		failed = -errno;
		free(stream);
		return port_fail(end, failed, error,
				 "cannot open '%s.in' and '%s.out', nor '%s': %s; mkfifo makes "
				 "pipes",
				 path, path, path, strerror(-failed));
	}
	end->self = stream;
	port_stream_start(end, stream, in, out);
	return 0;
}

static void close_pipe(struct port_end *end)
{
	port_stream_free(end->self);
	free(end->self);
}

static void write_pipe(struct port_end *end, const u8 *data, size_t size)
{
	port_stream_write(end->self, data, size);
}

static void flush_pipe(struct port_end *end)
{
	port_stream_flush(end, end->self);
}

static bool fill_pollset_pipe_output(struct port_end *end, struct pollset *set)
{
	return port_stream_fill_pollset_output(end->self, set);
}

static void fill_pollset_pipe(struct port_end *end, struct pollset *set)
{
	port_stream_fill_pollset(end, end->self, set);
}

static void poll_pipe(struct port_end *end, struct pollset *set)
{
	port_stream_poll(end->self, set);
}

static void feed_pipe(struct port_end *end)
{
	struct port_stream *stream = end->self;

	if (stream->fd >= 0)
		port_stream_feed(end, stream);
}

static void info_pipe(struct port_end *end, FILE *out)
{
	fprintf(out, " %s", end->options->path);
}

const struct port_kind port_pipe = {
	.terminal = true,
	.open = open_pipe,
	.close = close_pipe,
	.write = write_pipe,
	.flush = flush_pipe,
	.fill_pollset_output = fill_pollset_pipe_output,
	.fill_pollset = fill_pollset_pipe,
	.poll = poll_pipe,
	.feed = feed_pipe,
	.info = info_pipe,
};
