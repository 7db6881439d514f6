/* SPDX-License-Identifier: MIT */
/*
 * Programs that come to the socket: they say "CONNECT PORT\n" and are then connected to the guest's
 * port, which "OK PORT\n" tells them. Nothing behind the line is read before. Of those that say
 * nothing the oldest goes when there are too many.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontends/keyval.h"
#include "frontends/vsock_host.h"

static const char verb[] = "CONNECT ";

static void drop(struct vsock_host_end *end, unsigned n)
{
	memmove(&end->calls[n], &end->calls[n + 1],
		(--end->call_count - n) * sizeof(end->calls[0]));
}

void vsock_drop_calls(struct vsock_host_end *end)
{
	while (end->call_count)
		close(end->calls[--end->call_count].fd);
}

void vsock_accept(struct vsock_host_end *end)
{
	int fd = accept4(end->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (end->call_count == VSOCK_CALLS_MAX) {
		close(end->calls[0].fd);
		drop(end, 0);
	}
	end->calls[end->call_count++] = (struct vsock_call){ fd, POLLSET_NONE };
}

/* 1 with the port, 0 when the line is not whole yet, else -1. */
static int read_line(int fd, u32 *port)
{
	char line[VSOCK_LINE_MAX];
	ssize_t got = recv(fd, line, sizeof(line), MSG_PEEK);
	const char *newline;
	u64 number;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return -1;
	newline = memchr(line, '\n', (size_t)got);
	if (!newline)
		return got < (ssize_t)sizeof(line) ? 0 : -1;
	got = recv(fd, line, (size_t)(newline - line) + 1, 0);
	line[newline - line] = 0;
	if (got <= 0 || strncmp(line, verb, strlen(verb)) ||
	    !keyval_number(line + strlen(verb), &number) || number >= UINT32_MAX)
		return -1;
	*port = (u32)number;
	return 1;
}

static void connect_call(struct vsock_host_end *end, int fd, u32 port)
{
	u32 connection;

	if (!end->vsock->free(end->vsock->device, &connection)) {
		close(fd);
		return;
	}
	vsock_peer_begin(end, connection, fd);
	vsock_put(end, VSOCK_OPEN, connection, port);
}

void vsock_read_calls(struct vsock_host_end *end)
{
	for (unsigned n = 0; n < end->call_count;) {
		struct vsock_call call = end->calls[n];
		u32 port;
		int read = pollset_seen(end->set, call.index) ? read_line(call.fd, &port) : 0;

		if (!read) {
			n++;
			continue;
		}
		drop(end, n);
		if (read > 0)
			connect_call(end, call.fd, port);
		else
			close(call.fd);
	}
}
