/* SPDX-License-Identifier: MIT */
/*
 * See user_sockets.h. libslirp opens a socket for the first segment of a TCP connection, for each
 * ICMP echo request, and for the first UDP datagram of each address and port of the guest.
 */
#include "frontends/net/user_sockets.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/host/complain.h"

#define TYPE 12
#define IP 14
#define IPV6_SIZE 40
#define ECHO_REQUEST 8
#define ECHO_REQUEST6 128
#define UDP_TO 2 /* the offset of the port to which a datagram goes */
#define TCP_FLAGS 13
#define TCP_SYN 0x02
#define TCP_ACK 0x10

/* Where the addresses and the next header are in a frame's IP header. */
struct layout {
	size_t size, protocol, source, source_size;
};

/* Returns false if the frame contains no whole IP header. */
static bool find_layout(const u8 *frame, size_t size, struct layout *layout)
{
	unsigned type = size > IP ? frame[TYPE] << 8 | frame[TYPE + 1] : 0;

	if (type == 0x0800)
		*layout = (struct layout){ (frame[IP] & 15u) * 4, 9, 12, 4 };
	else if (type == 0x86dd)
		*layout = (struct layout){ IPV6_SIZE, 6, 8, 16 };
	else
		return false;
	return layout->size >= layout->source + layout->source_size && size >= IP + layout->size;
}

static bool has_socket(const struct user_sockets *sockets, const struct user_source *source)
{
	for (unsigned n = 0; n < sockets->room; n++)
		if (!memcmp(&sockets->sources[n], source, sizeof(*source)))
			return true;
	return false;
}

/* Returns whether the frame may open a socket, and notes the UDP source that it comes from. */
static bool may_open(struct user_sockets *sockets, const u8 *frame, size_t size)
{
	static const u8 dhcp[] = { 0, 67 };
	struct layout at;
	const u8 *rest;
	bool full = sockets->count >= sockets->most;

	if (!find_layout(frame, size, &at))
		return false;
	rest = frame + IP + at.size;
	size -= IP + at.size;
	switch (frame[IP + at.protocol]) {
	case IPPROTO_TCP:
		return size > TCP_FLAGS && (rest[TCP_FLAGS] & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	case IPPROTO_UDP:
		if (size < UDP_TO + sizeof(dhcp))
			return false;
		/* libslirp itself is the server. */
		if (!memcmp(rest + UDP_TO, dhcp, sizeof(dhcp)))
			return false;
		memcpy(sockets->now.address, frame + IP + at.source, at.source_size);
		memcpy(sockets->now.port, rest, sizeof(sockets->now.port));
		return !full || !has_socket(sockets, &sockets->now);
	case IPPROTO_ICMP:
		return size && rest[0] == ECHO_REQUEST;
	case IPPROTO_ICMPV6: /* neighbour discovery opens none */
		return size && rest[0] == ECHO_REQUEST6;
	default:
		return false;
	}
}

bool user_sockets_refuse(struct user_sockets *sockets, const u8 *frame, size_t size)
{
	bool refused = may_open(sockets, frame, size) && sockets->count >= sockets->most;

	if (refused && !sockets->reported)
		fprintf(stderr,
			"baya: the guest has %u connections and UDP ports in use; others have to "
			"wait until some are closed, which takes four minutes for UDP\n",
			sockets->count);
	sockets->reported |= refused;
	return refused;
}

void user_sockets_handled(struct user_sockets *sockets)
{
	memset(&sockets->now, 0, sizeof(sockets->now));
}

void user_sockets_opened(struct user_sockets *sockets, int fd)
{
	unsigned n = (unsigned)fd, room = MAX(2 * sockets->room, n + 1);

	sockets->count++;
	if (n >= sockets->room) {
		struct user_source *sources = realloc(sockets->sources, room * sizeof(*sources));

		if (!sources)
			complain_exhausted();
		memset(sources + sockets->room, 0, (room - sockets->room) * sizeof(*sources));
		sockets->sources = sources;
		sockets->room = room;
	}
	sockets->sources[n] = sockets->now;
	user_sockets_handled(sockets); /* a frame opens one socket at most */
}

void user_sockets_closed(struct user_sockets *sockets, int fd)
{
	sockets->count -= sockets->count > 0;
	if ((unsigned)fd < sockets->room)
		memset(&sockets->sources[fd], 0, sizeof(sockets->sources[fd]));
}

void user_sockets_free(struct user_sockets *sockets)
{
	free(sockets->sources);
}
