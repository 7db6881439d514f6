/* SPDX-License-Identifier: MIT */
/* See net/call.h. */
#include "frontends/net/call.h"

#include <errno.h>
#include <unistd.h>

#include "bus/clock.h"
#include "frontends/host/pollset.h"

#define CONNECT_NS (10 * NS_PER_S)
#define BUSY_NS (NS_PER_S / 10)

static void begin_at(struct net_call *call, u64 when)
{
	call->when = when;
	call->limit = when + CONNECT_NS;
}

int net_call_begin(struct net_call *call, const struct net_address *address, u64 reconnect)
{
	int count;

	*call = NET_CALL_NONE;
	count = net_resolve_all(address, SOCK_STREAM, call->found);
	if (count < 0)
		return count;
	call->count = (unsigned)count;
	call->pause = reconnect * NS_PER_S;
	begin_at(call, clock_host_ns());
	return 0;
}

void net_call_again(struct net_call *call)
{
	call->next = 0;
	if (call->pause)
		begin_at(call, clock_host_ns() + call->pause);
}

void net_call_end(struct net_call *call)
{
	if (call->fd >= 0)
		close(call->fd);
	call->fd = -1;
	call->when = UINT64_MAX;
}

/* Returns the descriptor of a non-blocking connect() that has succeeded, or -errno; -EAGAIN if it
 * is not complete yet. */
static int look_at(int fd)
{
	struct pollfd peer = { .fd = fd, .events = POLLOUT };
	socklen_t size = sizeof(int);
	int failed = 0;

	if (poll(&peer, 1, 0) <= 0)
		return -EAGAIN;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size))
		return -errno;
	return failed ? -failed : fd;
}

/* Starts a connection or checks the one that is being made. A Unix socket whose backlog is full
 * refuses at once with EAGAIN (connect(2)), and is tried again later. */
static int net_call_attempt(struct net_call *call)
{
	int made = call->fd < 0 ? net_connect_to(&call->found[call->next]) : call->fd;

	call->fd = MAX(made, -1);
	if (made == -EAGAIN)
		call->when = clock_host_ns() + BUSY_NS;
	if (made >= 0)
		made = look_at(made);
	return made == -EAGAIN && clock_host_ns() >= call->limit ? -ETIMEDOUT : made;
}

int net_call_poll(struct net_call *call)
{
	int made = -EAGAIN;

	while (clock_host_ns() >= call->when) {
		made = net_call_attempt(call);
		if (made == -EAGAIN)
			break;
		if (made >= 0)
			call->fd = -1;
		net_call_end(call);
		if (made >= 0)
			break;
		if (++call->next < call->count)
			begin_at(call, clock_host_ns());
		else
			net_call_again(call);
	}
	return made < 0 && call->when != UINT64_MAX ? -EAGAIN : made;
}

u64 net_call_due(const struct net_call *call)
{
	return call->fd >= 0 ? call->limit : call->when;
}

void net_call_wait(const struct net_call *call, struct pollset *set)
{
	u64 until = net_call_due(call), now = clock_host_ns();

	if (call->fd >= 0)
		pollset_add(set, call->fd, POLLOUT);
	if (until != UINT64_MAX)
		set->ns = MIN(set->ns, until > now ? until - now : 0);
}

static bool wait_for(const struct net_call *call, struct pollset *set)
{
	pollset_clear(set);
	net_call_wait(call, set);
	errno = 0;
	return pollset_wait(set) || errno != EINTR;
}

/* Returns the descriptor given by fd=, which must be a stream socket, or -errno. */
static int take_given(const struct net_address *address)
{
	int fd = net_open_fd(address->fd), type = 0;
	socklen_t size = sizeof(type);

	if (fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size))
		return -errno;
	return fd < 0 || type == SOCK_STREAM ? fd : -EPROTOTYPE;
}

int net_connect_wait(const struct net_address *address)
{
	struct pollset set = { 0 };
	struct net_call call;
	int made;

	if (address->type == NET_ADDRESS_FD)
		return take_given(address);
	made = net_call_begin(&call, address, 0);
	if (made)
		return made;
	do
		made = net_call_poll(&call);
	while (made == -EAGAIN && wait_for(&call, &set));
	net_call_end(&call);
	pollset_free(&set);
	return made == -EAGAIN ? -EINTR : made;
}
