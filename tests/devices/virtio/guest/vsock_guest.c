/* SPDX-License-Identifier: MIT */
/* See vsock_guest.h. */
#include "vsock_guest.h"
#include <string.h>

#define PACKET GUEST_DATA
#define BUFFER(n) (GUEST_DATA + 0x100000 + (n) * 0x1000ull)

static void connect(void *ctx, u32 connection, u32 port)
{
	struct vsock_guest *g = ctx;

	g->connects++;
	g->connection = connection;
	g->port = port;
}

static void accepted(void *ctx, u32 connection, u32 host_port)
{
	struct vsock_guest *g = ctx;

	g->accepts++;
	g->connection = connection;
	g->port = host_port;
}

static void data(void *ctx, u32 connection, const u8 *bytes, size_t size)
{
	struct vsock_guest *g = ctx;

	g->connection = connection;
	assert_in_range(size, 1, sizeof(g->heard) - g->heard_size);
	memcpy(g->heard + g->heard_size, bytes, size);
	g->heard_size += size;
}

static void shut(void *ctx, u32 connection, unsigned how)
{
	struct vsock_guest *g = ctx;

	g->connection = connection;
	g->how = how;
	g->shuts++;
}

static void closed(void *ctx, u32 connection)
{
	struct vsock_guest *g = ctx;

	g->connection = connection;
	g->closes++;
}

static const struct vsock_host host = { connect, accepted, data, shut, closed };

void vsock_guest_init(struct vsock_guest *g)
{
	const struct virtio_vsock_properties properties = { VSOCK_CID, "none" };

	memset(g, 0, sizeof(*g));
	guest_init(&g->guest, CLOCK_VIRTUAL);
	virtio_vsock_init(&g->device, &g->guest.platform, "vsock0", &properties);
	g->device.vsock.host = &host;
	g->device.vsock.ctx = g;
	guest_attach(&g->guest, &g->device.virtio);
	vsock_guest_start(g, VSOCK_BUFFERS);
}

int vsock_guest_setup(void **state)
{
	static struct vsock_guest guest;

	vsock_guest_init(*state = &guest);
	return 0;
}

static void offer_buffer(struct vsock_guest *g, u16 n)
{
	ring_desc(&g->rx, n, BUFFER(n), VSOCK_BUFFER_SIZE, FLAGS(F_WRITE, 0));
	guest_offer(&g->rx, n);
}

void vsock_guest_start(struct vsock_guest *g, unsigned buffers)
{
	assert_true(guest_negotiate(&g->guest, BIT(32)));
	guest_queue_start(&g->guest, &g->rx, 0, 128);
	guest_queue_start(&g->guest, &g->tx, 1, 128);
	guest_driver_ok(&g->guest);
	for (u16 n = 0; n < buffers; n++)
		offer_buffer(g, n);
	guest_kick(&g->rx);
	g->heard_size = 0;
}

struct virtio_vsock_hdr vsock_guest_header(u32 guest_port, u32 host_port, u16 op, u32 size)
{
	return (struct virtio_vsock_hdr){
		.src_cid = VSOCK_CID, .dst_cid = 2, .src_port = guest_port, .dst_port = host_port,
		.len = size, .type = 1, .op = op, .buf_alloc = 16384,
	};
}

void vsock_guest_send(struct vsock_guest *g, const struct virtio_vsock_hdr *header,
		      const void *bytes, u32 size)
{
	memcpy(guest_ram(&g->guest, PACKET), header, VSOCK_HEADER);
	if (size)
		memcpy(guest_ram(&g->guest, PACKET + VSOCK_HEADER), bytes, size);
	ring_desc(&g->tx, 0, PACKET, (u32)VSOCK_HEADER + size, 0);
	guest_run(&g->tx, 0);
}

void vsock_guest_op(struct vsock_guest *g, u32 guest_port, u32 host_port, u16 op)
{
	const struct virtio_vsock_hdr header = vsock_guest_header(guest_port, host_port, op, 0);

	vsock_guest_send(g, &header, NULL, 0);
}

u16 vsock_guest_next(struct vsock_guest *g, struct virtio_vsock_hdr *header, u8 *bytes)
{
	u32 id, len;

	if (!guest_used(&g->rx, &id, &len))
		return 0;
	memcpy(header, guest_ram(&g->guest, BUFFER(id)), VSOCK_HEADER);
	assert_int_equal(len, VSOCK_HEADER + header->len);
	if (bytes)
		memcpy(bytes, guest_ram(&g->guest, BUFFER(id) + VSOCK_HEADER), header->len);
	offer_buffer(g, (u16)id);
	return header->op;
}

void vsock_guest_put(struct vsock_guest *g, u32 input, u32 connection, u32 value)
{
	const struct vsock_record record = { input, connection, value };

	journal_put(&g->guest.platform.journal, g->device.vsock.sink, &record, sizeof(record));
}

void vsock_guest_put_data(struct vsock_guest *g, u32 connection, const void *bytes, size_t size)
{
	static u8 all[sizeof(struct vsock_record) + VSOCK_WINDOW];
	const struct vsock_record record = { VSOCK_DATA, connection, 0 };

	memcpy(all, &record, sizeof(record));
	memcpy(all + sizeof(record), bytes, size);
	journal_put(&g->guest.platform.journal, g->device.vsock.sink, all, sizeof(record) + size);
}

u32 vsock_guest_connect(struct vsock_guest *g, u32 host_port)
{
	struct virtio_vsock_hdr header;

	vsock_guest_op(g, 1000, host_port, VIRTIO_VSOCK_OP_REQUEST);
	assert_int_equal(g->port, host_port);
	vsock_guest_put(g, VSOCK_ACCEPT, g->connection, 0);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RESPONSE);
	return g->connection;
}
