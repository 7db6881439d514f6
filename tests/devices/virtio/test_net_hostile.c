/* SPDX-License-Identifier: MIT */
/*
 * Tests the network card with hostile drivers and networks: the rows about networks in the
 * project's list of bugs that other devices have had, and similar ones.
 */
#include "net_guest.h"
#include <string.h>

static struct net_guest g;
static const u8 plain[NET_HEADER];

/* CVE-2021-3748: mergeable buffers in device registers are not memory; nothing is accessed. */
static void test_receive_into_registers(void **state)
{
	const u64 places[] = { GUEST_OTHER, GUEST_SLOT + MMIO_QUEUE_NOTIFY, GUEST_ROM,
			       GUEST_RAM_END - 100, UINT64_MAX - 4 };
	u8 frame[2000] = { 0 };

	for (unsigned n = 0; n < ARRAY_SIZE(places); n++)
		for (unsigned second = 0; second < 2; second++) {
			net_guest_start(&g, VIRTIO_NET_F_MRG_RXBUF);
			if (second)
				net_guest_offer(&g, 1, 1024);
			ring_desc(&g.rx, 2, places[n], 1024, FLAGS(F_WRITE, 0));
			guest_offer(&g.rx, 2);
			net_guest_put(&g, frame, sizeof(frame));
			assert_true(guest_needs_reset(&g.guest));
			assert_int_equal(g.guest.other_accesses, 0);
		}
	assert_int_equal(g.card.net.stats.received, 0);
}

/* The reported fault names which of several buffers is wrong. */
static void test_wrong_buffer_is_named(void **state)
{
	u8 frame[3000] = { 0 };

	net_guest_start(&g, VIRTIO_NET_F_MRG_RXBUF);
	net_guest_offer(&g, 0, 2000);
	net_guest_put(&g, frame, 1000);
	net_guest_offer(&g, 1, 1000);
	net_guest_offer(&g, 2, 1000);
	ring_desc(&g.rx, 3, GUEST_OTHER, 1024, FLAGS(F_WRITE, 0));
	guest_offer(&g.rx, 3);
	net_guest_put(&g, frame, sizeof(frame));
	assert_string_equal(g.card.virtio.fault,
			    "queue 0: descriptor outside RAM, at entry 3 of the ring");
}

static void count_write(void *ctx)
{
	unsigned *writes = ctx;

	++*writes;
}

/*
 * Asking for room must not change the machine: the host asks at any time, and a replay never does.
 */
static void test_question_changes_nothing(void **state)
{
	const u64 places[] = { GUEST_DATA, GUEST_OTHER, GUEST_RAM_END - 100 };
	u8 frame[60] = { 0 };
	unsigned writes = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(places); n++) {
		net_guest_start(&g, VIRTIO_NET_F_MRG_RXBUF);
		assert_false(net_guest_ready(&g, sizeof(frame)));
		ring_desc(&g.rx, 2, places[n], 1024, FLAGS(F_WRITE, 0));
		guest_offer(&g.rx, 2);
		g.guest.platform.bus.dma_written = count_write;
		g.guest.platform.bus.ctx = &writes;
		assert_true(net_guest_ready(&g, sizeof(frame)));
		assert_int_equal(writes, 0);
		g.guest.platform.bus.dma_written = NULL;
		assert_false(guest_needs_reset(&g.guest));
		net_guest_put(&g, frame, sizeof(frame));
		assert_int_equal(guest_needs_reset(&g.guest), n > 0);
	}
}

/* CVE-2023-6693: every set of features is tried with every length of a header. */
static void test_header_lengths(void **state)
{
	static const u64 bits[] = {
		VIRTIO_NET_F_CSUM, VIRTIO_NET_F_GUEST_CSUM, VIRTIO_NET_F_HOST_TSO4,
		VIRTIO_NET_F_HOST_TSO6, VIRTIO_NET_F_MRG_RXBUF, VIRTIO_NET_F_CTRL_VQ,
	};

	for (unsigned set = 0; set < BIT(ARRAY_SIZE(bits)); set++)
		for (u32 length = 1; length < NET_HEADER + 16; length++) {
			u64 features = 0;

			for (unsigned n = 0; n < ARRAY_SIZE(bits); n++)
				features |= set & BIT(n) ? bits[n] : 0;
			net_guest_start(&g, features);
			memset(guest_ram(&g.guest, NET_BUFFER(0)), 0xff, 64);
			ring_desc(&g.tx, 0, NET_BUFFER(0), length, 0);
			guest_submit(&g.tx, 0);
			assert_int_equal(guest_needs_reset(&g.guest), length < NET_HEADER);
		}
}

/* CVE-2026-63320: frames from the network can be shorter than any header. */
static void test_short_frames(void **state)
{
	u8 frame[64] = { 0 };

	net_guest_start(&g, VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_MRG_RXBUF);
	for (u16 n = 1; n < 60; n++)
		net_guest_offer(&g, n, 64);
	for (size_t size = 0; size < NET_HEADER_SIZE; size++)
		net_guest_put(&g, frame, size);
	assert_int_equal(g.card.net.stats.received, 0);
	frame[12] = 8;
	frame[14] = 0x4f; /* IPv4 with options that are missing */
	frame[23] = 17;
	for (size_t size = NET_HEADER_SIZE; size < 40; size++)
		net_guest_put(&g, frame, size);
	assert_int_equal(g.card.net.stats.received, 40 - NET_HEADER_SIZE);
	assert_false(guest_needs_reset(&g.guest));
}

/* Nor can they be longer than the largest frame, however much room there is. */
static void test_long_frames(void **state)
{
	static u8 frame[NET_FRAME_MAX + 1];

	net_guest_start(&g, 0);
	ring_desc(&g.rx, 0, GUEST_RAM + 4 * MiB, MiB, FLAGS(F_WRITE, 0));
	guest_offer(&g.rx, 0);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(g.card.net.stats.received, 0);
	net_guest_put(&g, frame, sizeof(frame) - 1);
	assert_int_equal(g.card.net.stats.received, 1);
	assert_false(guest_needs_reset(&g.guest));
}

/* All relevant values of a header's fields are tried on frames of all small sizes. */
static void test_checksum_fields(void **state)
{
	static const u16 values[] = { 0, 1, 13, 14, 34, 54, 100, 0x7fff, 0xfffe, 0xffff };
	static const u8 types[] = { 0, 1, 3, 4, 5, 0x80, 0x81, 0x84, 0xff };
	u8 frame[120] = { 0 };

	frame[12] = 8;
	frame[14] = 0x45;
	net_guest_start(&g, VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6);
	for (unsigned a = 0; a < ARRAY_SIZE(values) * ARRAY_SIZE(values); a++)
		for (unsigned t = 0; t < 2 * ARRAY_SIZE(types); t++)
			for (size_t size = 0; size <= sizeof(frame); size += 7) {
				u16 start = values[a % ARRAY_SIZE(values)];
				u16 offset = values[a / ARRAY_SIZE(values)];
				u8 header[NET_HEADER] = { t & 1, types[t / 2], 0, 0, (u8)offset, 0,
							  (u8)start, (u8)(start >> 8),
							  (u8)offset, (u8)(offset >> 8) };

				net_guest_send(&g, header, frame, size);
			}
	assert_false(guest_needs_reset(&g.guest));
}

/* Offloads that were not negotiated are not carried out. */
static void test_not_negotiated(void **state)
{
	const u8 sums[NET_HEADER] = { 1, 0, 0, 0, 0, 0, 14, 0, 0, 0 };
	const u8 segments[NET_HEADER] = { 1, 1, 0, 0, 100, 0, 34, 0, 16, 0 };
	u8 frame[200] = { 0 };

	net_guest_start(&g, 0);
	net_guest_send(&g, sums, frame, sizeof(frame));
	net_guest_send(&g, segments, frame, sizeof(frame));
	assert_int_equal(g.sent, 0);
	assert_int_equal(g.card.net.stats.bad, 2);
}

/* The largest segment is divided into the smallest parts: the number of frames is bounded. */
static void test_tiny_segments(void **state)
{
	static u8 frame[NET_FRAME_MAX];
	u8 header[NET_HEADER] = { 1, 1, 0, 0, 1, 0, 34, 0, 16, 0 };

	frame[12] = 8;
	frame[14] = 0x45;
	frame[23] = 6;
	frame[34 + 12] = 5 << 4;
	net_guest_start(&g, VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4);
	net_guest_send(&g, header, frame, sizeof(frame));
	assert_int_equal(g.sent, 0);
	header[4] = 48;
	net_guest_send(&g, header, frame, sizeof(frame));
	assert_in_range(g.sent, 1300, 1400);
	/* A segment that is larger than the largest one is dropped. */
	ring_desc(&g.tx, 0, NET_BUFFER(0), NET_HEADER + NET_FRAME_MAX + 1, 0);
	assert_int_equal(guest_run(&g.tx, 0), 0);
	assert_int_equal(g.card.net.stats.bad, 2);
}

/* Buffers have the wrong direction, or have no room for a header. */
static void test_wrong_buffers(void **state)
{
	u8 frame[100] = { 0 };

	for (u32 length = 1; length < NET_HEADER; length++) {
		net_guest_start(&g, VIRTIO_NET_F_MRG_RXBUF);
		for (u16 n = 0; n < 63; n++) {
			ring_desc(&g.rx, n, NET_BUFFER(1), length, FLAGS(F_WRITE, 0));
			guest_offer(&g.rx, n);
		}
		net_guest_put(&g, frame, sizeof(frame));
		guest_kick(&g.rx);
		assert_true(guest_needs_reset(&g.guest));
	}
	net_guest_start(&g, 0);
	ring_desc(&g.rx, 0, NET_BUFFER(1), 2000, 0);
	guest_submit(&g.rx, 0);
	assert_true(guest_needs_reset(&g.guest));
	net_guest_start(&g, 0);
	ring_desc(&g.tx, 0, NET_BUFFER(1), 2000, FLAGS(F_WRITE, 0));
	guest_submit(&g.tx, 0);
	assert_true(guest_needs_reset(&g.guest));
}

/* A frame is written to the descriptors of the buffers in which it continues. */
static void test_receive_into_ring(void **state)
{
	static u8 frame[4000];

	for (unsigned fill = 0; fill < 256; fill += 5) {
		u32 len;

		memset(frame, (int)fill, sizeof(frame));
		net_guest_start(&g, VIRTIO_NET_F_MRG_RXBUF);
		ring_desc(&g.rx, 0, GUEST_QUEUE(0), 1500, FLAGS(F_WRITE, 0));
		guest_offer(&g.rx, 0);
		net_guest_offer(&g, 1, 4000);
		net_guest_put(&g, frame, sizeof(frame));
		while (guest_used(&g.rx, NULL, &len))
			assert_in_range(len, 1, 4000);
		assert_int_equal(g.guest.other_accesses, 0);
	}
}

static void test_commands(void **state)
{
	u8 data[600];

	net_guest_start(&g, VIRTIO_NET_F_CTRL_VQ | VIRTIO_NET_F_CTRL_RX |
				    VIRTIO_NET_F_CTRL_RX_EXTRA | VIRTIO_NET_F_CTRL_MAC_ADDR);
	for (unsigned fill = 0; fill < 256; fill += 51) {
		memset(data, (int)fill, sizeof(data));
		for (unsigned class = 0; class < 8; class ++)
			for (unsigned number = 0; number < 8; number++)
				for (u32 size = 0; size < sizeof(data); size += 1 + size / 4)
					assert_in_range(net_guest_command(&g, (u8) class,
									  (u8)number, data, size),
							0, 1);
	}
	assert_false(guest_needs_reset(&g.guest));
	assert_in_range(g.card.unicast.count, 0, VIRTIO_NET_MACS_MAX);
	/* A command without room for the answer is invalid. */
	ring_desc(&g.control, 0, NET_BUFFER(0), 8, 0);
	guest_submit(&g.control, 0);
	assert_true(guest_needs_reset(&g.guest));
}

/* A table with more addresses than are stored lets all frames pass; a truncated one is refused. */
static void test_long_table(void **state)
{
	static u8 data[8 + 6 * (VIRTIO_NET_MACS_MAX + 1)];
	const u8 off = 0;
	u8 frame[60] = { 4 };

	data[0] = VIRTIO_NET_MACS_MAX + 1;
	net_guest_start(&g, VIRTIO_NET_F_CTRL_VQ | VIRTIO_NET_F_CTRL_RX);
	net_guest_offer(&g, 1, 1526);
	assert_int_equal(net_guest_command(&g, 0, 0, &off, 1), 0);
	assert_int_equal(net_guest_command(&g, 1, 0, data, sizeof(data)), 0);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(g.card.net.stats.received, 1);
	assert_int_equal(net_guest_command(&g, 1, 0, data, sizeof(data) - 1), 1);
	assert_true(g.card.unicast.overflow);
}

/* A reset between the arrival of a frame and its buffers leaves nothing of the frame. */
static void test_reset_between(void **state)
{
	u8 frame[60] = { 0 };

	net_guest_put(&g, frame, sizeof(frame));
	net_guest_start(&g, 0);
	net_guest_put(&g, frame, sizeof(frame));
	guest_set(&g.guest, MMIO_STATUS, 0);
	net_guest_start(&g, 0);
	net_guest_offer(&g, 1, 1526);
	assert_int_equal(g.card.net.stats.received, 0);
	net_guest_send(&g, plain, frame, sizeof(frame));
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(g.card.net.stats.received, 1);
}

#define TEST(name) NET_GUEST_TEST(name, &g)

const struct CMUnitTest unit_tests[] = {
	TEST(test_receive_into_registers),
	TEST(test_wrong_buffer_is_named), TEST(test_header_lengths),
	TEST(test_question_changes_nothing),
	TEST(test_short_frames), TEST(test_long_frames),
	TEST(test_checksum_fields), TEST(test_not_negotiated),
	TEST(test_tiny_segments), TEST(test_wrong_buffers), TEST(test_receive_into_ring),
	TEST(test_commands), TEST(test_long_table), TEST(test_reset_between),
	{ 0 },
};
