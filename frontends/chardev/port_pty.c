/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev pty: a pseudoterminal, which any terminal program can open by the name that
 * is printed at the start. While no program has it open, what the guest writes is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "frontends/chardev/port_stream.h"
#include "frontends/host/pollset.h"

/* Nothing signals that a program has opened the pseudoterminal, so this is checked at intervals. */
#define LOOK_NS 250000000ull

struct pty_end {
	/* Its descriptor is a duplicate of `master` while a program has the other side open. */
	struct port_stream stream;
	int master;
	char name[64];
};

/* Sets the other side to raw mode, in which it passes bytes unchanged. Closes it again, so that a
 * program that opens it later is noticed. */
static int make_raw(const char *name)
{
	struct termios raw;
	int fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC), failed = 0;

	if (fd < 0)
		return -errno;
	if (tcgetattr(fd, &raw))
		failed = -errno;
	cfmakeraw(&raw);
	if (!failed && tcsetattr(fd, TCSANOW, &raw))
		failed = -errno;
	close(fd);
	return failed;
}

static int make_pty(struct pty_end *self)
{
	self->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (self->master < 0 || grantpt(self->master) || unlockpt(self->master))
		return -errno;
	if (ptsname_r(self->master, self->name, sizeof(self->name)))
		return -errno;
	return make_raw(self->name);
}

static void close_pty(struct port_end *end)
{
	struct pty_end *self = end->self;

	port_stream_free(&self->stream);
	if (self->master >= 0)
		close(self->master);
	free(self);
}

static int open_pty(struct port_end *end, struct board_error *error)
{
	struct pty_end *self = calloc(1, sizeof(*self));
	int failed;

	if (!self)
		return port_fail(end, -ENOMEM, error, "not enough host memory");
	*self = (struct pty_end){ .stream = { .fd = -1 }, .master = -1 };
	end->self = self;
	failed = make_pty(self);
	if (failed) {
		close_pty(end);
		return port_fail(end, failed, error, "cannot make a pseudoterminal: %s",
				 strerror(-failed));
	}
	/* Scripts written for QEMU look for this line on standard output. */
	printf("char device redirected to %s (label %s)\n", self->name,
	       end->options->id ? end->options->id : "serial0");
	fflush(stdout);
	return 0;
}

static void write_pty(struct port_end *end, const u8 *data, size_t size)
{
	port_stream_write(&((struct pty_end *)end->self)->stream, data, size);
}

static void fill_pollset_pty(struct port_end *end, struct pollset *set)
{
	struct pty_end *self = end->self;

	if (self->stream.fd >= 0)
		port_stream_fill_pollset(end, &self->stream, set);
	else
		set->ns = MIN(set->ns, LOOK_NS);
}

/* Handles that the program has closed the pseudoterminal: drops the output, and stops the stream
 * once the guest has been given all that the program wrote (`rest` says whether more is left). */
static void look_at_rest(struct port_end *end, struct port_stream *stream, bool rest)
{
	if (rest)
		stream->output.start = stream->output.end;
	else
		port_stream_stop(end, stream);
}

static void poll_pty(struct port_end *end, struct pollset *set)
{
	struct pty_end *self = end->self;
	struct pollfd master = { .fd = self->master, .events = POLLIN };
	bool seen = poll(&master, 1, 0) > 0;
	bool gone = seen && master.revents & POLLHUP, rest = seen && master.revents & POLLIN;
	int fd;

	if (self->stream.fd >= 0) {
		port_stream_poll(&self->stream, set);
		if (gone)
			look_at_rest(end, &self->stream, rest);
		return;
	}
	if (gone && !rest)
		return;
	fd = fcntl(self->master, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0)
		port_stream_start(end, &self->stream, fd, fd);
}

static bool fill_pollset_pty_output(struct port_end *end, struct pollset *set)
{
	return port_stream_fill_pollset_output(&((struct pty_end *)end->self)->stream, set);
}

static void flush_pty(struct port_end *end)
{
	port_stream_flush(end, &((struct pty_end *)end->self)->stream);
}

static void feed_pty(struct port_end *end)
{
	struct pty_end *self = end->self;

	if (self->stream.fd >= 0)
		port_stream_feed(end, &self->stream);
}

static void info_pty(struct port_end *end, FILE *out)
{
	fprintf(out, " %s", ((struct pty_end *)end->self)->name);
}

static void place_pty(struct port_end *end, FILE *out)
{
	fprintf(out, "pty:%s", ((struct pty_end *)end->self)->name);
}

const struct port_kind port_pty = {
	.terminal = true,
	.open = open_pty,
	.close = close_pty,
	.write = write_pty,
	.flush = flush_pty,
	.fill_pollset_output = fill_pollset_pty_output,
	.fill_pollset = fill_pollset_pty,
	.poll = poll_pty,
	.feed = feed_pty,
	.info = info_pty,
	.place = place_pty,
};
