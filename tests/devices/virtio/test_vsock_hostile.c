/* SPDX-License-Identifier: MIT */
/*
 * Tests a socket device with hostile drivers (CVE-2019-18960 and similar bugs): packets longer than
 * their chains, from wrong senders, of unknown types, out of order, and more of them than could be
 * answered.
 */
#include "vsock_guest.h"
#include <string.h>

static u8 bytes[VSOCK_WINDOW + 1];

/* Checks that connections can be made after a reset, whatever the test did to the device. */
static int teardown(void **state)
{
	struct vsock_guest *g = *state;

	vsock_guest_start(g, VSOCK_BUFFERS);
	vsock_guest_connect(g, 5);
	assert_false(guest_needs_reset(&g->guest));
	guest_free(&g->guest);
	return 0;
}

/* Header and data are in chains of every shape. */
static void test_chains(void **state)
{
	static const struct {
		u32 queue, out, in, len;
	} bad[] = {
		{ 1, 43, 0, 0 }, { 1, 1, 0, 0 }, { 1, 44, 0, 1 }, { 1, 144, 0, 101 },
		{ 1, 144, 0, UINT32_MAX }, { 1, 44, 0, 0x80000000 }, { 1, 44, 44, 0 },
		{ 1, 0, 44, 0 }, { 0, 0, 43, 0 }, { 0, 0, 44, 0 }, { 0, 44, 100, 0 },
		{ 0, 44, 0, 0 },
	};
	struct vsock_guest *g = *state;

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		struct guest_queue *queue = bad[n].queue ? &g->tx : &g->rx;
		struct virtio_vsock_hdr header =
			vsock_guest_header(1000, 5, VIRTIO_VSOCK_OP_RW, bad[n].len);
		u16 next = bad[n].out ? 1 : 0;

		vsock_guest_start(g, 0);
		memcpy(guest_ram(&g->guest, GUEST_DATA), &header, sizeof(header));
		if (bad[n].out)
			ring_desc(queue, 0, GUEST_DATA, bad[n].out,
				  FLAGS(bad[n].in ? F_NEXT : 0, 1));
		if (bad[n].in)
			ring_desc(queue, next, GUEST_DATA + 4096, bad[n].in, FLAGS(F_WRITE, 0));
		guest_submit(queue, 0);
		assert_true(guest_needs_reset(&g->guest));
		assert_int_equal(g->heard_size, 0);
	}
}

/*
 * A packet to an unknown receiver is answered by a reset, and one from a wrong sender is not
 * answered.
 */
static void test_strangers(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header, answer;

	for (u16 op = 0; op < 300; op++) {
		header = vsock_guest_header(7, 8, op, 0);
		if (op == VIRTIO_VSOCK_OP_REQUEST)
			continue;
		vsock_guest_send(g, &header, NULL, 0);
		if (op == VIRTIO_VSOCK_OP_RST) {
			assert_int_equal(vsock_guest_next(g, &answer, NULL), 0);
			continue;
		}
		assert_int_equal(vsock_guest_next(g, &answer, NULL), VIRTIO_VSOCK_OP_RST);
		assert_int_equal(answer.src_port, 8);
		assert_int_equal(answer.dst_port, 7);
	}
	header = vsock_guest_header(7, 8, VIRTIO_VSOCK_OP_REQUEST, 0);
	header.type = 2;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(vsock_guest_next(g, &answer, NULL), VIRTIO_VSOCK_OP_RST);
	assert_int_equal(answer.type, 2);
	header = vsock_guest_header(7, 8, VIRTIO_VSOCK_OP_REQUEST, 0);
	header.dst_cid = 1ull << 33;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(vsock_guest_next(g, &answer, NULL), VIRTIO_VSOCK_OP_RST);
	assert_true(answer.src_cid == 1ull << 33);
	header = vsock_guest_header(7, 8, VIRTIO_VSOCK_OP_REQUEST, 0);
	header.src_cid = VSOCK_CID + 1;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(vsock_guest_next(g, &answer, NULL), 0);
	assert_int_equal(g->connects, 0);
}

/* Every operation is sent in every state; one that is not valid there ends the connection. */
static void test_out_of_order(void **state)
{
	enum { CALLED, CALLING, CONNECTED, SHUT, STATES };
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;

	for (unsigned which = 0; which < STATES; which++)
		for (u16 op = 0; op <= 9; op++) {
			u32 guest_port = 1000, host_port = 5;

			vsock_guest_start(g, VSOCK_BUFFERS);
			g->closes = 0;
			if (which == CALLED)
				vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_REQUEST);
			if (which == CALLING) {
				vsock_guest_put(g, VSOCK_OPEN, 0, 1000);
				assert_int_equal(vsock_guest_next(g, &header, NULL), 1);
				host_port = header.src_port;
			}
			if (which >= CONNECTED)
				vsock_guest_connect(g, 5);
			header = vsock_guest_header(guest_port, host_port, VIRTIO_VSOCK_OP_SHUTDOWN,
						    0);
			header.flags = VSOCK_SHUT_SEND;
			if (which == SHUT)
				vsock_guest_send(g, &header, NULL, 0);
			header = vsock_guest_header(guest_port, host_port, op, 4);
			header.flags = UINT32_MAX;
			vsock_guest_send(g, &header, "data", 4);
			vsock_guest_send(g, &header, "data", 4); /* a second time */
			assert_in_range(g->closes, 0, 1);
			assert_false(guest_needs_reset(&g->guest));
			while (vsock_guest_next(g, &header, NULL))
				;
		}
}

/*
 * The guest sends more than the window, at once or in pieces, and counts that go backwards or wrap
 * around.
 */
static void test_credit_lies(void **state)
{
	static const u32 numbers[] = { 0, 1, 0x7fffffff, 0x80000000, UINT32_MAX };
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header, answer;
	u32 n;

	vsock_guest_connect(g, 5);
	header = vsock_guest_header(1000, 5, VIRTIO_VSOCK_OP_RW, VSOCK_WINDOW + 1);
	vsock_guest_send(g, &header, bytes, VSOCK_WINDOW + 1);
	assert_int_equal(vsock_guest_next(g, &answer, NULL), VIRTIO_VSOCK_OP_RST);
	assert_int_equal(g->heard_size, 0);
	n = vsock_guest_connect(g, 5);
	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++)
		for (unsigned j = 0; j < ARRAY_SIZE(numbers); j++) {
			u64 room;

			header = vsock_guest_header(1000, 5, VIRTIO_VSOCK_OP_CREDIT_UPDATE, 0);
			header.buf_alloc = numbers[i];
			header.fwd_cnt = numbers[j];
			vsock_guest_send(g, &header, NULL, 0);
			room = g->device.vsock.room(&g->device, n, VSOCK_WINDOW);
			assert_in_range(room, 0, VSOCK_BUFFERS * VSOCK_BUFFER_SIZE);
			vsock_guest_put_data(g, n, bytes, MIN(room, 1000));
			while (vsock_guest_next(g, &answer, NULL))
				assert_int_equal(answer.op, VIRTIO_VSOCK_OP_RW);
		}
	assert_int_equal(g->closes, 1);
}

/* Without room for answers the guest's queue is not served; it continues when there is room. */
static void test_nobody_listens(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header = vsock_guest_header(7, 8, VIRTIO_VSOCK_OP_RW, 0);
	u32 id, served = 0, answers = 0;

	vsock_guest_start(g, 0);
	memcpy(guest_ram(&g->guest, GUEST_DATA), &header, sizeof(header));
	for (u16 n = 0; n < 100; n++) {
		ring_desc(&g->tx, n, GUEST_DATA, (u32)VSOCK_HEADER, 0);
		guest_offer(&g->tx, n);
	}
	guest_kick(&g->tx);
	while (guest_returned(&g->tx))
		served++;
	assert_int_equal(served, VIRTIO_VSOCK_STRAYS_MAX);
	for (u16 n = 0; n < 10; n++) {
		ring_desc(&g->rx, n, GUEST_DATA + 0x100000 + n * 4096, 100, FLAGS(F_WRITE, 0));
		guest_offer(&g->rx, n);
	}
	for (unsigned round = 0; round < 100; round++) {
		guest_kick(&g->rx);
		guest_sleep(&g->guest, 1);
		while (guest_used(&g->rx, &id, NULL)) {
			answers++;
			guest_offer(&g->rx, (u16)id);
		}
	}
	while (guest_returned(&g->tx))
		served++;
	assert_int_equal(served, 100);
	assert_int_equal(answers, 100);
}

/*
 * The guest opens thousands of connections: as many are accepted as there are numbers; the others
 * are refused.
 */
static void test_thousands(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr answer;
	u32 refused = 0, n;

	for (u32 port = 0; port < 5000; port++) {
		vsock_guest_op(g, port, 5, VIRTIO_VSOCK_OP_REQUEST);
		while (vsock_guest_next(g, &answer, NULL))
			refused += answer.op == VIRTIO_VSOCK_OP_RST;
	}
	assert_int_equal(g->connects, VSOCK_CONNECTIONS_MAX);
	assert_int_equal(refused, 5000 - VSOCK_CONNECTIONS_MAX);
	assert_false(g->device.vsock.free(&g->device, &n));
	vsock_guest_op(g, 0, 5, VIRTIO_VSOCK_OP_RST);
	assert_true(g->device.vsock.free(&g->device, &n));
	guest_set(&g->guest, MMIO_STATUS, 0);
	assert_int_equal(g->closes, VSOCK_CONNECTIONS_MAX);
}

/* Records of the journal for connections that do not exist, or no longer exist. */
static void test_late_input(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr answer;
	u32 n = vsock_guest_connect(g, 5);

	vsock_guest_op(g, 1000, 5, VIRTIO_VSOCK_OP_RST);
	for (u32 input = VSOCK_ACCEPT; input <= VSOCK_RESET + 1; input++) {
		vsock_guest_put(g, input, n, 100);
		vsock_guest_put(g, input, VSOCK_CONNECTIONS_MAX, 100);
		vsock_guest_put(g, input, UINT32_MAX, 100);
	}
	vsock_guest_put_data(g, n, bytes, 100);
	assert_int_equal(vsock_guest_next(g, &answer, NULL), 0);
	n = vsock_guest_connect(g, 5);
	vsock_guest_put(g, VSOCK_TAKEN, n, UINT32_MAX);
	assert_int_equal(g->device.connections[n].taken, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, vsock_guest_setup, teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_chains),
	TEST(test_strangers),
	TEST(test_out_of_order),
	TEST(test_credit_lies),
	TEST(test_nobody_listens),
	TEST(test_thousands),
	TEST(test_late_input),
	{ 0 },
};
