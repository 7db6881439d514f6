/* SPDX-License-Identifier: MIT */
/* Opens sockets for networks, from addresses of the command line. None of them blocks. */
#ifndef FRONTENDS_NET_SOCKET_H
#define FRONTENDS_NET_SOCKET_H

#include <sys/socket.h>

#include "frontends/net/options.h"

struct net_sockaddr {
	struct sockaddr_storage address;
	socklen_t size; /* 0: none */
};

#define NET_FOUND_MAX 4

/* Look up an address, which may take a while. net_resolve finds one and returns 0, net_resolve_all
 * returns how many it found; both else -errno. */
int net_resolve(const struct net_address *address, int type, struct net_sockaddr *found);
int net_resolve_all(const struct net_address *address, int type,
		    struct net_sockaddr found[NET_FOUND_MAX]);

/* Each returns a descriptor or -errno. A connection may still be in progress: the descriptor
 * becomes writable when that has ended, and SO_ERROR tells whether it succeeded. */
int net_connect_to(const struct net_sockaddr *found);
int net_connect_unix(const char *path);
int net_listen(const struct net_address *address);
int net_bind_dgram(const struct net_address *address);

/* Closes what net_listen or net_bind_dgram opened, and removes its name; -1 is accepted. */
void net_close_bound(int fd, const struct net_address *address);

/* Takes a descriptor that is open already, given by fd=. */
int net_open_fd(const char *text);

/* Returns the address as text, for messages. */
const char *net_address_text(const struct net_address *address, char *text, size_t size);

#endif
