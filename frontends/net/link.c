/* SPDX-License-Identifier: MIT */
/* Opens sockets, or standard input and output, for programs that control Baya. See link.h. */
#include "frontends/net/link.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bus/clock.h"
#include "devices/board/board.h"
#include "frontends/host/exit_code.h"
#include "frontends/net/filename.h"

#define PATIENCE_MS 2000 /* for how long a client may read nothing */
#define STREAM_CHUNK 256 /* bytes that a blocking pipe or terminal accepts after POLLOUT */

static int link_fail(const struct link_place *place, int failed, struct board_error *error)
{
	const char *what = place->connects ? "connect" : "listen";
	size_t size = sizeof(error->text);
	int used = snprintf(error->text, size, "%s %.200s: cannot %s there: %s; ", place->option,
			    place->text, what, strerror(-failed));

	if (place->address.type == NET_ADDRESS_FD)
		snprintf(error->text + used, size - (size_t)used,
			 "fd= must be a socket that the program which starts Baya has opened");
	else if (place->connects)
		snprintf(error->text + used, size - (size_t)used,
			 "start the other end first, or add server or reconnect=SECONDS");
	else if (place->chardev)
		snprintf(error->text + used, size - (size_t)used, "choose another %s in -chardev",
			 place->address.path ? "path=" : "port=");
	else
		snprintf(error->text + used, size - (size_t)used,
			 "choose another with %s tcp::PORT or %s unix:PATH", place->option,
			 place->option);
	error->exit_code = EXIT_HOST;
	return failed;
}

static void wake_for(struct link *link, int fd, u32 events)
{
	struct epoll_event event = { .events = events };

	epoll_ctl(link->wakes, EPOLL_CTL_ADD, fd, &event);
}

static void wake_by(struct link *link, int fd)
{
	wake_for(link, fd, EPOLLIN);
}

static void use_client(struct link *link, int client)
{
	const int on = 1;

	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	link->in = link->out = client;
	link->awaits = false;
	link->telnet = (struct telnet){ 0 };
	link->half = false;
	if (link->place->telnet)
		send(client, TELNET_GREETING, TELNET_GREETING_SIZE, MSG_DONTWAIT | MSG_NOSIGNAL);
	wake_by(link, client);
}

static int listen_there(struct link *link)
{
	int failed = net_listener_open(&link->listener, &link->place->address);

	if (!failed)
		wake_by(link, link->listener.fd);
	return failed;
}

/* Sets the timer to the time at which the outgoing connection has to be checked again, if any. */
static void wake_for_call(struct link *link)
{
	struct itimerspec alarm = { .it_value = { 0 } };
	u64 due = net_call_due(&link->call), now = clock_host_ns(),
	    rest = due > now ? due - now : 1;

	if (due != UINT64_MAX) {
		alarm.it_value.tv_sec = (time_t)(rest / NS_PER_S);
		alarm.it_value.tv_nsec = (long)(rest % NS_PER_S);
	}
	timerfd_settime(link->timer, 0, &alarm, NULL);
	if (link->call.fd >= 0)
		wake_for(link, link->call.fd, EPOLLOUT);
}

/* Begins to connect to a server. The machine starts even if no server answers. */
static int begin_call(struct link *link)
{
	int failed = net_call_begin(&link->call, &link->place->address, link->place->reconnect);

	if (failed)
		return failed;
	link->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (link->timer < 0)
		return -errno;
	wake_by(link, link->timer);
	wake_for_call(link);
	return 0;
}

/* Checks an outgoing connection; returns whether it has been made. */
static bool look_at_call(struct link *link)
{
	struct pollfd due = { .fd = link->wakes, .events = POLLIN };
	int peer;

	if (poll(&due, 1, 0) <= 0)
		return false;
	if (link->call.fd >= 0)
		epoll_ctl(link->wakes, EPOLL_CTL_DEL, link->call.fd, NULL);
	peer = net_call_poll(&link->call);
	if (peer >= 0)
		use_client(link, peer);
	wake_for_call(link);
	return peer >= 0;
}

static int connect_there(struct link *link)
{
	int peer;

	if (link->place->reconnect)
		return begin_call(link);
	peer = net_connect_wait(&link->place->address);
	if (peer < 0)
		return peer;
	use_client(link, peer);
	return 0;
}

static int open_stdio(struct link *link)
{
	link->in = STDIN_FILENO;
	link->out = STDOUT_FILENO;
	wake_by(link, link->in);
	return 0;
}

static void link_join(struct link *link, struct link **links)
{
	link->links = links;
	while (links && *links)
		links = &(*links)->next_link;
	if (links)
		*links = link;
}

static void link_leave(struct link *link)
{
	struct link **at = link->links;

	while (at && *at && *at != link)
		at = &(*at)->next_link;
	if (at && *at)
		*at = link->next_link;
}

int link_open(struct link *link, const struct link_place *place, struct link **links,
	      struct board_error *error)
{
	int failed;

	*link = (struct link){ .place = place, .listener = NET_LISTENER_NONE, .in = -1, .out = -1,
			       .next = -1, .call = NET_CALL_NONE, .timer = -1 };
	link->wakes = epoll_create1(EPOLL_CLOEXEC);
	if (link->wakes < 0)
		return link_fail(place, -errno, error);
	failed = place->kind == LINK_STDIO ? open_stdio(link) :
		 place->connects           ? connect_there(link) :
					     listen_there(link);
	link->awaits = !failed && place->waits && link->listener.fd >= 0;
	if (link->awaits)
		fprintf(stderr, "baya: %s %s: waiting for a client; nowait would start at once\n",
			place->option, place->text);
	if (!failed) {
		link_join(link, links);
		return 0;
	}
	link_close(link);
	return link_fail(place, failed, error);
}

void link_close(struct link *link)
{
	link_leave(link);
	link_drop(link);
	net_call_end(&link->call);
	if (link->timer >= 0)
		close(link->timer);
	if (link->next >= 0)
		close(link->next);
	net_listener_close(&link->listener);
	close(link->wakes);
}

bool link_connected(const struct link *link)
{
	return link->in >= 0;
}

bool link_awaits(const struct link *links)
{
	while (links && !links->awaits)
		links = links->next_link;
	return links;
}

static struct net_end link_end(const struct link *link)
{
	return (struct net_end){
		.address = &link->place->address,
		.listener = &link->listener,
		.server = !link->place->connects,
		.telnet = link->place->telnet,
		.connected = link_connected(link),
	};
}

void link_filename(const struct link *link, FILE *out)
{
	const struct net_end end = link_end(link);

	if (link->place->kind == LINK_STDIO)
		fputs("stdio", out);
	else
		net_end_filename(&end, out);
}

void link_info(const struct link *links, FILE *out)
{
	for (const struct link *link = links; link; link = link->next_link) {
		const struct net_end end = link_end(link);

		fprintf(out, "%s: ", link->place->label);
		if (link->place->kind == LINK_STDIO) {
			fprintf(out, "stdio");
		} else {
			fprintf(out, "socket");
			net_end_info(&end, out);
		}
		fprintf(out, "%s\n", link_connected(link) ? "" : ", not connected");
	}
}

void link_drop(struct link *link)
{
	if (!link_connected(link))
		return;
	if (link->place->kind == LINK_STDIO)
		epoll_ctl(link->wakes, EPOLL_CTL_DEL, link->in, NULL);
	else
		close(link->in);
	link->in = link->out = -1;
	if (link->timer >= 0) {
		net_call_again(&link->call);
		wake_for_call(link);
	}
	if (link->listener.fd >= 0)
		wake_by(link, link->listener.fd); /* adding it twice does no harm */
}

/* Returns whether the client has closed its side; there may still be bytes to read. */
static bool has_gone(const struct link *link)
{
	struct pollfd client = { .fd = link->in, .events = POLLRDHUP };

	return link_connected(link) && poll(&client, 1, 0) > 0;
}

bool link_accept(struct link *link, int *other)
{
	int client = link->next;

	if (link->timer >= 0)
		return !link_connected(link) && look_at_call(link);
	if (link->listener.fd < 0 || (!other && link_connected(link)))
		return false;
	link->next = -1;
	if (client < 0)
		client = net_listener_accept(&link->listener);
	if (client < 0)
		return false;
	if (has_gone(link)) {
		link->next = client;
		return false;
	}
	if (link_connected(link)) {
		*other = client;
		return false;
	}
	if (!other)
		epoll_ctl(link->wakes, EPOLL_CTL_DEL, link->listener.fd, NULL);
	use_client(link, client);
	return true;
}

long link_read(struct link *link, void *data, size_t size)
{
	struct pollfd in = { .fd = link->in, .events = POLLIN };
	ssize_t got;

	if (link->in < 0 || poll(&in, 1, 0) <= 0)
		return 0;
	got = read(link->in, data, size);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got > 0 && link->place->telnet)
		return (long)telnet_strip(&link->telnet, data, (size_t)got);
	return got > 0 ? got : -1;
}

static long put_now(struct link *link, const void *data, size_t size)
{
	bool stream = link->place->kind == LINK_STDIO;
	struct pollfd out = { .fd = link->out, .events = POLLOUT };
	ssize_t put;

	if (stream && poll(&out, 1, 0) <= 0)
		return 0;
	put = stream ? write(link->out, data, MIN(size, (size_t)STREAM_CHUNK)) :
		       send(link->out, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return put;
}

/* Sends the byte 255 as two IACs. If there is room only for the first one, the next call sends the
 * second. Returns 1 when both are sent, 0 if they are not yet, or a negative number on errors. */
static long put_iac(struct link *link)
{
	static const u8 iac[] = { TELNET_IAC, TELNET_IAC };
	long put = put_now(link, iac, link->half ? 1 : 2);

	if (put <= 0)
		return put;
	link->half = !link->half && put == 1;
	return !link->half;
}

long link_put(struct link *link, const void *data, size_t size)
{
	size_t plain = link->place->telnet ? telnet_plain(data, size) : size;

	return plain || !size ? put_now(link, data, plain) : put_iac(link);
}

void link_want(struct link *link, bool write)
{
	struct epoll_event event = { .events = write ? EPOLLOUT : EPOLLIN };

	if (!link_connected(link))
		return;
	epoll_ctl(link->wakes, EPOLL_CTL_DEL, link->in, NULL);
	epoll_ctl(link->wakes, EPOLL_CTL_DEL, link->out, NULL);
	epoll_ctl(link->wakes, EPOLL_CTL_ADD, write ? link->out : link->in, &event);
}

void link_write(struct link *link, const void *data, size_t size)
{
	const u8 *bytes = data;

	while (size && link_connected(link)) {
		struct pollfd out = { .fd = link->out, .events = POLLOUT };
		long put = poll(&out, 1, PATIENCE_MS) > 0 ? link_put(link, bytes, size) : -1;

		if (put < 0) {
			link_drop(link);
			return;
		}
		bytes += put;
		size -= (size_t)put;
	}
}
