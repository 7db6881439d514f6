/* SPDX-License-Identifier: MIT */
/*
 * Implements -netdev dgram: a frame is a datagram that is sent to one peer, or to a multicast group
 * in which every member receives what the others send (so that several machines share a network
 * without a switch).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontends/net/address.h"
#include "frontends/net/port.h"
#include "frontends/net/socket.h"

#define DATAGRAMS_MAX 256 /* received at once */

struct dgram {
	const struct net_dgram *options;
	/* For a group, `out` is another socket than `in`, so that Baya's own frames can be
	 * recognised. */
	int in, out;
	int room; /* a socket that waits for room, see open_room; -1: none */
	struct net_sockaddr remote, own;
	struct pollset *set;
	unsigned index, out_index;
	struct net_queue output; /* the frames for which the peer had no room, in order */
	u8 frame[NET_FRAME_MAX];
};

/* Returns whether the network is a group, of which local.host= is the interface, as in QEMU. A
 * descriptor of fd= is a socket that has joined already. */
static bool is_group(const struct net_dgram *options)
{
	return options->local.type == NET_ADDRESS_INET && net_address_is_group(&options->remote);
}

static const struct sockaddr *peer_address(const struct dgram *dgram)
{
	return dgram->remote.size ? (const struct sockaddr *)&dgram->remote.address : NULL;
}

/* Sends a frame; returns false if the frame has to wait. */
static bool put_datagram(struct dgram *dgram, const u8 *frame, size_t size)
{
	if (sendto(dgram->out, frame, size, MSG_NOSIGNAL | MSG_DONTWAIT, peer_address(dgram),
		   dgram->remote.size) >= 0)
		return true;
	if (errno == EAGAIN)
		return false;
	dgram->output.lost++;
	return true;
}

static void send_dgram(struct net_port *port, const u8 *frame, size_t size)
{
	struct dgram *dgram = port->self;

	if (net_queue_waits(&dgram->output) || !put_datagram(dgram, frame, size))
		net_queue_add(&dgram->output, frame, size);
}

/*
 * Opens a socket that becomes writable when the peer has room again. A Unix socket queues only a
 * few datagrams (unix(7)). A sending socket that is not connected is always writable, however full
 * the queue of the peer is; and `out` is not connected, because it could then receive only from
 * that peer. Therefore another socket is connected while frames wait.
 */
static void open_room(struct dgram *dgram)
{
	const struct sockaddr *peer = peer_address(dgram);

	if (dgram->room >= 0 || !peer || peer->sa_family != AF_UNIX)
		return;
	dgram->room = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (dgram->room < 0 || !connect(dgram->room, peer, dgram->remote.size))
		return;
	close(dgram->room);
	dgram->room = -1;
}

static void close_room(struct dgram *dgram)
{
	if (dgram->room >= 0)
		close(dgram->room);
	dgram->room = -1;
}

static void fill_pollset_dgram(struct net_port *port, struct pollset *set)
{
	struct dgram *dgram = port->self;

	dgram->set = set;
	dgram->index = net_port_full(port) ? POLLSET_NONE : pollset_add(set, dgram->in, POLLIN);
	dgram->out_index = POLLSET_NONE;
	if (!net_queue_waits(&dgram->output))
		return;
	open_room(dgram);
	dgram->out_index = pollset_add(set, dgram->room >= 0 ? dgram->room : dgram->out, POLLOUT);
}

/* Sends the frames that wait. The name may belong to another peer by now, so the socket that waits
 * for the peer's room is opened again. */
static void flush_datagrams(struct dgram *dgram)
{
	struct net_queue *output = &dgram->output;
	const u8 *next = output->bytes + output->start, *frame;
	size_t size;

	close_room(dgram);
	while ((frame = net_next(&next, output->bytes + output->end, &size)) &&
	       put_datagram(dgram, frame, size)) {
		net_queue_skip(output, (size_t)(next - output->bytes) - output->start);
		next = output->bytes + output->start;
	}
}

/* Returns whether this is a frame of Baya's own, which the group has sent back. */
static bool is_own(const struct dgram *dgram, const struct net_sockaddr *from)
{
	const struct sockaddr_in *a = (const struct sockaddr_in *)&dgram->own.address;
	const struct sockaddr_in *b = (const struct sockaddr_in *)&from->address;

	return dgram->own.size && a->sin_port == b->sin_port &&
	       a->sin_addr.s_addr == b->sin_addr.s_addr;
}

static void read_datagrams(struct net_port *port)
{
	struct dgram *dgram = port->self;

	for (unsigned n = 0; n < DATAGRAMS_MAX && !net_port_full(port); n++) {
		struct net_sockaddr from = { .size = sizeof(from.address) };
		ssize_t got = recvfrom(dgram->in, dgram->frame, sizeof(dgram->frame),
				       MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from.address,
				       &from.size);

		if (got < 0)
			return;
		if ((size_t)got <= sizeof(dgram->frame) && !is_own(dgram, &from))
			net_port_receive(port, dgram->frame, (size_t)got);
	}
}

static void poll_dgram(struct net_port *port, struct pollset *set)
{
	struct dgram *dgram = port->self;

	if (dgram->set != set)
		return;
	if (pollset_seen(set, dgram->out_index))
		flush_datagrams(dgram);
	if (pollset_seen(set, dgram->index))
		read_datagrams(port);
}

static void close_dgram(struct net_port *port)
{
	struct dgram *dgram = port->self;
	const struct net_address *local = &dgram->options->local;

	if (dgram->out >= 0 && dgram->out != dgram->in)
		close(dgram->out);
	net_close_bound(dgram->in, local);
	close_room(dgram);
	net_queue_close(&dgram->output);
	free(dgram);
}

static int dgram_join(struct dgram *dgram, const struct sockaddr_in *group,
		      struct in_addr interface)
{
	const struct ip_mreq request = { group->sin_addr, interface };
	const int on = 1;

	if (setsockopt(dgram->in, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(dgram->in, (const struct sockaddr *)group, sizeof(*group)) ||
	    setsockopt(dgram->in, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) ||
	    setsockopt(dgram->out, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof(interface)) ||
	    setsockopt(dgram->out, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof(on)) ||
	    connect(dgram->out, (const struct sockaddr *)group, sizeof(*group)))
		return -errno;
	dgram->own.size = sizeof(dgram->own.address);
	if (getsockname(dgram->out, (struct sockaddr *)&dgram->own.address, &dgram->own.size))
		return -errno;
	dgram->remote.size = 0;
	return 0;
}

static int open_group(struct dgram *dgram)
{
	const struct sockaddr_in *group = (const struct sockaddr_in *)&dgram->remote.address;
	const char *local = dgram->options->local.host;
	struct in_addr interface = { INADDR_ANY };

	if (local && inet_pton(AF_INET, local, &interface) != 1)
		return -EADDRNOTAVAIL;
	dgram->in = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	dgram->out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return dgram->in < 0 || dgram->out < 0 ? -errno : dgram_join(dgram, group, interface);
}

static int dgram_start(struct dgram *dgram)
{
	const struct net_dgram *options = dgram->options;
	bool named = options->remote.path || options->remote.port;
	int failed = named ? net_resolve(&options->remote, SOCK_DGRAM, &dgram->remote) : 0;

	if (failed)
		return failed;
	if (!net_queue_open(&dgram->output, NET_OUTPUT_SIZE))
		return -ENOMEM;
	if (is_group(options))
		return open_group(dgram);
	dgram->in = dgram->out = net_bind_dgram(&options->local);
	return MIN(dgram->in, 0);
}

static int dgram_failed_open(struct net_port *port, int failed, struct board_error *error)
{
	const struct net_dgram *options = port->options->settings;
	char local[128], remote[128];

	net_address_text(&options->local, local, sizeof(local));
	net_address_text(&options->remote, remote, sizeof(remote));
	if (is_group(options))
		return net_port_fail(port, failed, error,
				     "cannot join the group %s: %s; give with local.host= the "
				     "address of an interface of the host that has it",
				     remote, strerror(-failed));
	if (failed == -EADDRINUSE)
		return net_port_fail(port, failed, error, "%s is taken (%s); give another in %s",
				     local, strerror(-failed),
				     options->local.type == NET_ADDRESS_INET ? "local.port=" :
									       "local.path=");
	return net_port_fail(port, failed, error, "cannot open %s for %s: %s", local, remote,
			     strerror(-failed));
}

static int open_dgram(struct net_port *port, struct board_error *error)
{
	struct dgram *dgram = calloc(1, sizeof(*dgram));
	int failed;

	if (!dgram)
		return dgram_failed_open(port, -ENOMEM, error);
	dgram->options = port->options->settings;
	dgram->in = dgram->out = dgram->room = -1;
	port->self = dgram;
	failed = dgram_start(dgram);
	if (!failed)
		return 0;
	close_dgram(port);
	return dgram_failed_open(port, failed, error);
}

static void info_dgram(struct net_port *port, FILE *out)
{
	const struct dgram *dgram = port->self;
	char local[128], remote[128];

	net_address_text(&dgram->options->local, local, sizeof(local));
	net_address_text(&dgram->options->remote, remote, sizeof(remote));
	if (is_group(dgram->options))
		fprintf(out, ", group %s, interface %s", remote,
			dgram->options->local.host ? dgram->options->local.host : "any");
	else
		fprintf(out, ", from %s to %s", local, remote);
	if (dgram->output.lost)
		fprintf(out, ", %llu frames not taken", dgram->output.lost);
	fprintf(out, "\n");
}

const struct net_kind net_dgram = {
	.open = open_dgram,
	.close = close_dgram,
	.send = send_dgram,
	.fill_pollset = fill_pollset_dgram,
	.poll = poll_dgram,
	.info = info_dgram,
};
