/* SPDX-License-Identifier: MIT */
/* See net_guest.h. */
#include "net_guest.h"
#include <string.h>

#define CONTROL GUEST_DATA
#define ACK (GUEST_DATA + 0x8000)

static void net_guest_sent(void *ctx, const u8 *frame, size_t size)
{
	struct net_guest *g = ctx;

	assert_in_range(size, 1, NET_FRAME_MAX);
	memcpy(g->frame, frame, size);
	if (g->sent < ARRAY_SIZE(g->size))
		g->size[g->sent] = size;
	g->sent++;
}

void net_guest_init(struct net_guest *g, unsigned pairs)
{
	const struct virtio_net_setup setup = {
		.name = "net0", .mac = { 0x52, 0x54, 0, 1, 2, 3 }, .mtu = 9000, .pairs = pairs,
	};

	memset(g, 0, sizeof(*g));
	guest_init(&g->guest, CLOCK_VIRTUAL);
	virtio_net_init(&g->card, &g->guest.platform, &setup);
	g->card.net.send = net_guest_sent;
	g->card.net.ctx = g;
	guest_attach(&g->guest, &g->card.virtio);
}

int net_guest_setup(void **state)
{
	net_guest_init(*state, 1);
	return 0;
}

void net_guest_start(struct net_guest *g, u64 features)
{
	assert_true(guest_negotiate(&g->guest, BIT(32) | features));
	guest_queue_start(&g->guest, &g->rx, 0, 64);
	guest_queue_start(&g->guest, &g->tx, 1, 64);
	guest_queue_start(&g->guest, &g->control, 2, 64);
	guest_driver_ok(&g->guest);
}

void net_guest_send(struct net_guest *g, const u8 header[NET_HEADER], const u8 *frame, size_t size)
{
	memcpy(guest_ram(&g->guest, NET_BUFFER(0)), header, NET_HEADER);
	if (size)
		memcpy(guest_ram(&g->guest, NET_BUFFER(0) + NET_HEADER), frame, size);
	ring_desc(&g->tx, 0, NET_BUFFER(0), (u32)(NET_HEADER + size), 0);
	assert_int_equal(guest_run(&g->tx, 0), 0);
}

void net_guest_offer(struct net_guest *g, u16 n, u32 size)
{
	ring_desc(&g->rx, n, NET_BUFFER(n), size, FLAGS(F_WRITE, 0));
	guest_submit(&g->rx, n);
}

/* Makes a row of one frame in g->row. Returns the row's size. */
static size_t make_row(struct net_guest *g, const u8 *frame, size_t size)
{
	const u32 bytes = (u32)size;

	memcpy(g->row, &bytes, NET_ROW_SIZE);
	memcpy(g->row + NET_ROW_SIZE, frame, size);
	return NET_ROW_SIZE + size;
}

bool net_guest_ready(struct net_guest *g, size_t size)
{
	static const u8 zeros[NET_FRAME_MAX];
	size_t row = make_row(g, zeros, size), taken;

	taken = net_ready(&g->card.net, g->row, row);
	assert_true(!taken || taken == row);
	return taken;
}

void net_guest_put(struct net_guest *g, const u8 *frame, size_t size)
{
	size_t row = make_row(g, frame, size);

	net_put(&g->card.net, &g->guest.platform.journal, g->row, row);
}

u8 net_guest_command(struct net_guest *g, u8 class, u8 number, const void *data, u32 size)
{
	u8 *memory = guest_ram(&g->guest, CONTROL);
	u8 *ack = guest_ram(&g->guest, ACK);

	memory[0] = class;
	memory[1] = number;
	if (size)
		memcpy(memory + 2, data, size);
	*ack = 0xee;
	ring_desc(&g->control, 0, CONTROL, 2 + size, FLAGS(F_NEXT, 1));
	ring_desc(&g->control, 1, ACK, 1, FLAGS(F_WRITE, 0));
	assert_int_equal(guest_run(&g->control, 0), 1);
	return *ack;
}
