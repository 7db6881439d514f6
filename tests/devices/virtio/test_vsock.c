/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/vsock*.c: connections in both directions, credit, how they end, and what is
 * saved of them.
 */
#include "vsock_guest.h"
#include <string.h>

static u8 bytes[VSOCK_WINDOW];

static int setup(void **state)
{
	for (unsigned n = 0; n < sizeof(bytes); n++)
		bytes[n] = (u8)(n * 7 + n / 256);
	return vsock_guest_setup(state);
}

static void send_data(struct vsock_guest *g, u32 host_port, const u8 *data, u32 size)
{
	struct virtio_vsock_hdr header =
		vsock_guest_header(1000, host_port, VIRTIO_VSOCK_OP_RW, size);

	vsock_guest_send(g, &header, data, size);
}

static void test_guest_connects(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	u8 data[VSOCK_BUFFER_SIZE];
	u32 n;

	assert_int_equal(guest_get(&g->guest, MMIO_DEVICE_ID), 19);
	assert_int_equal(guest_get(&g->guest, MMIO_CONFIG), VSOCK_CID);
	vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_REQUEST);
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	n = g->connection;
	vsock_guest_put(g, VSOCK_ACCEPT, n, 0);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RESPONSE);
	assert_int_equal(header.src_cid, 2);
	assert_int_equal(header.dst_cid, VSOCK_CID);
	assert_int_equal(header.src_port, 5);
	assert_int_equal(header.dst_port, 1000);
	assert_int_equal(header.buf_alloc, VSOCK_WINDOW);
	send_data(g, 5, bytes, 1000);
	assert_memory_equal(g->heard, bytes, 1000);
	assert_int_equal(g->heard_size, 1000);
	vsock_guest_put_data(g, n, bytes, 600);
	assert_int_equal(vsock_guest_next(g, &header, data), VIRTIO_VSOCK_OP_RW);
	assert_int_equal(header.len, 600);
	assert_memory_equal(data, bytes, 600);
	vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_RST);
	assert_int_equal(g->closes, 1);
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
}

static void test_refused(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;

	vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_REQUEST);
	vsock_guest_put(g, VSOCK_RESET, g->connection, 0);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
	assert_int_equal(g->closes, 1);
	vsock_guest_connect(g, 5);
}

static void test_host_connects(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	u32 n, first;

	assert_true(g->device.vsock.free(&g->device, &n));
	vsock_guest_put(g, VSOCK_OPEN, n, 22);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_REQUEST);
	assert_int_equal(header.dst_port, 22);
	first = header.src_port;
	vsock_guest_op(g, 22, first, VIRTIO_VSOCK_OP_RESPONSE);
	assert_int_equal(g->accepts, 1);
	assert_int_equal(g->port, first);
	assert_true(g->device.vsock.free(&g->device, &n));
	vsock_guest_put(g, VSOCK_OPEN, n, 22);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_REQUEST);
	assert_int_not_equal(header.src_port, first);
	vsock_guest_op(g, 22, header.src_port, VIRTIO_VSOCK_OP_RST); /* no program listens */
	assert_int_equal(g->closes, 1);
	assert_int_equal(g->connection, n);
}

/* The guest is never sent more than it has room for, in its socket and in its queue. */
static void test_credit_of_the_guest(void **state)
{
	struct vsock_guest *g = *state;
	const u64 in_queue = VSOCK_BUFFERS * (VSOCK_BUFFER_SIZE - VSOCK_HEADER);
	struct virtio_vsock_hdr header = vsock_guest_header(1000, 5, 6, 0);
	u32 n = vsock_guest_connect(g, 5);

	assert_int_equal(g->device.vsock.room(&g->device, n, 100), 100);
	assert_int_equal(g->device.vsock.room(&g->device, n, UINT64_MAX), 16384);
	vsock_guest_put_data(g, n, bytes, 16384);
	assert_int_equal(g->device.vsock.room(&g->device, n, UINT64_MAX), 0);
	while (vsock_guest_next(g, &header, NULL))
		;
	assert_int_equal(g->device.vsock.room(&g->device, n, UINT64_MAX), 0);
	header = vsock_guest_header(1000, 5, VIRTIO_VSOCK_OP_CREDIT_UPDATE, 0);
	header.fwd_cnt = 10000;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(g->device.vsock.room(&g->device, n, UINT64_MAX), 10000);
	header.buf_alloc = 1 << 20;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(g->device.vsock.room(&g->device, n, UINT64_MAX), in_queue);
	vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_CREDIT_REQUEST);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_CREDIT_UPDATE);
}

/* The guest gets a credit update when half of the credit that it knows of is used up. */
static void test_credit_of_the_host(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	u32 n = vsock_guest_connect(g, 5);

	send_data(g, 5, bytes, VSOCK_WINDOW / 2);
	vsock_guest_put(g, VSOCK_TAKEN, n, 100);
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	send_data(g, 5, bytes, VSOCK_WINDOW / 2);
	assert_int_equal(g->closes, 0);
	vsock_guest_put(g, VSOCK_TAKEN, n, 50);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_CREDIT_UPDATE);
	assert_int_equal(header.fwd_cnt, 150);
	g->heard_size = 0;
	send_data(g, 5, bytes, 150);
	assert_int_equal(g->closes, 0);
	send_data(g, 5, bytes, 1);
	assert_int_equal(g->closes, 1);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
}

/*
 * When the guest closes a connection, it gets a reset when the host has taken all its data, and not
 * before.
 */
static void test_guest_closes(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header = vsock_guest_header(1000, 5, VIRTIO_VSOCK_OP_SHUTDOWN, 0);
	u32 n = vsock_guest_connect(g, 5);

	send_data(g, 5, bytes, 500);
	header.flags = VSOCK_SHUT_SEND;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(g->how, VSOCK_SHUT_SEND);
	assert_int_equal(g->device.vsock.room(&g->device, n, 10), 10);
	header.flags = VSOCK_SHUT_RECEIVE;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(g->how, VSOCK_SHUT_BOTH);
	assert_int_equal(g->device.vsock.room(&g->device, n, 10), 0);
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	vsock_guest_put(g, VSOCK_TAKEN, n, 499);
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	vsock_guest_put(g, VSOCK_TAKEN, n, 1);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
	assert_int_equal(g->closes, 1);
	assert_false(g->device.vsock.used(&g->device, n));
}

static void test_host_closes(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	u32 n = vsock_guest_connect(g, 5);

	vsock_guest_put(g, VSOCK_SHUT, n, VSOCK_SHUT_SEND);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_SHUTDOWN);
	assert_int_equal(header.flags, VSOCK_SHUT_SEND);
	send_data(g, 5, bytes, 10);
	assert_int_equal(g->heard_size, 10);
	vsock_guest_put(g, VSOCK_SHUT, n, VSOCK_SHUT_RECEIVE);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_SHUTDOWN);
	assert_int_equal(header.flags, VSOCK_SHUT_BOTH);
	vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_RST);
	assert_int_equal(g->closes, 1);
}

/* A copy of the machine has the connections, and replays what the host did. */
static void test_snapshot_and_replay(void **state)
{
	static struct vsock_guest copy;
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	u8 data[VSOCK_BUFFER_SIZE];
	u32 n;

	vsock_guest_init(&copy);
	copy.device.vsock.host = NULL;
	n = vsock_guest_connect(g, 5);
	assert_int_equal(guest_clone(&copy.guest, &g->guest), 0);
	copy.rx = g->rx;
	copy.rx.guest = &copy.guest;
	assert_true(copy.device.vsock.used(&copy.device, n));
	journal_record_start(&g->guest.platform.journal);
	vsock_guest_put_data(g, n, bytes, 77);
	journal_follow(&copy.guest.platform.journal, &g->guest.platform.journal);
	journal_replay_due(&copy.guest.platform.journal);
	assert_int_equal(vsock_guest_next(&copy, &header, data), VIRTIO_VSOCK_OP_RW);
	assert_memory_equal(data, bytes, 77);
	assert_int_equal(state_hash(&copy.guest.platform.state) != 0, 1);
	guest_free(&copy.guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_guest_connects),
	TEST(test_refused),
	TEST(test_host_connects),
	TEST(test_credit_of_the_guest),
	TEST(test_credit_of_the_host),
	TEST(test_guest_closes),
	TEST(test_host_closes),
	TEST(test_snapshot_and_replay),
	{ 0 },
};
