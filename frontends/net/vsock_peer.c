/* SPDX-License-Identifier: MIT */
/*
 * Implements one connection between a program and the guest. What the guest sends is written to the
 * program at once, as far as the program accepts it; the rest waits here and is never more than a
 * window. What the program sends is read only when the guest has room for it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/descriptors.h"
#include "frontends/net/vsock_host.h"

void vsock_peer_begin(struct vsock_host_end *end, u32 connection, int fd)
{
	end->peers[connection] = (struct vsock_peer){
		.used = true, .fd = fd, .index = POLLSET_NONE,
	};
	end->used++;
}

bool vsock_peer_room(const struct vsock_host_end *end)
{
	return end->used + VSOCK_CALLS_MAX < end->vsock->descriptors;
}

void vsock_peer_end(struct vsock_host_end *end, u32 connection)
{
	struct vsock_peer *peer = &end->peers[connection];

	if (!peer->used)
		return;
	if (peer->fd >= 0)
		close(peer->fd);
	free(peer->waiting);
	*peer = (struct vsock_peer){ 0 };
	end->used--;
}

/* Handles that the guest connects to a port of the host: a program may listen at PATH_PORT. */
static void connect_peer(void *ctx, u32 connection, u32 port)
{
	struct vsock_host_end *end = ctx;
	char path[128];

	snprintf(path, sizeof(path), "%s_%u", end->vsock->path, port);
	vsock_peer_begin(end, connection,
			 vsock_peer_room(end) ? descriptors_move(net_connect_unix(path)) : -1);
	end->peers[connection].answer = end->peers[connection].fd < 0 ? VSOCK_SAY_RESET :
									VSOCK_SAY_ACCEPT;
}

/* Resets the connection from the guest's point of view, because the program has gone or cannot be
 * served. */
static void give_up(struct vsock_peer *peer)
{
	peer->answer = VSOCK_SAY_RESET;
	peer->start = peer->end = 0;
}

static bool vsock_peer_again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static void flush_peer(struct vsock_peer *peer)
{
	while (peer->start < peer->end) {
		ssize_t put = send(peer->fd, peer->waiting + peer->start, peer->end - peer->start,
				   MSG_NOSIGNAL);

		if (put < 0 && !vsock_peer_again())
			give_up(peer);
		if (put < 0)
			return;
		peer->start += (u32)put;
		peer->taken += (u32)put;
	}
	peer->start = peer->end = 0;
	if (peer->shut)
		shutdown(peer->fd, SHUT_WR);
	peer->shut = false;
}

static void vsock_peer_keep(struct vsock_peer *peer, const u8 *data, size_t size)
{
	if (!peer->waiting)
		peer->waiting = malloc(VSOCK_WINDOW);
	if (peer->waiting && peer->start) {
		memmove(peer->waiting, peer->waiting + peer->start, peer->end - peer->start);
		peer->end -= peer->start;
		peer->start = 0;
	}
	if (!peer->waiting || size > VSOCK_WINDOW - peer->end) {
		give_up(peer);
		return;
	}
	memcpy(peer->waiting + peer->end, data, size);
	peer->end += (u32)size;
}

static void take_data(void *ctx, u32 connection, const u8 *data, size_t size)
{
	struct vsock_host_end *end = ctx;
	struct vsock_peer *peer = &end->peers[connection];
	ssize_t put = 0;

	if (!peer->used || peer->fd < 0 || peer->answer == VSOCK_SAY_RESET)
		return;
	if (peer->start == peer->end)
		put = send(peer->fd, data, size, MSG_NOSIGNAL);
	if (put < 0 && !vsock_peer_again()) {
		give_up(peer);
		return;
	}
	put = MAX(put, 0);
	peer->taken += (u32)put;
	if ((size_t)put < size)
		vsock_peer_keep(peer, data + put, size - (size_t)put);
}

/* Handles that the guest has accepted a connection that a program requested. */
static void tell_accepted(void *ctx, u32 connection, u32 host_port)
{
	struct vsock_host_end *end = ctx;
	struct vsock_peer *peer = &end->peers[connection];
	char line[VSOCK_LINE_MAX];
	int size = snprintf(line, sizeof(line), "OK %u\n", host_port);

	if (!peer->used)
		return;
	peer->open = true;
	/* This is the first write to the program, so there is room for it. */
	if (send(peer->fd, line, (size_t)size, MSG_NOSIGNAL) != size)
		give_up(peer);
}

static void shut_peer(void *ctx, u32 connection, unsigned how)
{
	struct vsock_host_end *end = ctx;
	struct vsock_peer *peer = &end->peers[connection];

	if (!peer->used || peer->fd < 0)
		return;
	if (how & VSOCK_SHUT_RECEIVE) {
		shutdown(peer->fd, SHUT_RD);
		peer->ended = true;
	}
	if (how & VSOCK_SHUT_SEND) {
		peer->shut = true;
		flush_peer(peer);
	}
}

static void close_peer(void *ctx, u32 connection)
{
	vsock_peer_end(ctx, connection);
}

const struct vsock_host vsock_peer_host = {
	.connect = connect_peer,
	.accepted = tell_accepted,
	.data = take_data,
	.shut = shut_peer,
	.closed = close_peer,
};

short vsock_peer_events(struct vsock_host_end *end, u32 connection)
{
	struct vsock_peer *peer = &end->peers[connection];
	short events = 0;

	if (peer->fd < 0 || !peer->open)
		return 0;
	if (peer->start < peer->end)
		events |= POLLOUT;
	if (!peer->ended && end->vsock->room(end->vsock->device, connection, 1))
		events |= POLLIN;
	return events;
}

void vsock_peer_poll(struct vsock_host_end *end, u32 connection, short seen)
{
	struct vsock_peer *peer = &end->peers[connection];

	if (seen & (POLLOUT | POLLERR))
		flush_peer(peer);
	peer->readable |= seen & (POLLIN | POLLHUP);
}

/* Returns in which directions the connection ends: the program has stopped sending, and perhaps
 * reading. */
static unsigned vsock_peer_ending(const struct vsock_peer *peer)
{
	struct pollfd look = { .fd = peer->fd, .events = POLLOUT };

	return poll(&look, 1, 0) > 0 && look.revents & POLLHUP ? VSOCK_SHUT_BOTH : VSOCK_SHUT_SEND;
}

static void read_peer(struct vsock_host_end *end, u32 connection)
{
	struct vsock_peer *peer = &end->peers[connection];
	struct {
		struct vsock_record record;
		u8 data[VSOCK_WINDOW];
	} input;
	u64 room = end->vsock->room(end->vsock->device, connection, sizeof(input.data));
	ssize_t got;

	if (!room)
		return;
	input.record = (struct vsock_record){ VSOCK_DATA, connection, 0 };
	got = recv(peer->fd, input.data, room, 0);
	if (got > 0) {
		journal_put(end->journal, end->vsock->sink, &input,
			    sizeof(input.record) + (size_t)got);
		return;
	}
	peer->readable = false;
	if (got < 0 && vsock_peer_again())
		return;
	peer->ended = true;
	if (got < 0)
		vsock_put(end, VSOCK_RESET, connection, 0);
	else
		vsock_put(end, VSOCK_SHUT, connection, vsock_peer_ending(peer));
}

/* Passes the peer's answers and data to the guest. Each of these calls may end the connection. */
void vsock_peer_feed(struct vsock_host_end *end, u32 connection)
{
	struct vsock_peer *peer = &end->peers[connection];
	enum vsock_answer answer = peer->answer;
	u32 taken = peer->taken;

	peer->answer = VSOCK_SAY_NOTHING;
	peer->taken = 0;
	if (answer == VSOCK_SAY_ACCEPT) {
		peer->open = true;
		vsock_put(end, VSOCK_ACCEPT, connection, 0);
	}
	if (answer == VSOCK_SAY_RESET) {
		vsock_put(end, VSOCK_RESET, connection, 0);
		return;
	}
	if (taken)
		vsock_put(end, VSOCK_TAKEN, connection, taken);
	if (peer->used && peer->open && peer->readable && !peer->ended)
		read_peer(end, connection);
}
