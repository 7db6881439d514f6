/* SPDX-License-Identifier: MIT */
/* See net/socket.h. */
#include "frontends/net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4

static int resolve_unix(const struct net_address *address, struct net_sockaddr *found)
{
	struct sockaddr_un *name = (struct sockaddr_un *)&found->address;
	size_t length = strlen(address->path);

	if (length + address->abstract >= sizeof(name->sun_path))
		return -ENAMETOOLONG;
	name->sun_family = AF_UNIX;
	memcpy(name->sun_path + address->abstract, address->path, length);
	found->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
	return 0;
}

static int resolve_inet(const struct net_address *address, int type,
			struct net_sockaddr found[NET_FOUND_MAX])
{
	const struct addrinfo hints = { .ai_socktype = type };
	struct addrinfo *list = NULL;
	int failed = getaddrinfo(address->host, address->port, &hints, &list), count = 0;

	if (failed)
		return failed == EAI_SYSTEM ? -errno : -EADDRNOTAVAIL;
	for (struct addrinfo *at = list; at && count < NET_FOUND_MAX; at = at->ai_next, count++) {
		memcpy(&found[count].address, at->ai_addr, at->ai_addrlen);
		found[count].size = at->ai_addrlen;
	}
	freeaddrinfo(list);
	return count;
}

int net_resolve_all(const struct net_address *address, int type,
		    struct net_sockaddr found[NET_FOUND_MAX])
{
	int failed;

	memset(found, 0, NET_FOUND_MAX * sizeof(*found));
	if (address->type != NET_ADDRESS_UNIX)
		return resolve_inet(address, type, found);
	failed = resolve_unix(address, found);
	return failed ? failed : 1;
}

int net_resolve(const struct net_address *address, int type, struct net_sockaddr *found)
{
	struct net_sockaddr all[NET_FOUND_MAX];
	int count = net_resolve_all(address, type, all);

	*found = all[0];
	return MIN(count, 0);
}

int net_open_fd(const char *text)
{
	u64 number;
	int flags;

	if (!keyval_number(text, &number) || number > INT32_MAX)
		return -EBADF;
	flags = fcntl((int)number, F_GETFL);
	if (flags < 0 || fcntl((int)number, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl((int)number, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return (int)number;
}

static int open_socket(const struct net_sockaddr *found, int type)
{
	int fd = socket(found->address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

static int failed_close(int fd)
{
	int failed = -errno;

	close(fd);
	return failed;
}

int net_connect_to(const struct net_sockaddr *found)
{
	int fd = open_socket(found, SOCK_STREAM);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&found->address, found->size) &&
	    errno != EINPROGRESS)
		return failed_close(fd);
	return fd;
}

int net_connect_unix(const char *path)
{
	const struct net_address address = { .type = NET_ADDRESS_UNIX, .path = path };
	struct net_sockaddr found;
	int failed = net_resolve(&address, SOCK_STREAM, &found);

	return failed ? failed : net_connect_to(&found);
}

/* Removes a socket that an earlier run has left behind, if no process accepts connections there. */
static void remove_stale(const struct net_address *address, const struct net_sockaddr *found,
			 int type)
{
	struct stat status;
	int fd;

	if (address->type != NET_ADDRESS_UNIX || address->abstract ||
	    stat(address->path, &status) || !S_ISSOCK(status.st_mode))
		return;
	fd = open_socket(found, type);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)&found->address, found->size) &&
	    errno == ECONNREFUSED)
		unlink(address->path);
	close(fd);
}

static int bind_socket(const struct net_address *address, int type)
{
	const int on = 1;
	struct net_sockaddr found;
	int fd = net_resolve(address, type, &found);

	if (fd)
		return fd;
	remove_stale(address, &found, type);
	fd = open_socket(&found, type);
	if (fd < 0)
		return fd;
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, (struct sockaddr *)&found.address, found.size) ? failed_close(fd) : fd;
}

int net_listen(const struct net_address *address)
{
	int fd = address->type == NET_ADDRESS_FD ? net_open_fd(address->fd) :
						   bind_socket(address, SOCK_STREAM);

	if (fd >= 0 && listen(fd, BACKLOG))
		return failed_close(fd);
	return fd;
}

int net_bind_dgram(const struct net_address *address)
{
	return address->type == NET_ADDRESS_FD ? net_open_fd(address->fd) :
						 bind_socket(address, SOCK_DGRAM);
}

void net_close_bound(int fd, const struct net_address *address)
{
	if (fd < 0)
		return;
	if (address->type == NET_ADDRESS_UNIX && !address->abstract)
		unlink(address->path);
	close(fd);
}

const char *net_address_text(const struct net_address *address, char *text, size_t size)
{
	if (address->type == NET_ADDRESS_INET)
		snprintf(text, size, "%s:%s", address->host ? address->host : "",
			 address->port ? address->port : "");
	else if (address->type == NET_ADDRESS_UNIX)
		snprintf(text, size, "%s", address->path);
	else
		snprintf(text, size, "fd=%s", address->fd);
	return text;
}
