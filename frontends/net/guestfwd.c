/* SPDX-License-Identifier: MIT */
/*
 * See net/guestfwd.h. For each connection of the guest libslirp starts a program. For tcp: and
 * unix: that is `baya relay`, because libslirp itself would block, and the machine with it, if it
 * connected to a Unix socket whose backlog is full. A chardev is a single stream for as long as the
 * machine runs, as in QEMU, because libslirp's callbacks do not distinguish connections and do not
 * report their end.
 */
#include "frontends/net/guestfwd.h"

#include <errno.h>
#include <libslirp.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/chardev/port_end.h"

#define COMMAND_MAX 512

/* The stream of a chardev. */
struct stream {
	const struct net_guest_forward *forward;
	Slirp *slirp;
	struct chardev chardev; /* libslirp is in the place of the chardev's device */
	struct port_end end;
};

struct net_guestfwd {
	unsigned count;
	struct stream streams[NET_FORWARDS_MAX];
};

/* Passes what the guest has sent to the chardev. libslirp acknowledges all of it to the guest, even
 * if the chardev is busy, so net_guestfwd_refuses() prevents that it comes then. */
static ssize_t guest_wrote(const void *data, size_t size, void *ctx)
{
	struct stream *stream = ctx;

	chardev_write(&stream->chardev, data, size);
	return (ssize_t)size;
}

static size_t guestfwd_room(void *device)
{
	struct stream *stream = device;

	return slirp_socket_can_recv(stream->slirp, stream->forward->server, stream->forward->port);
}

static void guestfwd_take(void *device, const u8 *data, size_t size)
{
	struct stream *stream = device;

	slirp_socket_recv(stream->slirp, stream->forward->server, stream->forward->port, data,
			  (int)size);
}

static bool guestfwd_lead(Slirp *slirp, const struct net_guest_forward *forward,
			  struct stream *stream)
{
	struct in_addr server = forward->server;
	char command[COMMAND_MAX];

	if (forward->chardev)
		return slirp_add_guestfwd(slirp, guest_wrote, stream, &server, forward->port) >= 0;
	if (forward->command)
		return slirp_add_exec(slirp, forward->command, &server, forward->port) >= 0;
	return (size_t)snprintf(command, sizeof(command), "/proc/self/exe relay '%s'",
				forward->place) < sizeof(command) &&
	       slirp_add_exec(slirp, command, &server, forward->port) >= 0;
}

static int open_stream(struct net_guestfwd *all, Slirp *slirp,
		       const struct net_guest_forward *forward, struct board_error *error)
{
	struct stream *stream = &all->streams[all->count];
	int failed;

	*stream = (struct stream){
		.forward = forward,
		.slirp = slirp,
		.chardev = { .room = guestfwd_room, .take = guestfwd_take, .device = stream },
		.end = { .options = forward->port_options, .name = "guestfwd" },
	};
	stream->end.chardev = &stream->chardev;
	failed = port_end_open(&stream->end, error);
	all->count += !failed;
	return failed;
}

int net_guestfwd_open(struct net_guestfwd **made, struct net_port *port, Slirp *slirp,
		      struct board_error *error)
{
	const struct net_user *options = port->options->settings;
	struct net_guestfwd *all = calloc(1, sizeof(*all));
	int failed = 0;

	*made = all;
	if (!all)
		return board_error_memory(error);
	for (unsigned n = 0; n < options->guest_forward_count && !failed; n++) {
		const struct net_guest_forward *forward = &options->guest_forwards[n];
		struct stream *stream = &all->streams[all->count];

		failed = forward->chardev ? open_stream(all, slirp, forward, error) : 0;
		if (!failed && !guestfwd_lead(slirp, forward, stream))
			failed = net_port_fail(port, -EINVAL, error,
					       "guestfwd=%s: the address "
					       "must be in net=, and no other's",
					       forward->text);
	}
	return failed;
}

bool net_guestfwd_close(struct net_guestfwd *all)
{
	bool lost = false;

	for (unsigned n = 0; all && n < all->count; n++)
		lost |= port_end_close(&all->streams[n].end);
	free(all);
	return lost;
}

/* Returns whether a frame has data for this address and port. */
static bool is_data_for(const struct net_guest_forward *forward, const u8 *frame, size_t size)
{
	struct ip ip;
	struct tcphdr tcp;
	size_t at;

	if (size < NET_HEADER_SIZE + sizeof(ip))
		return false;
	memcpy(&ip, frame + NET_HEADER_SIZE, sizeof(ip));
	at = NET_HEADER_SIZE + ip.ip_hl * 4u;
	if (ip.ip_v != 4 || ip.ip_p != IPPROTO_TCP || size < at + sizeof(tcp) ||
	    ip.ip_dst.s_addr != forward->server.s_addr)
		return false;
	memcpy(&tcp, frame + at, sizeof(tcp));
	return ntohs(tcp.th_dport) == forward->port &&
	       ntohs(ip.ip_len) > ip.ip_hl * 4u + tcp.th_off * 4u;
}

bool net_guestfwd_refuses(const struct net_guestfwd *all, const u8 *frame, size_t size)
{
	for (unsigned n = 0; n < all->count; n++) {
		const struct stream *stream = &all->streams[n];

		if ((stream->end.busy || stream->end.held) &&
		    is_data_for(stream->forward, frame, size))
			return true;
	}
	return false;
}

bool net_guestfwd_awaits(struct net_guestfwd *all, struct pollset *set)
{
	bool awaits = false;

	for (unsigned n = 0; n < all->count; n++)
		awaits |= port_end_awaits(&all->streams[n].end, set);
	return awaits;
}

void net_guestfwd_fill_pollset(struct net_guestfwd *all, struct pollset *set)
{
	for (unsigned n = 0; n < all->count; n++)
		if (all->streams[n].end.kind->fill_pollset)
			all->streams[n].end.kind->fill_pollset(&all->streams[n].end, set);
}

void net_guestfwd_poll(struct net_guestfwd *all, struct pollset *set)
{
	for (unsigned n = 0; n < all->count; n++) {
		struct port_end *end = &all->streams[n].end;

		if (end->kind->poll)
			end->kind->poll(end, set);
		if (end->kind->feed)
			end->kind->feed(end);
		if (end->kind->flush)
			end->kind->flush(end);
	}
}
