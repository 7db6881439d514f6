/* SPDX-License-Identifier: MIT */
/*
 * Accepts programs that connect to the Unix socket. A program sends "CONNECT PORT\n", is then
 * connected to that port of the guest, and receives "OK N\n", in which N is the host's port of the
 * connection. What follows the line CONNECT is not read here. When too many programs have not sent
 * the line yet, the oldest one is disconnected.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/descriptors.h"
#include "frontends/host/keyval.h"
#include "frontends/net/vsock_host.h"

static const char verb[] = "CONNECT ";

static void vsock_call_drop(struct vsock_host_end *end, unsigned n)
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
	int fd = descriptors_move(net_listener_accept(&end->listener));

	if (fd < 0)
		return;
	if (end->call_count == VSOCK_CALLS_MAX) {
		close(end->calls[0].fd);
		vsock_call_drop(end, 0);
	}
	end->calls[end->call_count++] = (struct vsock_call){
		.fd = fd, .index = POLLSET_NONE,
	};
}

/* Reads the line CONNECT. Returns 1 and the port, 0 if the line is not complete yet, or -1 if it is
 * wrong. */
static int read_line(struct vsock_call *call, u32 *port)
{
	char *more = call->line + call->size;
	ssize_t got = recv(call->fd, more, sizeof(call->line) - call->size, MSG_PEEK);
	const char *newline;
	u64 number;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return -1;
	newline = memchr(more, '\n', (size_t)got);
	got = recv(call->fd, more, newline ? (size_t)(newline - more) + 1 : (size_t)got, 0);
	if (got <= 0)
		return -1;
	call->size += (size_t)got;
	if (!newline)
		return call->size < sizeof(call->line) ? 0 : -1;
	call->line[call->size - 1] = 0;
	if (strncmp(call->line, verb, strlen(verb)) ||
	    !keyval_number(call->line + strlen(verb), &number) || number >= UINT32_MAX)
		return -1;
	*port = (u32)number;
	return 1;
}

static void connect_call(struct vsock_host_end *end, int fd, u32 port)
{
	u32 connection;

	if (!vsock_peer_room(end) || !end->vsock->free(end->vsock->device, &connection)) {
		close(fd);
		return;
	}
	vsock_peer_begin(end, connection, fd);
	vsock_put(end, VSOCK_OPEN, connection, port);
}

void vsock_read_calls(struct vsock_host_end *end)
{
	for (unsigned n = 0; n < end->call_count;) {
		struct vsock_call *call = &end->calls[n];
		int fd = call->fd;
		u32 port;
		int read = pollset_seen(end->set, call->index) ? read_line(call, &port) : 0;

		if (!read) {
			n++;
			continue;
		}
		vsock_call_drop(end, n);
		if (read > 0)
			connect_call(end, fd, port);
		else
			close(fd);
	}
}
