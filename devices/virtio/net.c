/* SPDX-License-Identifier: MIT */
/*
 * Serves the chains of a network card: frames that are sent, with the offloads that the driver
 * leaves to the device, and frames that are received. Start at virtio_net_serve; net_control.c has
 * the commands of the control queue.
 */
#include "devices/virtio/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/net/offload.h"
#include "devices/virtio/net_features.h"

#define VIRTIO_ID_NET 1
#define QUEUE_SIZE 256

#define VIRTIO_NET_S_LINK_UP 1

/* 5.1.6 Device Operation */
#define VIRTIO_NET_HDR_F_NEEDS_CSUM 1
#define VIRTIO_NET_HDR_F_DATA_VALID 2

#define VIRTIO_NET_HDR_GSO_NONE 0
#define VIRTIO_NET_HDR_GSO_TCPV4 1
#define VIRTIO_NET_HDR_GSO_TCPV6 4
#define VIRTIO_NET_HDR_GSO_ECN 0x80

#define TCP_CHECKSUM 16 /* its offset in a TCP header */

struct virtio_net_hdr {
	u8 flags;
	u8 gso_type;
	u16 hdr_len; /* a hint, which is ignored: drivers are not trusted */
	u16 gso_size;
	u16 csum_start;
	u16 csum_offset;
	u16 num_buffers;
};

/* Returns the receive queue of a pair; the transmit queue follows it (5.1.2). */
static unsigned receive_queue(unsigned pair)
{
	return 2 * pair;
}

static bool is_receive_queue(unsigned queue)
{
	return queue % 2 == 0;
}

unsigned virtio_net_control_queue(const struct virtio_net *card)
{
	return virtio_negotiated(&card->virtio, VIRTIO_NET_F_MQ) ? 2 * card->pairs : 2;
}

/* Returns the size of a frame's header, which may lack num_buffers if it is legacy (5.1.6.1). */
static size_t header_size(const struct virtio_net *card)
{
	return card->virtio.legacy && !virtio_negotiated(&card->virtio, VIRTIO_NET_F_MRG_RXBUF) ?
		       offsetof(struct virtio_net_hdr, num_buffers) :
		       sizeof(struct virtio_net_hdr);
}

/* Fills in a received frame's header. A merged frame's checksum is left to the driver (5.1.6.4). */
static void fill_header(const struct virtio_net *card, struct virtio_net_hdr *header)
{
	const struct virtio_net_arrival *arrival = &card->arrival;
	const struct net_merged *merged = &arrival->merged;

	*header = (struct virtio_net_hdr){ .num_buffers = (u16)arrival->chains };
	if (merged->size) {
		header->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		header->gso_type = merged->v6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
		header->hdr_len = (u16)merged->headers;
		header->gso_size = (u16)merged->payload;
		header->csum_start = (u16)merged->tcp;
		header->csum_offset = TCP_CHECKSUM;
	} else if (virtio_negotiated(&card->virtio, VIRTIO_NET_F_GUEST_CSUM) &&
		   net_checksum_right(arrival->frame, arrival->size)) {
		header->flags = VIRTIO_NET_HDR_F_DATA_VALID;
	}
}

static enum virtio_served virtio_net_receive(struct virtio_net *card, struct virtq_chain *chain,
					     u32 *written)
{
	struct virtio_net_arrival *arrival = &card->arrival;
	struct virtio_net_hdr header;
	size_t part;

	if (chain->out.count || chain->in.size < header_size(card))
		return VIRTIO_BAD;
	if (!arrival->frame)
		return VIRTIO_WAIT;
	if (!arrival->done) {
		fill_header(card, &header);
		virtq_buffer_write(&chain->in, &header, header_size(card));
		*written = (u32)header_size(card);
	}
	part = MIN(chain->in.size, arrival->size - arrival->done);
	virtq_buffer_write(&chain->in, arrival->frame + arrival->done, part);
	arrival->done += part;
	*written += (u32)part;
	if (arrival->done == arrival->size)
		arrival->frame = NULL;
	return VIRTIO_USED;
}

/* Returns a hash of a frame's flow, which is the same in both directions: see pair_of(). */
static unsigned flow_of(const u8 *frame, size_t size)
{
	u64 sum = 0;

	/* The Ethernet and IPv4 addresses, and the ports if the IPv4 header has no options. */
	for (unsigned n = 0; n < 2 * NET_MAC_SIZE; n++)
		sum += frame[n];
	for (size_t n = 26; n < 38 && n < size; n++)
		sum += frame[n];
	return sum % VIRTIO_NET_FLOWS;
}

static void send_frame(void *ctx, const u8 *frame, size_t size)
{
	struct virtio_net *card = ctx;
	struct net *net = &card->net;

	net->stats.sent++;
	net->stats.sent_bytes += size;
	/* A chain may be divided into many frames. */
	virtio_charge(&card->virtio, PLATFORM_WORK_CALL);
	if (net->send && net->link)
		net->send(net->ctx, frame, size);
}

/*
 * Sends a frame, with the offloads that its header requests (5.1.6.2). Returns false for a frame
 * that is lost, for example because an offload was not negotiated.
 */
static bool finish_frame(struct virtio_net *card, const struct virtio_net_hdr *header, size_t size)
{
	const struct virtio *virtio = &card->virtio;
	u8 type = header->gso_type & ~VIRTIO_NET_HDR_GSO_ECN;
	bool sums = header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	const struct net_segment segment = {
		.frame = card->frame,
		.size = size,
		.tcp = header->csum_start,
		.payload = card->net.large ? NET_FRAME_MAX : header->gso_size,
		.send = send_frame,
		.ctx = card,
	};

	if (size < NET_HEADER_SIZE || (sums && !virtio_negotiated(virtio, VIRTIO_NET_F_CSUM)))
		return false;
	if ((type == VIRTIO_NET_HDR_GSO_TCPV4 &&
	     virtio_negotiated(virtio, VIRTIO_NET_F_HOST_TSO4)) ||
	    (type == VIRTIO_NET_HDR_GSO_TCPV6 && virtio_negotiated(virtio, VIRTIO_NET_F_HOST_TSO6)))
		return sums && net_send_segments(&segment);
	if (header->gso_type != VIRTIO_NET_HDR_GSO_NONE)
		return false;
	if (sums && !net_fill_checksum(card->frame, size, header->csum_start, header->csum_offset))
		return false;
	send_frame(card, card->frame, size);
	return true;
}

static enum virtio_served virtio_net_transmit(struct virtio_net *card, unsigned pair,
					      struct virtq_chain *chain)
{
	struct virtio_net_hdr header;
	size_t size;

	if (chain->in.count || !virtq_buffer_read(&chain->out, &header, header_size(card)))
		return VIRTIO_BAD;
	size = chain->out.size;
	if (size > sizeof(card->frame)) {
		card->net.stats.bad++;
		return VIRTIO_USED;
	}
	virtq_buffer_read(&chain->out, card->frame, size);
	if (size >= NET_HEADER_SIZE)
		card->flows[flow_of(card->frame, size)] = (u8)pair;
	if (!finish_frame(card, &header, size)) {
		card->net.stats.bad++;
		log_line(&card->virtio.platform->log, LOG_GUEST_ERRORS,
			 "%s: malformed frame of %zu bytes", card->virtio.name, size);
	}
	return VIRTIO_USED;
}

static enum virtio_served virtio_net_serve(void *self, unsigned queue, struct virtq_chain *chain,
					   u32 *written)
{
	struct virtio_net *card = self;

	if (queue == virtio_net_control_queue(card))
		return virtio_net_control(card, chain, written);
	return is_receive_queue(queue) ? virtio_net_receive(card, chain, written) :
					 virtio_net_transmit(card, queue / 2, chain);
}

/*
 * Returns the pair for a received frame: that on which the driver last sent one of the same flow.
 */
static unsigned pair_of(const struct virtio_net *card, const u8 *frame, size_t size)
{
	return card->active > 1 ? card->flows[flow_of(frame, size)] % card->active : 0;
}

static bool is_on(const struct virtio_net *card)
{
	return card->virtio.status & VIRTIO_STATUS_DRIVER_OK;
}

/* Returns how many chains the frame needs; 0: there are too few, or the ring is invalid. */
static unsigned chains_for(struct virtio_net *card, unsigned queue, size_t size)
{
	bool mergeable = virtio_negotiated(&card->virtio, VIRTIO_NET_F_MRG_RXBUF);
	u64 bytes = size + header_size(card);
	struct virtq_room room = virtio_room(&card->virtio, queue, bytes);

	if (room.fault)
		virtio_fail(&card->virtio, queue, room.fault, room.position);
	return mergeable || room.chains == 1 ? room.chains : 0;
}

/*
 * Returns whether a frame of this size can be passed on now. It is also true if that will never be
 * possible: a card that is off accepts the frame, and loses it. The host calls this function at any
 * time, so it does not report a violation by the driver; that happens when a frame is put.
 */
static bool has_room(const struct virtio_net *card, size_t size)
{
	bool mergeable = virtio_negotiated(&card->virtio, VIRTIO_NET_F_MRG_RXBUF);
	u64 bytes = mergeable ? size + header_size(card) : 1;

	for (unsigned pair = 0; is_on(card) && pair < card->active; pair++) {
		unsigned queue = receive_queue(pair);
		struct virtq_room room = virtio_room(&card->virtio, queue, bytes);

		if (virtio_queue_live(&card->virtio, queue) && !room.fault && !room.chains)
			return false;
	}
	return true;
}

/* Returns whether the driver accepts the merged frame. */
static bool takes_merged(const struct virtio_net *card, const struct net_merged *merged)
{
	return is_on(card) && virtio_negotiated(&card->virtio, VIRTIO_NET_F_GUEST_CSUM) &&
	       virtio_negotiated(&card->virtio,
				 merged->v6 ? VIRTIO_NET_F_GUEST_TSO6 : VIRTIO_NET_F_GUEST_TSO4);
}

/*
 * Returns how many bytes of the consecutive frames `row` the device accepts now. A driver with few
 * buffers, for which the merged frame never fits, gets them one by one.
 */
static size_t ready(void *self, const u8 *row, size_t size)
{
	struct virtio_net *card = self;
	struct net_merged merged;
	size_t taken = net_mergeable(row, size, &merged), first;
	const u8 *next = row;

	if (taken && takes_merged(card, &merged) && has_room(card, merged.size))
		return taken;
	return net_next(&next, row + size, &first) && has_room(card, first) ? (size_t)(next - row) :
									      0;
}

static bool deliver(struct virtio_net *card, const struct virtio_net_arrival *arrival)
{
	unsigned queue = receive_queue(pair_of(card, arrival->frame, arrival->size));
	unsigned chains = chains_for(card, queue, arrival->size);
	bool done;

	if (!chains)
		return false;
	card->arrival = *arrival;
	card->arrival.chains = chains;
	virtio_kick(&card->virtio, queue);
	done = !card->arrival.frame;
	card->arrival.frame = NULL;
	return done;
}

/*
 * Delivers a frame, into which `frames` of the host's were merged, if the filter accepts it. Counts
 * it as dropped if it cannot be delivered.
 */
static void put_frame(struct virtio_net *card, const struct virtio_net_arrival *arrival,
		      unsigned frames)
{
	struct net_stats *stats = &card->net.stats;
	size_t size = arrival->size;

	if (size < NET_HEADER_SIZE || size > NET_FRAME_MAX || !card->net.link || !is_on(card)) {
		stats->dropped += frames;
		return;
	}
	if (!virtio_net_wanted(card, arrival->frame))
		return;
	if (!deliver(card, arrival)) {
		stats->dropped += frames;
		return;
	}
	stats->received += frames;
	stats->received_bytes += size;
}

static void virtio_net_put(void *ctx, const u8 *row, size_t size)
{
	struct virtio_net *card = ctx;
	struct virtio_net_arrival arrival = { 0 };
	const u8 *at = row;
	unsigned frames = 0;

	while (net_next(&at, row + size, &arrival.size))
		frames++;
	if (frames > 1 && net_merge(row, size, card->frame, &arrival.merged) &&
	    takes_merged(card, &arrival.merged)) {
		arrival.frame = card->frame;
		arrival.size = arrival.merged.size;
		put_frame(card, &arrival, frames);
		return;
	}
	arrival.merged = (struct net_merged){ 0 };
	at = row;
	while ((arrival.frame = net_next(&at, row + size, &arrival.size)))
		put_frame(card, &arrival, 1);
}

static void put_link(void *ctx, const u8 *data, size_t size)
{
	struct virtio_net *card = ctx;
	u16 status = size && data[0] ? VIRTIO_NET_S_LINK_UP : 0;

	card->net.link = status;
	if (card->config.status == status)
		return;
	card->config.status = status;
	virtio_config_changed(&card->virtio);
}

static void virtio_net_reset(void *self)
{
	struct virtio_net *card = self;

	memcpy(card->config.mac, card->mac, NET_MAC_SIZE);
	memset(card->flows, 0, sizeof(card->flows));
	virtio_net_control_reset(card);
}

static const struct virtio_ops net_ops = {
	.device_id = VIRTIO_ID_NET,
	.serve = virtio_net_serve,
	.reset = virtio_net_reset,
};

static const struct state_field net_fields[] = {
	STATE_ARRAY(struct virtio_net, config.mac),
	STATE_FIELD(struct virtio_net, config.status),
	STATE_ARRAY(struct virtio_net, modes),
	{ "unicast.mac", offsetof(struct virtio_net, unicast.mac), 1,
	  VIRTIO_NET_MACS_MAX * NET_MAC_SIZE, false },
	STATE_FIELD(struct virtio_net, unicast.count),
	STATE_FIELD(struct virtio_net, unicast.overflow),
	{ "multicast.mac", offsetof(struct virtio_net, multicast.mac), 1,
	  VIRTIO_NET_MACS_MAX * NET_MAC_SIZE, false },
	STATE_FIELD(struct virtio_net, multicast.count),
	STATE_FIELD(struct virtio_net, multicast.overflow),
	STATE_FIELD(struct virtio_net, active),
	STATE_ARRAY(struct virtio_net, flows),
};

static int net_loaded(void *self)
{
	struct virtio_net *card = self;

	card->net.link = card->config.status == VIRTIO_NET_S_LINK_UP;
	return card->config.status <= VIRTIO_NET_S_LINK_UP &&
			       card->unicast.count <= VIRTIO_NET_MACS_MAX &&
			       card->multicast.count <= VIRTIO_NET_MACS_MAX && card->active &&
			       card->active <= card->pairs ?
		       0 :
		       -EINVAL;
}

static const struct state_type net_type = {
	.version = 1,
	.fields = net_fields,
	.count = ARRAY_SIZE(net_fields),
	.post_load = net_loaded,
};

/*
 * Returns the feature bits that require one of those withheld, and so must not be offered, either
 * (5.1.3.1 Feature bit requirements).
 */
static u64 virtio_net_needy(u64 withheld)
{
	static const struct {
		u64 without, withheld; /* the bits `withheld` need one of the bits `without` */
	} needs[] = {
		{ VIRTIO_NET_F_CSUM, VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 },
		{ VIRTIO_NET_F_GUEST_CSUM, VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 },
		{ VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6, VIRTIO_NET_F_HOST_ECN },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(needs); n++)
		if (!(needs[n].without & ~withheld))
			withheld |= needs[n].withheld;
	return withheld;
}

static u64 features(const struct virtio_net_setup *setup)
{
	u64 bits = VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 |
		   VIRTIO_NET_F_HOST_ECN | VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 |
		   VIRTIO_NET_F_GUEST_TSO6 | VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_MAC |
		   VIRTIO_NET_F_STATUS | VIRTIO_NET_F_CTRL_VQ | VIRTIO_NET_F_CTRL_RX |
		   VIRTIO_NET_F_CTRL_RX_EXTRA | VIRTIO_NET_F_CTRL_MAC_ADDR;

	bits |= setup->mtu ? VIRTIO_NET_F_MTU : 0;
	bits |= setup->pairs > 1 ? VIRTIO_NET_F_MQ : 0;
	return bits & ~virtio_net_needy(setup->withheld);
}

static void virtio_net_connect(struct virtio_net *card, struct journal *journal)
{
	const struct journal_sink frames = { .name = card->part,
					     .put = virtio_net_put,
					     .ctx = card };
	const struct journal_sink link = { .name = card->link_part, .put = put_link, .ctx = card };

	card->net.ready = ready;
	card->net.card = card;
	card->net.mac = card->config.mac;
	card->net.name = card->virtio.name;
	card->net.mtu = card->config.mtu;
	card->net.link = true;
	card->net.sink = journal_register(journal, &frames);
	card->net.link_sink = journal_register(journal, &link);
}

void virtio_net_init(struct virtio_net *card, struct platform *platform,
		     const struct virtio_net_setup *setup)
{
	const struct virtio_setup core = {
		.ops = &net_ops,
		.self = card,
		.name = setup->name,
		.features = features(setup),
		.queue_count = 2 * setup->pairs + 1,
		.queue_size = QUEUE_SIZE,
		.config = &card->config,
		.config_size = sizeof(card->config),
	};

	assert(setup->pairs && setup->pairs <= VIRTIO_NET_PAIRS_MAX);
	*card = (struct virtio_net){ .pairs = setup->pairs };
	memcpy(card->mac, setup->mac, NET_MAC_SIZE);
	card->config = (struct virtio_net_config){
		.status = VIRTIO_NET_S_LINK_UP,
		.max_virtqueue_pairs = (u16)setup->pairs,
		.mtu = setup->mtu,
	};
	virtio_init(&card->virtio, platform, &core);
	for (unsigned n = 0; n < setup->pairs; n++) {
		virtio_set_queue_size(&card->virtio, receive_queue(n),
				      setup->rx_size ? setup->rx_size : QUEUE_SIZE);
		virtio_set_queue_size(&card->virtio, receive_queue(n) + 1,
				      setup->tx_size ? setup->tx_size : QUEUE_SIZE);
	}
	snprintf(card->part, sizeof(card->part), "%s.net", card->virtio.name);
	snprintf(card->link_part, sizeof(card->link_part), "%s.link", card->virtio.name);
	virtio_net_connect(card, &platform->journal);
	virtio_net_reset(card);
	state_register(&platform->state, card->part, &net_type, card);
}

static int virtio_net_check(struct device_setup *setup)
{
	const struct virtio_net_properties *properties = setup->properties;
	const u64 sizes[] = { properties->rx_queue_size, properties->tx_queue_size };

	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++)
		if (sizes[n] & (sizes[n] - 1))
			return device_fail(setup, -EINVAL,
					   "%cx_queue_size: '%llu' is no power of two; give 256, "
					   "512 or 1024",
					   "rt"[n], sizes[n]);
	return 0;
}

#define FIELD(member) offsetof(struct virtio_net_properties, member)
#define FEATURE(word, bit)                                                                         \
	{ .name = word, .kind = KEY_SWITCH, .accepted = "on|off", .initial = true,                 \
	  .offset = FIELD(features) + __builtin_ctzll(bit) }
/* A key for a feature whose values make no difference here. */
#define IGNORED(word, values)                                                                       \
	{ .name = word, .kind = KEY_SWITCH, .offset = FIELD(ignored), .accepted = values }

static const struct key virtio_net_keys[] = {
	{ .name = "netdev", .kind = KEY_TEXT, .offset = FIELD(netdev), .accepted = "ID",
	  .role = DEVICE_NAMES_NETDEV },
	{ .name = "mac", .kind = KEY_MAC, .offset = FIELD(mac), .accepted = "ADDRESS" },
	{ .name = "host_mtu", .kind = KEY_NUMBER, .offset = FIELD(mtu), .accepted = "BYTES",
	  .min = 68, .max = 65520 },
	{ .name = "mq", .kind = KEY_SWITCH, .offset = FIELD(multiqueue), .accepted = "on|off" },
	FEATURE("mrg_rxbuf", VIRTIO_NET_F_MRG_RXBUF),
	FEATURE("csum", VIRTIO_NET_F_CSUM),
	FEATURE("host_tso4", VIRTIO_NET_F_HOST_TSO4),
	FEATURE("host_tso6", VIRTIO_NET_F_HOST_TSO6),
	FEATURE("host_ecn", VIRTIO_NET_F_HOST_ECN),
	FEATURE("guest_csum", VIRTIO_NET_F_GUEST_CSUM),
	FEATURE("guest_tso4", VIRTIO_NET_F_GUEST_TSO4),
	FEATURE("guest_tso6", VIRTIO_NET_F_GUEST_TSO6),
	IGNORED("status", "on"),
	IGNORED("ctrl_vq", "on"),
	IGNORED("ctrl_rx", "on"),
	IGNORED("ctrl_rx_extra", "on"),
	IGNORED("ctrl_mac_addr", "on"),
	IGNORED("ctrl_vlan", "off"),
	IGNORED("ctrl_guest_offloads", "off"),
	IGNORED("guest_ecn", "off"),
	IGNORED("guest_ufo", "off"),
	IGNORED("host_ufo", "off"),
	IGNORED("guest_rsc_ext", "off"),
	IGNORED("rss", "off"),
	IGNORED("hash", "off"),
	IGNORED("failover", "off"),
	/* gso is for older drivers, and guest_announce is for machines that migrate. */
	IGNORED("gso", "on|off"),
	IGNORED("guest_announce", "on|off"),
	{ .name = "rx_queue_size", .kind = KEY_NUMBER, .offset = FIELD(rx_queue_size),
	  .accepted = "N", .min = 256, .max = VIRTQ_SIZE_MAX, .initial = QUEUE_SIZE },
	{ .name = "tx_queue_size", .kind = KEY_NUMBER, .offset = FIELD(tx_queue_size),
	  .accepted = "N", .min = 256, .max = VIRTQ_SIZE_MAX, .initial = QUEUE_SIZE },
};

/* Returns the feature bits whose keys are off. */
static u64 switched_off(const struct virtio_net_properties *properties)
{
	u64 bits = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(virtio_net_keys); n++) {
		u32 bit = virtio_net_keys[n].offset - (u32)FIELD(features);

		if (bit < ARRAY_SIZE(properties->features) && !properties->features[bit])
			bits |= BIT(bit);
	}
	return bits;
}

static int virtio_net_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct virtio_net_properties *properties = setup->properties;
	const struct device_context *context = setup->context;
	struct virtio_net *card = self;
	struct virtio_net_setup own = {
		.name = setup->name,
		.mtu = (u16)properties->mtu,
		.pairs = properties->multiqueue ? MIN(context->harts, VIRTIO_NET_PAIRS_MAX) : 1,
		.withheld = switched_off(properties),
		.rx_size = (u16)properties->rx_queue_size,
		.tx_size = (u16)properties->tx_queue_size,
	};

	memcpy(own.mac, properties->mac, NET_MAC_SIZE);
	virtio_net_init(card, context->platform, &own);
	card->net.id = setup->id;
	card->net.netdev = properties->netdev;
	*virtio = &card->virtio;
	return 0;
}

const struct device_type virtio_net_device = {
	.name = "virtio-net",
	.names = DEVICE_VIRTIO_NAMES("virtio-net"),
	.help = "A network card; netdev= names a -netdev, without which it is connected to nothing.",
	.category = DEVICE_NETWORK,
	.keys = virtio_net_keys,
	.key_count = ARRAY_SIZE(virtio_net_keys),
	.properties_size = sizeof(struct virtio_net_properties),
	.check = virtio_net_check,
	.boot_function = "ethernet",
	.boot_unit = "ethernet-phy@0",
	.part = "net",
	.size = sizeof(struct virtio_net),
	.create = virtio_net_create,
	.old = true,
};
