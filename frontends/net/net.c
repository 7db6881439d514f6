/* SPDX-License-Identifier: MIT */
/*
 * Opens the networks of a run in the order of the command line, and connects each to a card or to a
 * hub. Frames that a card cannot accept yet wait here. Everything else depends on the network's
 * kind.
 */
#include "frontends/net/net.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bus/clock.h"
#include "bus/platform.h"
#include "frontends/host/complain.h"
#include "frontends/net/port.h"

struct net_set {
	struct board *board;
	struct net_port ports[NETDEVS_MAX];
	unsigned count;
	struct journal *journal;
	const struct clock *clock;
	struct pollset poll;
};

static const struct net_kind *const kinds[NETDEV_KINDS] = {
	[NETDEV_USER] = &net_user,	 [NETDEV_STREAM] = &net_stream,
	[NETDEV_DGRAM] = &net_dgram,	 [NETDEV_HUBPORT] = &net_hubport,
	[NETDEV_TAP] = &net_tap,
};

static void absent_info(struct net_port *port, FILE *out)
{
	(void)port;
	fprintf(out, ": its frames are those of the recording that is replayed\n");
}

/* The network of a replay: frames for the guest come from the journal, and the guest's own frames
 * are dropped. */
static const struct net_kind net_absent = { .info = absent_info };

int net_port_fail(struct net_port *port, int failed, struct board_error *error, const char *format,
		  ...)
{
	va_list args;

	snprintf(error->text, sizeof(error->text),
		 "-netdev %s: ", netdev_name(port->options->kind));
	va_start(args, format);
	failed = complain_append(error, failed, format, args);
	va_end(args);
	return failed;
}

static void net_dump(struct net_port *port, const u8 *frame, size_t size)
{
	for (unsigned n = 0; n < port->pcap_count; n++)
		pcap_write(&port->pcaps[n], clock_peek(port->clock), frame, size);
}

void net_port_receive(struct net_port *port, const u8 *frame, size_t size)
{
	if (size < NET_HEADER_SIZE || size > NET_FRAME_MAX || port->unplugged)
		return;
	net_dump(port, frame, size);
	if (port->peer)
		net_port_send(port->peer, frame, size);
	else if (port->card)
		net_queue_add(&port->queue, frame, size);
}

void net_port_send(struct net_port *port, const u8 *frame, size_t size)
{
	if (port->unplugged)
		return;
	net_dump(port, frame, size);
	if (port->kind->send)
		port->kind->send(port, frame, size);
}

bool net_port_full(const struct net_port *port)
{
	return port->queue.end - port->queue.start >= NET_QUEUE_FULL;
}

/* Sends a frame of the guest to the network. Called by the card. */
static void card_send(void *ctx, const u8 *frame, size_t size)
{
	net_port_send(ctx, frame, size);
}

static void plug_card(struct net_port *port, struct board *board)
{
	struct net *card;

	for (unsigned n = 0; (card = board_net(board, n)); n++)
		if (card->netdev && !strcmp(card->netdev, port->options->id))
			port->card = card;
	if (!port->card)
		return;
	port->card->large = port->kind->large;
	port->card->ctx = port;
	port->card->send = card_send;
}

/* Connects those ports of hubs that lead to another network. */
static void connect_hubs(struct net_set *set)
{
	for (unsigned n = 0; n < set->count; n++) {
		const struct netdev_options *options = set->ports[n].options;
		const struct net_hubport *hubport = options->settings;

		if (options->kind != NETDEV_HUBPORT || !hubport->netdev)
			continue;
		for (unsigned i = 0; i < set->count; i++)
			if (!strcmp(set->ports[i].options->id, hubport->netdev)) {
				set->ports[i].peer = &set->ports[n];
				set->ports[n].peer = &set->ports[i];
			}
	}
}

static u64 date_of(const struct clock *clock, const struct rtc_config *rtc)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return rtc_date(rtc, clock->mode,
			(u64)now.tv_sec * NS_PER_S + (u64)now.tv_nsec - clock_peek(clock));
}

static int open_dumps(struct net_port *port, const struct net_options *options, u64 date,
		      struct board_error *error)
{
	for (unsigned n = 0; n < options->dump_count; n++) {
		const struct net_dump *wanted = &options->dumps[n];
		struct pcap *pcap = &port->pcaps[port->pcap_count];
		int failed;

		if (strcmp(wanted->netdev, port->options->id))
			continue;
		if (port->pcap_count == ARRAY_SIZE(port->pcaps))
			return net_port_fail(port, -ENOSPC, error, "more than %zu filter-dumps",
					     ARRAY_SIZE(port->pcaps));
		*pcap = (struct pcap){ .output.path = wanted->file, .date = date,
				       .length = (u32)wanted->length };
		failed = pcap_open(pcap);
		if (failed)
			return net_port_fail(port, failed, error, "cannot write frames to '%s': %s",
					     wanted->file, strerror(-failed));
		port->pcap_count++;
	}
	return 0;
}

static int open_port(struct net_port *port, struct board *board, bool absent,
		     struct board_error *error)
{
	int failed;

	plug_card(port, board);
	if (absent)
		port->kind = &net_absent;
	if (!net_queue_open(&port->queue, NET_QUEUE_SIZE))
		return net_port_fail(port, -ENOMEM, error, "not enough host memory");
	failed = port->kind->open ? port->kind->open(port, error) : 0;
	if (failed)
		return failed;
	port->open = true;
	return 0;
}

int net_open(struct net_set **made, struct board *board, const struct net_options *options,
	     const struct rtc_config *rtc, struct board_error *error)
{
	struct net_set *set = calloc(1, sizeof(*set));
	u64 date = date_of(&board_platform(board)->clock, rtc);
	int failed = 0;

	*made = set;
	if (!set)
		return board_error_memory(error);
	set->board = board;
	set->journal = &board_platform(board)->journal;
	set->clock = &board_platform(board)->clock;
	for (unsigned n = 0; !failed && n < options->netdev_count; n++) {
		struct net_port *port = &set->ports[set->count++];

		port->options = &options->netdevs[n];
		port->kind = kinds[port->options->kind];
		port->ports = set->ports;
		port->clock = set->clock;
		failed = open_dumps(port, options, date, error);
		if (!failed)
			failed = open_port(port, board, options->absent, error);
	}
	for (unsigned n = 0; n < set->count; n++)
		set->ports[n].port_count = set->count;
	connect_hubs(set);
	return failed;
}

bool net_close(struct net_set *set)
{
	bool lost = false;

	for (unsigned n = 0; set && n < set->count; n++) {
		struct net_port *port = &set->ports[n];

		if (port->card)
			port->card->send = NULL;
		if (port->open && port->kind->close)
			port->kind->close(port);
		for (unsigned i = 0; i < port->pcap_count; i++)
			lost |= pcap_close(&port->pcaps[i]);
		lost |= port->lost;
		net_queue_close(&port->queue);
	}
	if (set)
		pollset_free(&set->poll);
	free(set);
	return lost;
}

bool net_awaits(struct net_set *set, struct pollset *poll)
{
	bool awaits = false;

	for (unsigned n = 0; n < set->count; n++)
		if (set->ports[n].kind->awaits)
			awaits |= set->ports[n].kind->awaits(&set->ports[n], poll);
	return awaits;
}

void net_fill_pollset(struct net_set *set, struct pollset *poll)
{
	for (unsigned n = 0; n < set->count; n++)
		if (set->ports[n].kind->fill_pollset)
			set->ports[n].kind->fill_pollset(&set->ports[n], poll);
}

void net_poll(struct net_set *set)
{
	if (!set->count)
		return;
	pollset_clear(&set->poll);
	net_fill_pollset(set, &set->poll);
	set->poll.ns = 0;
	pollset_wait(&set->poll);
	for (unsigned n = 0; n < set->count; n++)
		if (set->ports[n].kind->poll)
			set->ports[n].kind->poll(&set->ports[n], &set->poll);
}

static void net_feed_card(struct net_port *port, struct journal *journal)
{
	struct net_queue *queue = &port->queue;
	size_t size;

	while (net_queue_waits(queue)) {
		const u8 *row = queue->bytes + queue->start;

		size = net_ready(port->card, row, queue->end - queue->start);
		if (!size)
			return;
		net_put(port->card, journal, row, size);
		net_queue_skip(queue, size);
	}
}

void net_feed(struct net_set *set)
{
	for (unsigned n = 0; n < set->count; n++)
		if (net_queue_waits(&set->ports[n].queue))
			net_feed_card(&set->ports[n], set->journal);
}

static void info_card(const struct net *card, FILE *out)
{
	const struct net_stats *stats = &card->stats;
	const u8 *mac = card->mac;

	fputs(card->name, out);
	if (card->id)
		fprintf(out, " (%s)", card->id);
	fprintf(out, ": virtio-net, mac %02x:%02x:%02x:%02x:%02x:%02x, link %s\n", mac[0], mac[1],
		mac[2], mac[3], mac[4], mac[5], card->link ? "up" : "down");
	fprintf(out,
		"  sent %llu frames, %llu bytes; received %llu, %llu bytes; malformed %llu; "
		"no buffer for %llu\n",
		stats->sent, stats->sent_bytes, stats->received, stats->received_bytes, stats->bad,
		stats->dropped);
}

void net_info(struct net_set *set, FILE *out)
{
	const struct net *card;

	if (!set->count && !board_net(set->board, 0))
		fprintf(out, "there is no network; -nic user gives the machine one\n");
	for (unsigned n = 0; n < set->count; n++) {
		struct net_port *port = &set->ports[n];

		if (port->card)
			info_card(port->card, out);
		fprintf(out, "%s%s: %s%s", port->card ? " \\ " : "", port->options->id,
			netdev_name(port->options->kind), port->unplugged ? ", link down" : "");
		port->kind->info(port, out);
		if (port->queue.lost)
			fprintf(out, "  %llu frames were too many at once\n", port->queue.lost);
	}
	for (unsigned n = 0; (card = board_net(set->board, n)); n++)
		if (!card->netdev)
			info_card(card, out);
}

/* Finds a card by its id=, or by the name that every card has. */
static struct net *find_card(const struct net_set *set, const char *id, bool by_id)
{
	struct net *card;

	for (unsigned n = 0; (card = board_net(set->board, n)); n++) {
		const char *name = by_id ? card->id : card->name;

		if (name && !strcmp(name, id))
			return card;
	}
	return NULL;
}

static struct net_port *find_port(struct net_set *set, const char *id)
{
	for (unsigned n = 0; n < set->count; n++)
		if (!strcmp(set->ports[n].options->id, id))
			return &set->ports[n];
	return NULL;
}

bool net_link(struct net_set *set, const char *id, bool link)
{
	struct net *card = find_card(set, id, true);
	struct net_port *port = card ? NULL : find_port(set, id);

	if (!card)
		card = port ? port->card : find_card(set, id, false);
	if (card)
		net_put_link(card, set->journal, link);
	else if (port)
		port->unplugged = !link;
	return card || port;
}

int net_forward_port(struct net_set *set, const char *id, const struct net_forward *forward,
		     bool add)
{
	for (unsigned n = 0; n < set->count; n++) {
		struct net_port *port = &set->ports[n];

		if (port->kind->forward && (!id || !strcmp(port->options->id, id)))
			return port->kind->forward(port, forward, add);
	}
	return -ENODEV;
}
