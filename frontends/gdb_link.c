/* SPDX-License-Identifier: MIT */
/* Sockets, and standard input and output, for a debugger. See gdb_link.h. */
#include "frontends/gdb_link.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "devices/board.h"
#include "frontends/exit_code.h"
#include "frontends/gdb_packet.h"

#define PATIENCE_MS 2000 /* with a client that does not read */
#define TCP "tcp:"
#define UNIX "unix:"

/* tcp:[HOST]:PORT; the host may be an IPv6 address in brackets. */
static bool split_tcp(const char *where, char *host, size_t size, const char **port)
{
	const char *begin = where + strlen(TCP), *colon = strrchr(begin, ':');
	size_t length;

	if (strncmp(where, TCP, strlen(TCP)) || !colon || !colon[1] ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strtoul(colon + 1, NULL, 10) > UINT16_MAX)
		return false;
	*port = colon + 1;
	length = (size_t)(colon - begin);
	if (length > 1 && *begin == '[' && colon[-1] == ']') {
		begin++;
		length -= 2;
	}
	if (length >= size)
		return false;
	snprintf(host, size, "%.*s", (int)length, begin);
	/* The guest is the user's: nobody else's, unless an address of the host is named. */
	if (!*host)
		snprintf(host, size, "127.0.0.1");
	return true;
}

static bool accepts(const char *where)
{
	struct sockaddr_un address;
	char host[256];
	const char *port;

	if (!strncmp(where, UNIX, strlen(UNIX)))
		return where[strlen(UNIX)] &&
		       strlen(where + strlen(UNIX)) < sizeof(address.sun_path);
	return !strcmp(where, "stdio") || split_tcp(where, host, sizeof(host), &port);
}

static int fail(struct board_error *error, const char *where, const char *reason)
{
	snprintf(error->text, sizeof(error->text), "-gdb %.200s: cannot listen there: %s; choose "
		 "another with -gdb tcp::PORT or -gdb unix:PATH", where, reason);
	error->exit_code = EXIT_HOST;
	return -1;
}

static void wake_by(struct gdb_link *link, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	epoll_ctl(link->wakes, EPOLL_CTL_ADD, fd, &event);
}

static int listen_at(struct gdb_link *link, int family, const struct sockaddr *address,
		     socklen_t size)
{
	const int on = 1;

	link->listens = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (link->listens < 0)
		return -errno;
	setsockopt(link->listens, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(link->listens, address, size) < 0 || listen(link->listens, 4) < 0)
		return -errno;
	wake_by(link, link->listens);
	return 0;
}

static int listen_tcp(struct gdb_link *link, const char *where, struct board_error *error)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE }, *found;
	char host[256];
	const char *port = "";
	int failed;

	split_tcp(where, host, sizeof(host), &port);
	failed = getaddrinfo(host, port, &hints, &found);
	if (failed)
		return fail(error, where, gai_strerror(failed));
	failed = listen_at(link, found->ai_family, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return failed ? fail(error, where, strerror(-failed)) : 0;
}

/* A socket that nobody listens at any more is in the way, and is taken out of it. */
static int listen_unix(struct gdb_link *link, const char *where, struct board_error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = where + strlen(UNIX);
	int failed, probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat about;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (probe >= 0 && !lstat(path, &about) && S_ISSOCK(about.st_mode) &&
	    connect(probe, (struct sockaddr *)&address, sizeof(address)) < 0 &&
	    errno == ECONNREFUSED)
		unlink(path);
	if (probe >= 0)
		close(probe);
	failed = listen_at(link, AF_UNIX, (struct sockaddr *)&address, sizeof(address));
	if (failed)
		return fail(error, where, strerror(-failed));
	link->path = path;
	return 0;
}

int gdb_link_open(struct gdb_link *link, const char *where, struct board_error *error)
{
	int failed = 0;

	if (!accepts(where)) {
		snprintf(error->text, sizeof(error->text), "-gdb: '%.200s' is not accepted; "
			 "accepted: tcp:[HOST]:PORT, unix:PATH, stdio", where);
		error->exit_code = EXIT_USAGE;
		return -EINVAL;
	}
	*link = (struct gdb_link){ .listens = -1, .in = -1, .out = -1 };
	link->wakes = epoll_create1(EPOLL_CLOEXEC);
	if (link->wakes < 0)
		return fail(error, where, strerror(errno));
	if (!strcmp(where, "stdio")) {
		link->in = STDIN_FILENO;
		link->out = STDOUT_FILENO;
		wake_by(link, link->in);
	} else {
		failed = !strncmp(where, UNIX, strlen(UNIX)) ? listen_unix(link, where, error) :
							      listen_tcp(link, where, error);
	}
	if (failed)
		gdb_link_close(link);
	return failed;
}

void gdb_link_close(struct gdb_link *link)
{
	gdb_link_drop(link);
	if (link->path)
		unlink(link->path);
	if (link->listens >= 0)
		close(link->listens);
	close(link->wakes);
	free(link->last);
}

bool gdb_link_connected(const struct gdb_link *link)
{
	return link->in >= 0;
}

void gdb_link_drop(struct gdb_link *link)
{
	if (link->in >= 0 && link->listens >= 0)
		close(link->in);
	else if (link->in >= 0)
		epoll_ctl(link->wakes, EPOLL_CTL_DEL, link->in, NULL);
	link->in = link->out = -1;
	link->last_size = 0;
}

static void refuse(int client)
{
	static const char text[] = "E.another debugger is connected to this machine";
	u8 packet[GDB_FRAMED(sizeof(text))];
	size_t size = gdb_packet_make(packet, '$', text, sizeof(text) - 1);
	u8 said[512];

	/* What it has said is read first: a socket closed with bytes unread loses what is sent. */
	if (recv(client, said, sizeof(said), MSG_DONTWAIT) >= 0 || errno == EAGAIN)
		send(client, packet, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(client, SHUT_WR);
	close(client);
}

bool gdb_link_accept(struct gdb_link *link)
{
	int on = 1, client;

	if (link->listens < 0)
		return false;
	client = accept4(link->listens, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (client < 0)
		return false;
	if (gdb_link_connected(link)) {
		refuse(client);
		return false;
	}
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	link->in = link->out = client;
	wake_by(link, client);
	return true;
}

long gdb_link_read(struct gdb_link *link, u8 *data, size_t size)
{
	struct pollfd in = { .fd = link->in, .events = POLLIN };
	ssize_t got;

	if (link->in < 0 || poll(&in, 1, 0) <= 0)
		return 0;
	got = read(link->in, data, size);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return got > 0 ? got : -1;
}

void gdb_link_write(struct gdb_link *link, const void *data, size_t size)
{
	const u8 *bytes = data;

	while (size && link->out >= 0) {
		struct pollfd out = { .fd = link->out, .events = POLLOUT };
		ssize_t put = poll(&out, 1, PATIENCE_MS) > 0 ? write(link->out, bytes, size) : -1;

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			gdb_link_drop(link);
			return;
		}
		bytes += put;
		size -= (size_t)put;
	}
}

void gdb_link_send(struct gdb_link *link, char first, const void *text, size_t size)
{
	size_t room = GDB_FRAMED(size);

	if (link->last_room < room) {
		u8 *last = realloc(link->last, room);

		if (!last) {
			gdb_link_drop(link);
			return;
		}
		link->last = last;
		link->last_room = room;
	}
	link->last_size = gdb_packet_make(link->last, first, text, size);
	gdb_link_again(link);
}

void gdb_link_again(struct gdb_link *link)
{
	gdb_link_write(link, link->last, link->last_size);
}
