/* SPDX-License-Identifier: MIT */
/*
 * The commands of the control queue (virtio 1.2, 5.1.6.5): a table maps class and command to a
 * function. Also the receive filter, which most of the commands set.
 */
#include "devices/virtio/net.h"

#include <string.h>

#include "devices/virtio/net_features.h"

#define VIRTIO_NET_OK 0
#define VIRTIO_NET_ERR 1

/* 5.1.6.5.1 Packet Receive Filtering */
#define VIRTIO_NET_CTRL_RX 0
enum { PROMISC, ALLMULTI, ALLUNI, NOMULTI, NOUNI, NOBCAST };

/* 5.1.6.5.2 Setting MAC Address Filtering */
#define VIRTIO_NET_CTRL_MAC 1
enum { MAC_TABLE_SET, MAC_ADDR_SET };

/* 5.1.6.5.5 Device configuration of multiqueue */
#define VIRTIO_NET_CTRL_MQ 4
enum { VQ_PAIRS_SET };

struct command {
	u8 class, number;
	u64 feature;
	/* Returns whether the command is accepted. `data` is the rest of the chain. */
	bool (*run)(struct virtio_net *card, u8 number, struct virtq_buffer *data);
};

static bool net_control_set_mode(struct virtio_net *card, u8 number, struct virtq_buffer *data)
{
	u8 on;

	if (data->size != sizeof(on))
		return false;
	virtq_buffer_read(data, &on, sizeof(on));
	card->modes[number] = on;
	return true;
}

/*
 * Reads one of the two tables of addresses, which follow each other. A table that is too long is
 * skipped and not stored.
 */
static bool read_macs(struct virtio_net_macs *macs, struct virtq_buffer *data)
{
	u32 entries;
	u64 size;

	if (!virtq_buffer_read(data, &entries, sizeof(entries)))
		return false;
	size = (u64)entries * NET_MAC_SIZE;
	macs->overflow = entries > VIRTIO_NET_MACS_MAX;
	macs->count = macs->overflow ? 0 : (u8)entries;
	if (!macs->overflow)
		return virtq_buffer_read(data, macs->mac, size);
	if (size > data->size)
		return false;
	virtq_buffer_skip(data, size);
	return true;
}

static bool set_table(struct virtio_net *card, u8 number, struct virtq_buffer *data)
{
	struct virtio_net_macs unicast = { 0 }, multicast = { 0 };

	(void)number;
	if (!read_macs(&unicast, data) || !read_macs(&multicast, data) || data->size)
		return false;
	card->unicast = unicast;
	card->multicast = multicast;
	return true;
}

static bool set_address(struct virtio_net *card, u8 number, struct virtq_buffer *data)
{
	(void)number;
	return data->size == NET_MAC_SIZE &&
	       virtq_buffer_read(data, card->config.mac, NET_MAC_SIZE);
}

static bool set_pairs(struct virtio_net *card, u8 number, struct virtq_buffer *data)
{
	u16 pairs;

	(void)number;
	if (data->size != sizeof(pairs))
		return false;
	virtq_buffer_read(data, &pairs, sizeof(pairs));
	if (!pairs || pairs > card->pairs)
		return false;
	card->active = pairs;
	return true;
}

static const struct command commands[] = {
	{ VIRTIO_NET_CTRL_RX, PROMISC, VIRTIO_NET_F_CTRL_RX, net_control_set_mode },
	{ VIRTIO_NET_CTRL_RX, ALLMULTI, VIRTIO_NET_F_CTRL_RX, net_control_set_mode },
	{ VIRTIO_NET_CTRL_RX, ALLUNI, VIRTIO_NET_F_CTRL_RX_EXTRA, net_control_set_mode },
	{ VIRTIO_NET_CTRL_RX, NOMULTI, VIRTIO_NET_F_CTRL_RX_EXTRA, net_control_set_mode },
	{ VIRTIO_NET_CTRL_RX, NOUNI, VIRTIO_NET_F_CTRL_RX_EXTRA, net_control_set_mode },
	{ VIRTIO_NET_CTRL_RX, NOBCAST, VIRTIO_NET_F_CTRL_RX_EXTRA, net_control_set_mode },
	{ VIRTIO_NET_CTRL_MAC, MAC_TABLE_SET, VIRTIO_NET_F_CTRL_RX, set_table },
	{ VIRTIO_NET_CTRL_MAC, MAC_ADDR_SET, VIRTIO_NET_F_CTRL_MAC_ADDR, set_address },
	{ VIRTIO_NET_CTRL_MQ, VQ_PAIRS_SET, VIRTIO_NET_F_MQ, set_pairs },
};

static bool net_control_run(struct virtio_net *card, const u8 header[2], struct virtq_buffer *data)
{
	for (unsigned n = 0; n < ARRAY_SIZE(commands); n++)
		if (commands[n].class == header[0] && commands[n].number == header[1])
			return virtio_negotiated(&card->virtio, commands[n].feature) &&
			       commands[n].run(card, header[1], data);
	return false;
}

enum virtio_served virtio_net_control(struct virtio_net *card, struct virtq_chain *chain,
				      u32 *written)
{
	u8 header[2], ack;

	if (!chain->in.size || !virtq_buffer_read(&chain->out, header, sizeof(header)))
		return VIRTIO_BAD;
	ack = net_control_run(card, header, &chain->out) ? VIRTIO_NET_OK : VIRTIO_NET_ERR;
	virtq_buffer_write(&chain->in, &ack, sizeof(ack));
	*written = sizeof(ack);
	return VIRTIO_USED;
}

/*
 * Resets the filter so that all frames pass, because a driver that does not support the filter must
 * get all. Also resets the number of pairs of queues that are used to 1.
 */
void virtio_net_control_reset(struct virtio_net *card)
{
	memset(card->modes, 0, sizeof(card->modes));
	card->modes[PROMISC] = true;
	card->unicast = (struct virtio_net_macs){ 0 };
	card->multicast = (struct virtio_net_macs){ 0 };
	card->active = 1;
}

static bool listed(const struct virtio_net_macs *macs, const u8 *mac)
{
	for (unsigned n = 0; n < macs->count; n++)
		if (!memcmp(macs->mac[n], mac, NET_MAC_SIZE))
			return true;
	return macs->overflow;
}

bool virtio_net_wanted(const struct virtio_net *card, const u8 *frame)
{
	static const u8 broadcast[NET_MAC_SIZE] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const bool *modes = card->modes;

	if (modes[PROMISC])
		return true;
	if (!memcmp(frame, broadcast, NET_MAC_SIZE))
		return !modes[NOBCAST];
	if (frame[0] & 1)
		return !modes[NOMULTI] && (modes[ALLMULTI] || listed(&card->multicast, frame));
	return !modes[NOUNI] && (modes[ALLUNI] || listed(&card->unicast, frame) ||
				 !memcmp(frame, card->config.mac, NET_MAC_SIZE));
}
