/* SPDX-License-Identifier: MIT */
/* Sockets for networks, from addresses of the command line. None of them blocks. */
#ifndef FRONTENDS_NET_SOCKET_H
#define FRONTENDS_NET_SOCKET_H

#include <sys/socket.h>

#include "frontends/net_options.h"

struct net_sockaddr {
	struct sockaddr_storage address;
	socklen_t size; /* 0: none */
};

/* Look up what the address names. 0 or -errno. */
int net_resolve(const struct net_address *address, int type, struct net_sockaddr *found);

/* Each returns a descriptor or -errno. A connection may still be under way: it can be written to
 * when it is there, and SO_ERROR says whether. */
int net_connect(const struct net_address *address);
int net_listen(const struct net_address *address);
int net_bind_dgram(const struct net_address *address);

/* As net_connect, and wait up to ten seconds until the connection is there. */
int net_connect_wait(const struct net_address *address);

/* Close what net_listen or net_bind_dgram opened, and remove its name; -1 is accepted. */
void net_close_bound(int fd, const struct net_address *address);

/* One that is open already, as fd= has it. */
int net_open_fd(const char *text);

/* The address as text, for messages. */
const char *net_address_text(const struct net_address *address, char *text, size_t size);

#endif
