/* SPDX-License-Identifier: MIT */
/*
 * Implements -netdev user: libslirp turns the guest's TCP, UDP and ICMP traffic into system calls
 * of this process, and also answers DHCP, DNS, ARP, neighbour discovery and TFTP. It uses the
 * machine's time. Its sockets are waited for together with all others; frames that the guest sends
 * are handled at once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libslirp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/descriptors.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/net/fragments.h"
#include "frontends/net/guestfwd.h"
#include "frontends/net/port.h"
#include "frontends/net/user_sockets.h"

#define NS_PER_MS 1000000
#define TIMER_NEVER INT64_MAX
#define CONFIG_VERSION 4
#define USERS 8 /* a network gets what each of so many devices would get */

/* A timer of libslirp. There are only a few. */
struct user_timer {
	struct user_timer *next;
	SlirpTimerCb fire;
	void *ctx;
	s64 when; /* ms of the machine's time */
};

struct user {
	struct net_port *port;
	const struct net_user *options;
	Slirp *slirp;
	/* In ns: the latest time that libslirp was given, and how far that is ahead of the
	 * machine's time. */
	u64 latest, ahead;
	struct user_timer *timers;
	struct net_guestfwd *guestfwd;
	struct pollset *set; /* the set with libslirp's descriptors; NULL: none */
	struct net_fragments fragments;
	struct user_sockets sockets;
};

static ssize_t send_packet(const void *frame, size_t size, void *ctx)
{
	struct user *user = ctx;

	net_port_receive(user->port, frame, size);
	return (ssize_t)size;
}

/* Ignores a message about an error that the guest has made. */
static void guest_error(const char *text, void *ctx)
{
	(void)text;
	(void)ctx;
}

/* Returns the time for libslirp, which must not go back, although the machine's time does when a
 * state is loaded. */
static int64_t now_ns(void *ctx)
{
	struct user *user = ctx;
	u64 now = clock_peek(user->port->clock) + user->ahead;

	if (now < user->latest) {
		user->ahead += user->latest - now;
		now = user->latest;
	}
	user->latest = now;
	return (int64_t)now;
}

static void *timer_new(SlirpTimerCb fire, void *timer_ctx, void *ctx)
{
	struct user *user = ctx;
	struct user_timer *timer = malloc(sizeof(*timer));

	if (!timer)
		complain_exhausted();
	*timer = (struct user_timer){ user->timers, fire, timer_ctx, TIMER_NEVER };
	user->timers = timer;
	return timer;
}

static void timer_free(void *timer, void *ctx)
{
	struct user *user = ctx;

	for (struct user_timer **at = &user->timers; *at; at = &(*at)->next)
		if (*at == timer) {
			*at = (*at)->next;
			free(timer);
			return;
		}
}

static void timer_mod(void *timer, int64_t when, void *ctx)
{
	(void)ctx;
	((struct user_timer *)timer)->when = when;
}

static void fd_opened(int fd, void *ctx)
{
	user_sockets_opened(&((struct user *)ctx)->sockets, fd);
}

static void fd_closed(int fd, void *ctx)
{
	user_sockets_closed(&((struct user *)ctx)->sockets, fd);
}

static void user_ignore(void *ctx)
{
	(void)ctx;
}

static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = now_ns,
	.timer_new = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = fd_opened,
	.unregister_poll_fd = fd_closed,
	.notify = user_ignore,
};

/* These are libslirp's flags for events, and those of poll() that correspond. */
static const struct {
	int slirp;
	short poll;
} events[] = {
	{ SLIRP_POLL_IN, POLLIN },   { SLIRP_POLL_OUT, POLLOUT }, { SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR }, { SLIRP_POLL_HUP, POLLHUP },
};

static int add_poll(int fd, int wanted, void *ctx)
{
	struct user *user = ctx;
	short bits = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(events); n++)
		if (wanted & events[n].slirp)
			bits |= events[n].poll;
	return (int)pollset_add(user->set, fd, bits);
}

static int get_revents(int index, void *ctx)
{
	struct user *user = ctx;
	short seen = pollset_seen(user->set, (unsigned)index);
	int bits = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(events); n++)
		if (seen & events[n].poll)
			bits |= events[n].slirp;
	return bits;
}

static bool awaits_user(struct net_port *port, struct pollset *set)
{
	return net_guestfwd_awaits(((struct user *)port->self)->guestfwd, set);
}

/* Adds libslirp's sockets and timers to the set. While a card has no room, the sockets are not
 * read, which stops the senders on the host. */
static void fill_pollset_user(struct net_port *port, struct pollset *set)
{
	struct user *user = port->self;
	u32 ms = UINT32_MAX;
	s64 now = now_ns(user) / NS_PER_MS;

	user->set = net_port_full(port) ? NULL : set;
	if (!user->set)
		return;
	net_guestfwd_fill_pollset(user->guestfwd, set);
	slirp_pollfds_fill(user->slirp, &ms, add_poll, user);
	for (const struct user_timer *timer = user->timers; timer; timer = timer->next)
		if (timer->when != TIMER_NEVER)
			ms = (u32)MIN((s64)ms, MAX(timer->when - now, 0));
	if (ms != UINT32_MAX)
		set->ns = MIN(set->ns, (u64)ms * NS_PER_MS);
}

/* Runs the timers that have expired. A timer may set itself again, and others may be made and
 * freed, so the search restarts after each. */
static void fire_timers(struct user *user)
{
	s64 now = now_ns(user) / NS_PER_MS;
	struct user_timer *timer = user->timers;

	while (timer) {
		if (timer->when > now) {
			timer = timer->next;
			continue;
		}
		timer->when = TIMER_NEVER;
		timer->fire(timer->ctx);
		timer = user->timers;
	}
}

static void poll_user(struct net_port *port, struct pollset *set)
{
	struct user *user = port->self;

	if (user->set == set) {
		slirp_pollfds_poll(user->slirp, 0, get_revents, user);
		net_guestfwd_poll(user->guestfwd, set);
	}
	fire_timers(user);
}

static void send_user(struct net_port *port, const u8 *frame, size_t size)
{
	struct user *user = port->self;

	frame = net_fragments_join(&user->fragments, frame, &size);
	if (frame && !net_guestfwd_refuses(user->guestfwd, frame, size) &&
	    !user_sockets_refuse(&user->sockets, frame, size))
		slirp_input(user->slirp, frame, (int)size);
	user_sockets_handled(&user->sockets);
}

/* Reports why the kernel refused a forwarded port, and what to change in the option. The words are
 * QEMU's, by which programs that choose ports know that they should try another one. */
static int forward_failed(struct net_port *port, const struct net_forward *forward, int failed,
			  struct board_error *error)
{
	const char *hint = "";

	if (forward->login) {
		snprintf(error->text, sizeof(error->text),
			 "--ssh=%u: the host refuses this port: %s; give another",
			 forward->host_port, strerror(-failed));
		error->exit_code = EXIT_HOST;
		return failed;
	}
	if (failed == -EADDRINUSE)
		hint = "; give another port before the '-'";
	else if (failed == -EACCES)
		hint = "; ports below 1024 are for root, so give a higher one before the '-'";
	return net_port_fail(port, failed, error,
			     "Could not set up host forwarding rule '%s': %s%s", forward->text,
			     strerror(-failed), hint);
}

static int forward_port(struct net_port *port, const struct net_forward *forward, bool add)
{
	struct user *user = port->self;
	struct in_addr guest = forward->guest.s_addr ? forward->guest : user->options->dhcp_start;
	int failed;

	errno = 0;
	failed = add ? slirp_add_hostfwd(user->slirp, forward->udp, forward->host,
					 forward->host_port, guest, forward->guest_port) :
		       slirp_remove_hostfwd(user->slirp, forward->udp, forward->host,
					    forward->host_port);
	return failed >= 0 ? 0 : errno ? -errno : -EINVAL;
}

/* Adds a forwarded port at the start. A port that is free now can be taken a moment later, so the
 * only way to know is to try. */
static int add_forward(struct net_port *port, const struct net_forward *forward,
		       struct board_error *error)
{
	struct net_forward tried = *forward;
	int failed;

	do
		failed = forward_port(port, &tried, true);
	while (failed == -EADDRINUSE && forward->seeks && ++tried.host_port);
	if (failed)
		return forward_failed(port, forward, failed, error);
	if (forward->login)
		fprintf(stderr, "baya: ssh -p %u %s\n", tried.host_port, forward->login);
	return 0;
}

static int add_forwards(struct net_port *port, struct board_error *error)
{
	struct user *user = port->self;
	const struct net_user *options = user->options;

	for (unsigned n = 0; n < options->forward_count; n++) {
		int failed = add_forward(port, &options->forwards[n], error);

		if (failed)
			return failed;
	}
	return net_guestfwd_open(&user->guestfwd, port, user->slirp, error);
}

/* Starts libslirp. The size of the network's largest packet is that which the card was given
 * (host_mtu=). */
static Slirp *user_start(struct user *user)
{
	const struct net_user *options = user->options;
	const struct net *card = user->port->card;
	SlirpConfig config = {
		.version = CONFIG_VERSION,
		.restricted = options->restricted,
		.in_enabled = options->ipv4,
		.vnetwork = options->net,
		.vnetmask = options->mask,
		.vhost = options->host,
		.in6_enabled = options->ipv6,
		.vprefix_addr6 = options->net6,
		.vprefix_len = options->prefix6,
		.vhost6 = options->host6,
		.vhostname = options->hostname,
		.tftp_server_name = options->tftp_name,
		.tftp_path = options->tftp,
		.bootfile = options->bootfile,
		.vdhcp_start = options->dhcp_start,
		.vnameserver = options->dns,
		.vnameserver6 = options->dns6,
		.vdomainname = options->domain,
		.if_mtu = card ? card->mtu : 0,
		.if_mru = card ? card->mtu : 0,
	};
	const char *search[NET_SEARCH_MAX + 1];

	memcpy(search, options->search, sizeof(search));
	config.vdnssearch = search[0] ? search : NULL;
	return slirp_new(&config, &callbacks, user);
}

static void close_user(struct net_port *port)
{
	struct user *user = port->self;

	port->lost = net_guestfwd_close(user->guestfwd);
	if (user->slirp)
		slirp_cleanup(user->slirp);
	while (user->timers)
		timer_free(user->timers, user);
	user_sockets_free(&user->sockets);
	free(user);
}

static int open_user(struct net_port *port, struct board_error *error)
{
	struct user *user = calloc(1, sizeof(*user));
	int failed;

	if (!user)
		return net_port_fail(port, -ENOMEM, error, "not enough host memory");
	user->port = port;
	/* Devices that open much have three quarters of the descriptors, together; this is less
	 * than half of the rest. */
	user->sockets.most = descriptors_each(USERS);
	user->options = port->options->settings;
	port->self = user;
	user->slirp = user_start(user);
	failed = user->slirp ? add_forwards(port, error) :
			       net_port_fail(port, -EINVAL, error,
					     "libslirp does not accept the network");
	if (failed)
		close_user(port);
	return failed;
}

static void info_user(struct net_port *port, FILE *out)
{
	struct user *user = port->self;
	char net[INET_ADDRSTRLEN], mask[INET_ADDRSTRLEN];
	char *connections = slirp_connection_info(user->slirp);

	inet_ntop(AF_INET, &user->options->net, net, sizeof(net));
	inet_ntop(AF_INET, &user->options->mask, mask, sizeof(mask));
	fprintf(out, ", net %s, mask %s%s\n%s", net, mask,
		user->options->restricted ? ", restricted" : "", connections);
	free(connections);
}

const struct net_kind net_user = {
	.large = true,
	.open = open_user,
	.close = close_user,
	.awaits = awaits_user,
	.send = send_user,
	.fill_pollset = fill_pollset_user,
	.poll = poll_user,
	.forward = forward_port,
	.info = info_user,
};
