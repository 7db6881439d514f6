/* SPDX-License-Identifier: MIT */
/* Opens sockets, from addresses that the command line gives. All of them are non-blocking. */
#ifndef FRONTENDS_NET_SOCKET_H
#define FRONTENDS_NET_SOCKET_H

#include <sys/socket.h>

#include "frontends/net/options.h"

struct net_sockaddr {
	struct sockaddr_storage address;
	socklen_t size; /* 0: none */
};

#define NET_FOUND_MAX 4

/*
 * Resolve an address, which may block for a while. net_resolve finds one address and returns 0;
 * net_resolve_all returns the number of addresses found. Both return -errno on failure.
 */
int net_resolve(const struct net_address *address, int type, struct net_sockaddr *found);
int net_resolve_all(const struct net_address *address, int type,
		    struct net_sockaddr found[NET_FOUND_MAX]);

/*
 * Return a descriptor or -errno. A connection may still be in progress: the descriptor becomes
 * writable when that has ended, and SO_ERROR then contains the result.
 */
int net_connect_to(const struct net_sockaddr *found);
int net_connect_unix(const char *path);
int net_listen(const struct net_address *address);
int net_bind_dgram(const struct net_address *address);

/*
 * Closes what net_listen or net_bind_dgram has opened, and removes the file of a Unix socket. -1 is
 * accepted.
 */
void net_close_bound(int fd, const struct net_address *address);

/* Makes a descriptor that fd= gives non-blocking, and returns it; -errno on failure. */
int net_open_fd(const char *text);

/* Returns the address as text, for messages. */
const char *net_address_text(const struct net_address *address, char *text, size_t size);

#endif
