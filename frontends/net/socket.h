/* SPDX-License-Identifier: MIT */
/* Sockets for networks, from addresses of the command line. None of them blocks. */
#ifndef FRONTENDS_NET_SOCKET_H
#define FRONTENDS_NET_SOCKET_H

#include <sys/socket.h>

#include "frontends/net/options.h"

struct net_sockaddr {
	struct sockaddr_storage address;
	socklen_t size; /* 0: none */
};

#define NET_FOUND_MAX 4

/* Look up what the address names, which may take its time: 0 with the first, or how many; else
 * -errno. */
int net_resolve(const struct net_address *address, int type, struct net_sockaddr *found);
int net_resolve_all(const struct net_address *address, int type,
		    struct net_sockaddr found[NET_FOUND_MAX]);

/* Each returns a descriptor or -errno. A connection may still be under way: it can be written to
 * when it is there, and SO_ERROR says whether. */
int net_connect_to(const struct net_sockaddr *found);
int net_connect_unix(const char *path);
int net_listen(const struct net_address *address);
int net_bind_dgram(const struct net_address *address);

/* Close what net_listen or net_bind_dgram opened, and remove its name; -1 is accepted. */
void net_close_bound(int fd, const struct net_address *address);

/* One that is open already, as fd= has it. */
int net_open_fd(const char *text);

/* The address as text, for messages. */
const char *net_address_text(const struct net_address *address, char *text, size_t size);

#endif
