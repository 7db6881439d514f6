/* SPDX-License-Identifier: MIT */
/* See relay.h. */
#include "frontends/chardev/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontends/host/exit_code.h"
#include "frontends/net/address.h"
#include "frontends/net/call.h"

/* One direction of the connection; each direction ends by itself. */
struct way {
	int from, to;
	u8 bytes[64 * KiB];
	size_t start, end; /* where the bytes that wait begin and end */
	bool ended; /* nothing more will come */
	bool closed; /* and the other side has been told */
};

static bool relay_again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Closes the writing side of one direction. A socket is only shut down, because standard output may
 * be the same socket as standard input. */
static void close_way(struct way *way)
{
	if (shutdown(way->to, SHUT_WR))
		close(way->to);
	way->closed = true;
}

static void read_way(struct way *way)
{
	ssize_t got = read(way->from, way->bytes, sizeof(way->bytes));

	way->start = 0;
	way->end = got > 0 ? (size_t)got : 0;
	way->ended = !got || (got < 0 && !relay_again());
}

static bool write_way(struct way *way)
{
	ssize_t put = write(way->to, way->bytes + way->start, way->end - way->start);

	if (put > 0)
		way->start += (size_t)put;
	return put >= 0 || relay_again();
}

static struct pollfd relay_asked(const struct way *way)
{
	bool waiting = way->start < way->end;

	if (way->closed || (!waiting && way->ended))
		return (struct pollfd){ .fd = -1 };
	return waiting ? (struct pollfd){ way->to, POLLOUT, 0 } :
			 (struct pollfd){ way->from, POLLIN, 0 };
}

/* Moves bytes in one direction; returns false when the other side accepts no more. */
static bool relay_step(struct way *way, short seen)
{
	bool waiting = way->start < way->end;

	if (seen && waiting && !write_way(way))
		return false;
	if (seen && !waiting)
		read_way(way);
	if (way->ended && way->start == way->end && !way->closed)
		close_way(way);
	return true;
}

static int relay_carry(struct way ways[2])
{
	while (!ways[0].closed || !ways[1].closed) {
		struct pollfd fds[2] = { relay_asked(&ways[0]), relay_asked(&ways[1]) };

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return EXIT_HOST;
		for (unsigned n = 0; n < 2; n++)
			if (!relay_step(&ways[n], fds[n].revents))
				return EXIT_HOST;
	}
	return EXIT_WELL;
}

static void never_block(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int relay(int argc, char **argv)
{
	struct way ways[2];
	struct strings strings = { 0 };
	struct net_address address;
	int peer;

	if (argc != 2 || !net_address_parse(&strings, argv[1], &address)) {
		strings_free(&strings);
		return EXIT_USAGE;
	}
	peer = net_connect_wait(&address);
	strings_free(&strings);
	if (peer < 0)
		return EXIT_HOST;
	signal(SIGPIPE, SIG_IGN);
	never_block(STDIN_FILENO);
	never_block(STDOUT_FILENO);
	ways[0] = (struct way){ .from = STDIN_FILENO, .to = peer };
	ways[1] = (struct way){ .from = peer, .to = STDOUT_FILENO };
	return relay_carry(ways);
}
