/* SPDX-License-Identifier: MIT */
/* See net/listen.h. */
#include "frontends/net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

int net_listener_open(struct net_listener *listener, const struct net_address *address)
{
	int fd = net_listen(address);

	*listener = NET_LISTENER_NONE;
	if (fd < 0)
		return fd;
	listener->address = address;
	listener->fd = fd;
	listener->spare = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return 0;
}

void net_listener_close(struct net_listener *listener)
{
	if (listener->spare >= 0)
		close(listener->spare);
	if (listener->fd >= 0)
		net_close_bound(listener->fd, listener->address);
	*listener = NET_LISTENER_NONE;
}

void net_listener_port(const struct net_listener *listener, struct net_address *address,
		       char number[8])
{
	struct sockaddr_storage name;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&name;
	const struct sockaddr_in *four = (const struct sockaddr_in *)&name;
	socklen_t size = sizeof(name);

	if (address->type != NET_ADDRESS_INET ||
	    getsockname(listener->fd, (struct sockaddr *)&name, &size))
		return;
	snprintf(number, 8, "%u",
		 ntohs(name.ss_family == AF_INET6 ? six->sin6_port : four->sin_port));
	address->port = number;
}

static int net_listener_take(const struct net_listener *listener)
{
	int peer = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	return peer < 0 ? -errno : peer;
}

static void send_away(struct net_listener *listener)
{
	int peer;

	if (listener->spare >= 0)
		close(listener->spare);
	peer = net_listener_take(listener);
	if (peer >= 0)
		close(peer);
	listener->spare = fcntl(listener->fd, F_DUPFD_CLOEXEC, 0);
}

int net_listener_accept(struct net_listener *listener)
{
	int peer = net_listener_take(listener);

	if (peer == -EMFILE || peer == -ENFILE)
		send_away(listener);
	return peer;
}
