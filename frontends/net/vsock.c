/* SPDX-License-Identifier: MIT */
/* Opens the socket devices of a run, each with the Unix socket to which programs connect. See
 * vsock.h. */
#include "frontends/net/vsock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "bus/platform.h"
#include "frontends/host/exit_code.h"
#include "frontends/net/vsock_host.h"

#define PORT_DIGITS 11 /* of the number in PATH_PORT */
#define PATH_MAX_SIZE (sizeof(((struct sockaddr_un *)0)->sun_path) - PORT_DIGITS - 1)

struct vsock_set {
	struct vsock_host_end *ends[BOARD_DEVICES_MAX];
	unsigned count;
	struct pollset poll;
};

void vsock_put(struct vsock_host_end *end, u32 input, u32 connection, u32 value)
{
	const struct vsock_record record = { input, connection, value };

	journal_put(end->journal, end->vsock->sink, &record, sizeof(record));
}

static int vsock_fail(struct board_error *error, int failed, const char *path, const char *what)
{
	snprintf(error->text, sizeof(error->text), "-device virtio-vsock: socket=%s: %s", path,
		 what);
	error->exit_code = EXIT_HOST;
	return failed;
}

/* Resets the connections of a machine whose state was restored, because no program is at this end
 * of them. */
static void reset_connections(struct vsock_host_end *end)
{
	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++) {
		vsock_peer_end(end, n);
		if (end->vsock->used(end->vsock->device, n))
			vsock_put(end, VSOCK_RESET, n, 0);
	}
}

static int open_end(struct vsock_host_end *end, struct board_error *error)
{
	const char *path = end->vsock->path;
	int failed;

	if (strlen(path) > PATH_MAX_SIZE)
		return vsock_fail(error, -ENAMETOOLONG, path, "too long for a socket's name");
	end->address = (struct net_address){ .type = NET_ADDRESS_UNIX, .path = path };
	failed = net_listener_open(&end->listener, &end->address);
	if (failed == -EADDRINUSE)
		return vsock_fail(error, failed, path, "is taken; give another in socket=");
	if (failed)
		return vsock_fail(error, failed, path, strerror(-failed));
	end->vsock->ctx = end;
	end->vsock->host = &vsock_peer_host;
	reset_connections(end);
	return 0;
}

int vsock_open(struct vsock_set **made, struct board *board, bool absent, struct board_error *error)
{
	struct vsock_set *set = calloc(1, sizeof(*set));
	struct vsock *vsock;
	int failed = set ? 0 : -ENOMEM;

	*made = set;
	while (!failed && !absent && (vsock = board_vsock(board, set->count))) {
		struct vsock_host_end *end = calloc(1, sizeof(*end));

		if (!end) {
			failed = -ENOMEM;
			break;
		}
		set->ends[set->count++] = end;
		end->vsock = vsock;
		end->journal = &board_platform(board)->journal;
		end->listener = NET_LISTENER_NONE;
		failed = open_end(end, error);
	}
	return failed == -ENOMEM ? vsock_fail(error, failed, "", "not enough host memory") : failed;
}

static void close_end(struct vsock_host_end *end)
{
	end->vsock->host = NULL;
	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++)
		vsock_peer_end(end, n);
	vsock_drop_calls(end);
	net_listener_close(&end->listener);
	free(end);
}

void vsock_loaded(struct vsock_set *set)
{
	for (unsigned n = 0; n < set->count; n++)
		reset_connections(set->ends[n]);
}

void vsock_close(struct vsock_set *set)
{
	if (!set)
		return;
	while (set->count)
		close_end(set->ends[--set->count]);
	pollset_free(&set->poll);
	free(set);
}

static void wait_end(struct vsock_host_end *end, struct pollset *poll)
{
	end->set = poll;
	end->index = pollset_add(poll, end->listener.fd, POLLIN);
	for (unsigned n = 0; n < end->call_count; n++)
		end->calls[n].index = pollset_add(poll, end->calls[n].fd, POLLIN);
	for (u32 n = 0; end->used && n < VSOCK_CONNECTIONS_MAX; n++) {
		struct vsock_peer *peer = &end->peers[n];
		short events = peer->used ? vsock_peer_events(end, n) : 0;

		/* A descriptor without events is left out, because poll() would still report a
		 * hangup. */
		peer->index = events ? pollset_add(poll, peer->fd, events) : POLLSET_NONE;
	}
}

void vsock_fill_pollset(struct vsock_set *set, struct pollset *poll)
{
	for (unsigned n = 0; n < set->count; n++)
		wait_end(set->ends[n], poll);
}

static void look_end(struct vsock_host_end *end)
{
	for (u32 n = 0; end->used && n < VSOCK_CONNECTIONS_MAX; n++)
		if (end->peers[n].used)
			vsock_peer_poll(end, n, pollset_seen(end->set, end->peers[n].index));
	vsock_read_calls(end);
	if (pollset_seen(end->set, end->index))
		vsock_accept(end);
}

void vsock_poll(struct vsock_set *set)
{
	if (!set->count)
		return;
	pollset_clear(&set->poll);
	vsock_fill_pollset(set, &set->poll);
	set->poll.ns = 0;
	pollset_wait(&set->poll);
	for (unsigned n = 0; n < set->count; n++)
		look_end(set->ends[n]);
}

void vsock_feed(struct vsock_set *set)
{
	for (unsigned i = 0; i < set->count; i++) {
		struct vsock_host_end *end = set->ends[i];

		for (u32 n = 0; end->used && n < VSOCK_CONNECTIONS_MAX; n++)
			if (end->peers[n].used)
				vsock_peer_feed(end, n);
	}
}
