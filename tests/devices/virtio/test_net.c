/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/net.c: frames in both directions, offloads, commands, the link. */
#include "net_guest.h"
#include <errno.h>
#include <string.h>

static struct net_guest g;
static const u8 plain[NET_HEADER];

/* Makes a frame to the card's own address, whose bytes count up. */
static void make_frame(u8 *frame, size_t size)
{
	static const u8 mac[] = { 0x52, 0x54, 0, 1, 2, 3 };

	for (size_t n = 0; n < size; n++)
		frame[n] = (u8)(n * 7);
	memcpy(frame, mac, MIN(size, sizeof(mac)));
}

static void test_identity(void **state)
{
	u32 low, high;

	assert_int_equal(guest_get(&g.guest, MMIO_DEVICE_ID), 1);
	low = guest_get(&g.guest, MMIO_CONFIG);
	high = guest_get(&g.guest, MMIO_CONFIG + 4);
	assert_int_equal(low, 0x01005452);
	assert_int_equal(high, 0x00010302); /* and the link is up */
	assert_int_equal(guest_get(&g.guest, MMIO_CONFIG + 8), 9000 << 16 | 1);
	assert_int_equal(guest_offered(&g.guest) & (VIRTIO_NET_F_MQ | VIRTIO_NET_F_MTU),
			 VIRTIO_NET_F_MTU);
}

static void test_send(void **state)
{
	u8 frame[1514];

	make_frame(frame, sizeof(frame));
	net_guest_start(&g, 0);
	net_guest_send(&g, plain, frame, sizeof(frame));
	net_guest_send(&g, plain, frame, 14);
	assert_int_equal(g.sent, 2);
	assert_int_equal(g.size[0], sizeof(frame));
	assert_int_equal(g.size[1], 14);
	assert_int_equal(g.card.net.stats.sent_bytes, sizeof(frame) + 14);
	assert_memory_equal(g.frame, frame, 14);
}

/* Header and frame are sent in pieces of one to three bytes. */
static void test_send_in_pieces(void **state)
{
	u8 frame[60];
	u32 at = 0;

	make_frame(frame, sizeof(frame));
	net_guest_start(&g, 0);
	memset(guest_ram(&g.guest, NET_BUFFER(0)), 0, NET_HEADER);
	memcpy(guest_ram(&g.guest, NET_BUFFER(0) + NET_HEADER), frame, sizeof(frame));
	for (u16 n = 0; at < NET_HEADER + sizeof(frame); n++) {
		u32 part = MIN(1u + n % 3, (u32)(NET_HEADER + sizeof(frame)) - at);

		ring_desc(&g.tx, n, NET_BUFFER(0) + at, part,
			  FLAGS(at + part < NET_HEADER + sizeof(frame) ? F_NEXT : 0, n + 1));
		at += part;
	}
	assert_int_equal(guest_run(&g.tx, 0), 0);
	assert_int_equal(g.sent, 1);
	assert_memory_equal(g.frame, frame, sizeof(frame));
}

static void test_receive(void **state)
{
	static const u8 zeros[10];
	u8 frame[1514], *buffer;
	u32 id, len;

	make_frame(frame, sizeof(frame));
	net_guest_start(&g, 0);
	net_guest_offer(&g, 1, 1526);
	assert_false(guest_used(&g.rx, &id, &len));
	net_guest_put(&g, frame, sizeof(frame));
	assert_true(g.guest.line);
	assert_true(guest_used(&g.rx, &id, &len));
	assert_int_equal(id, 1);
	assert_int_equal(len, NET_HEADER + sizeof(frame));
	buffer = guest_ram(&g.guest, NET_BUFFER(1));
	assert_memory_equal(buffer, zeros, sizeof(zeros));
	assert_int_equal(guest_get16(&g.guest, NET_BUFFER(1) + 10), 1);
	assert_memory_equal(buffer + NET_HEADER, frame, sizeof(frame));
	/* If no buffer is left, the next frame is lost, and the loss is counted. */
	assert_false(net_guest_ready(&g, 100));
	net_guest_put(&g, frame, 100);
	assert_int_equal(g.card.net.stats.dropped, 1);
	assert_false(guest_used(&g.rx, &id, &len));
}

/* A frame is written to several buffers, all of which are returned at the same time (5.1.6.4). */
static void test_mergeable(void **state)
{
	u8 frame[3000];
	u32 id, len;

	make_frame(frame, sizeof(frame));
	net_guest_start(&g, VIRTIO_NET_F_MRG_RXBUF);
	net_guest_offer(&g, 1, 1024);
	net_guest_offer(&g, 2, 1024);
	assert_false(net_guest_ready(&g, sizeof(frame)));
	assert_true(net_guest_ready(&g, 2048 - NET_HEADER));
	net_guest_put(&g, frame, sizeof(frame));
	assert_false(guest_used(&g.rx, &id, &len));
	net_guest_offer(&g, 3, 1024);
	assert_true(net_guest_ready(&g, sizeof(frame)));
	net_guest_put(&g, frame, sizeof(frame));
	for (u16 n = 1; n <= 3; n++) {
		assert_true(guest_used(&g.rx, &id, &len));
		assert_int_equal(id, n);
		assert_int_equal(len, n < 3 ? 1024 : NET_HEADER + sizeof(frame) - 2048);
	}
	assert_int_equal(guest_get16(&g.guest, NET_BUFFER(1) + 10), 3);
	assert_memory_equal(guest_ram(&g.guest, NET_BUFFER(1) + NET_HEADER), frame, 1012);
	assert_memory_equal(guest_ram(&g.guest, NET_BUFFER(2)), frame + 1012, 1024);
	assert_memory_equal(guest_ram(&g.guest, NET_BUFFER(3)), frame + 2036, 964);
}

/* UDP over IPv4 from 10.0.2.15:1024 to 10.0.2.2:7, "hello"; its checksum is 0xb24a. */
static const u8 udp[] = {
	0x52, 0x55, 10, 0, 2, 2, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 8, 0,
	0x45, 0, 0, 33, 0, 1, 0, 0, 64, 17, 0x62, 0xbb, 10, 0, 2, 15, 10, 0, 2, 2,
	4, 0, 0, 7, 0, 13, 0xa1, 0xbe, 'h', 'e', 'l', 'l', 'o',
};
#define UDP_AT 34

/* Returns the sum of 16-bit words, computed in the simplest way. */
static u16 slow_sum(const u8 *bytes, size_t size, u32 sum)
{
	for (size_t n = 0; n < size; n++)
		sum += n % 2 ? bytes[n] : (u32)bytes[n] << 8;
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return (u16)sum;
}

/*
 * Returns the sum over the pseudo-header (addresses, protocol and length) and everything after the
 * IP header.
 */
static u16 sum_over(const u8 *frame, size_t next, size_t size, bool v6)
{
	u8 protocol = v6 ? frame[20] : frame[23];

	return slow_sum(frame + next, size - next,
			slow_sum(frame + (v6 ? 22 : 26), v6 ? 32 : 8, 0) + protocol +
				(u32)(size - next));
}

static void test_checksum_of_sent(void **state)
{
	const u8 header[NET_HEADER] = { 1, 0, 0, 0, 0, 0, UDP_AT, 0, 6, 0 };
	u8 frame[sizeof(udp)];
	u16 pseudo = slow_sum(udp + 26, 8, 17 + 13);

	memcpy(frame, udp, sizeof(frame));
	frame[UDP_AT + 6] = (u8)(pseudo >> 8);
	frame[UDP_AT + 7] = (u8)pseudo;
	net_guest_start(&g, VIRTIO_NET_F_CSUM);
	net_guest_send(&g, header, frame, sizeof(frame));
	assert_int_equal(g.sent, 1);
	assert_int_equal(sum_over(g.frame, UDP_AT, sizeof(frame), false), 0xffff);
}

/*
 * DATA_VALID says that the host has checked the checksum (5.1.6.4), and is never set for a wrong
 * one.
 */
static void test_checksum_of_received(void **state)
{
	u8 frame[sizeof(udp)];
	u16 sum;

	memcpy(frame, udp, sizeof(frame));
	frame[UDP_AT + 6] = frame[UDP_AT + 7] = 0;
	sum = (u16)~sum_over(frame, UDP_AT, sizeof(frame), false);
	frame[UDP_AT + 6] = (u8)(sum >> 8);
	frame[UDP_AT + 7] = (u8)sum;
	net_guest_start(&g, VIRTIO_NET_F_GUEST_CSUM);
	net_guest_offer(&g, 1, 1526);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(*(u8 *)guest_ram(&g.guest, NET_BUFFER(1)), 2);
	frame[sizeof(frame) - 1]++;
	net_guest_offer(&g, 2, 1526);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(*(u8 *)guest_ram(&g.guest, NET_BUFFER(2)), 0);
	frame[sizeof(frame) - 1]--;
	net_guest_start(&g, 0);
	net_guest_offer(&g, 3, 1526);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(*(u8 *)guest_ram(&g.guest, NET_BUFFER(3)), 0);
}

/* Makes a TCP segment with `payload` bytes. Returns its size. */
static size_t make_segment(u8 *frame, bool v6, size_t payload)
{
	size_t ip = 14, tcp = ip + (v6 ? 40 : 20), size = tcp + 20 + payload;

	make_frame(frame, size);
	frame[12] = v6 ? 0x86 : 8;
	frame[13] = v6 ? 0xdd : 0;
	frame[ip] = v6 ? 0x60 : 0x45;
	frame[ip + 6] = v6 ? 6 : 0x40;
	frame[ip + 7] = 0;
	if (!v6)
		frame[ip + 9] = 6;
	memset(frame + tcp + 4, 0, 4); /* sequence number */
	frame[tcp + 12] = 5 << 4;
	frame[tcp + 13] = 0x80 | 0x10 | 8 | 1; /* CWR ACK PSH FIN */
	return size;
}

static void make_header(u8 header[NET_HEADER], bool v6, u16 payload)
{
	memset(header, 0, NET_HEADER);
	header[0] = 1;
	header[1] = v6 ? 4 : 1;
	header[4] = (u8)payload;
	header[5] = (u8)(payload >> 8);
	header[6] = v6 ? 54 : 34;
	header[8] = 16;
}

/*
 * Checks the last frame of a segment that was divided: it must have its own lengths, sequence
 * number, flags and checksums.
 */
static void check_last(size_t size, u32 sequence, bool v6)
{
	const u8 *ip = g.frame + 14, *tcp = ip + (v6 ? 40 : 20);
	size_t length = size - 14 - (v6 ? 40 : 0);

	assert_int_equal(g.size[g.sent - 1], size);
	assert_int_equal(v6 ? ip[4] << 8 | ip[5] : ip[2] << 8 | ip[3], length);
	if (!v6)
		assert_int_equal(slow_sum(ip, 20, 0), 0xffff);
	assert_int_equal((u32)tcp[4] << 24 | tcp[5] << 16 | tcp[6] << 8 | tcp[7], sequence);
	assert_int_equal(tcp[13], sequence ? 0x10 | 8 | 1 : 0x80 | 0x10 | 8 | 1);
	assert_int_equal(sum_over(g.frame, (size_t)(tcp - g.frame), size, v6), 0xffff);
}

static void test_segments(void **state)
{
	u8 frame[8000], header[NET_HEADER];

	net_guest_start(&g, VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 |
				    VIRTIO_NET_F_HOST_ECN);
	for (unsigned v6 = 0; v6 < 2; v6++) {
		size_t headers = v6 ? 74 : 54, size = make_segment(frame, v6, 5001);

		g.sent = 0;
		g.card.net.large = false;
		make_header(header, v6, 1460);
		net_guest_send(&g, header, frame, size);
		assert_int_equal(g.sent, 4);
		assert_int_equal(g.size[0], headers + 1460);
		check_last(headers + 5001 - 3 * 1460, 3 * 1460, v6);
		assert_memory_equal(g.frame + headers, frame + headers + 3 * 1460, 5001 - 3 * 1460);
		/* For a frontend that accepts any size the segment is sent as one frame. */
		g.card.net.large = true;
		net_guest_send(&g, header, frame, size);
		assert_int_equal(g.sent, 5);
		check_last(size, 0, v6);
	}
}

static void test_filter(void **state)
{
	const u8 on = 1, off = 0, table[] = { 1, 0, 0, 0, 2, 0, 0, 0, 0, 9,
					      1, 0, 0, 0, 1, 0, 0x5e, 0, 0, 1 };
	const struct {
		u8 address[6];
		bool wanted;
	} frames[] = {
		{ { 0x52, 0x54, 0, 1, 2, 3 }, true }, { { 2, 0, 0, 0, 0, 9 }, true },
		{ { 2, 0, 0, 0, 0, 8 }, false }, { { 1, 0, 0x5e, 0, 0, 1 }, true },
		{ { 1, 0, 0x5e, 0, 0, 2 }, false },
		{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, true },
	};
	u8 frame[60] = { 0 };

	net_guest_start(&g, VIRTIO_NET_F_CTRL_VQ | VIRTIO_NET_F_CTRL_RX);
	for (u16 n = 0; n < 32; n++)
		net_guest_offer(&g, n, 1526);
	net_guest_put(&g, frame, sizeof(frame)); /* promiscuous at first */
	assert_int_equal(g.card.net.stats.received, 1);
	assert_int_equal(net_guest_command(&g, 0, 0, &off, 1), 0);
	assert_int_equal(net_guest_command(&g, 1, 0, table, sizeof(table)), 0);
	for (unsigned n = 0; n < ARRAY_SIZE(frames); n++) {
		u64 before = g.card.net.stats.received;

		memcpy(frame, frames[n].address, 6);
		net_guest_put(&g, frame, sizeof(frame));
		assert_int_equal(g.card.net.stats.received - before, frames[n].wanted);
	}
	assert_int_equal(net_guest_command(&g, 0, 1, &on, 1), 0); /* all multicast */
	memcpy(frame, frames[4].address, 6);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(g.card.net.stats.received, 6);
	assert_int_equal(net_guest_command(&g, 0, 5, &on, 1), 1); /* RX_EXTRA: not negotiated */
}

static void test_address(void **state)
{
	const u8 mac[] = { 2, 1, 1, 1, 1, 1 };

	net_guest_start(&g, VIRTIO_NET_F_CTRL_VQ | VIRTIO_NET_F_CTRL_MAC_ADDR);
	assert_int_equal(net_guest_command(&g, 1, 1, mac, sizeof(mac)), 0);
	assert_int_equal(guest_get(&g.guest, MMIO_CONFIG), 0x01010102);
	guest_set(&g.guest, MMIO_STATUS, 0);
	assert_int_equal(guest_get(&g.guest, MMIO_CONFIG), 0x01005452);
}

static void test_link(void **state)
{
	u8 frame[60] = { 0 };

	net_guest_start(&g, VIRTIO_NET_F_STATUS);
	net_guest_offer(&g, 1, 1526);
	net_put_link(&g.card.net, &g.guest.platform.journal, false);
	assert_int_equal(guest_get(&g.guest, MMIO_INTERRUPT_STATUS), 2);
	assert_int_equal(guest_get(&g.guest, MMIO_CONFIG + 4) >> 16, 0);
	net_guest_put(&g, frame, sizeof(frame));
	net_guest_send(&g, plain, frame, sizeof(frame));
	assert_int_equal(g.sent, 0);
	assert_int_equal(g.card.net.stats.received, 0);
	net_put_link(&g.card.net, &g.guest.platform.journal, true);
	net_guest_put(&g, frame, sizeof(frame));
	assert_int_equal(g.card.net.stats.received, 1);
}

/* An answer is received on the pair on which the request was sent. */
static void test_multiqueue(void **state)
{
	struct guest_queue queue[7];
	const u16 three = 3, four = 4;
	u8 frame[sizeof(udp)];

	guest_free(&g.guest);
	net_guest_init(&g, 3);
	assert_int_equal(guest_get(&g.guest, MMIO_CONFIG + 8) & 0xffff, 3);
	assert_true(guest_negotiate(&g.guest, BIT(32) | VIRTIO_NET_F_MQ | VIRTIO_NET_F_CTRL_VQ));
	for (unsigned n = 0; n < 7; n++)
		guest_queue_start(&g.guest, &queue[n], n, 8);
	guest_driver_ok(&g.guest);
	g.control = queue[6];
	assert_int_equal(net_guest_command(&g, 4, 0, &four, 2), 1);
	assert_int_equal(net_guest_command(&g, 4, 0, &three, 2), 0);
	for (unsigned pair = 0; pair < 3; pair++) {
		g.tx = queue[2 * pair + 1];
		memcpy(frame, udp, sizeof(frame));
		frame[35] = (u8)pair; /* the port */
		net_guest_send(&g, plain, frame, sizeof(frame));
		ring_desc(&queue[2 * pair], 0, NET_BUFFER(1), 1526, FLAGS(F_WRITE, 0));
		guest_submit(&queue[2 * pair], 0);
	}
	for (unsigned pair = 3; pair--;) {
		memcpy(frame, udp, sizeof(frame));
		frame[35] = (u8)pair;
		net_guest_put(&g, frame, sizeof(frame));
		assert_true(guest_returned(&queue[2 * pair]));
	}
	/* The buffers of one pair are not used for another. */
	assert_false(net_guest_ready(&g, 60));
}

/* A replay gets the same frames from the journal. */
static void test_replay(void **state)
{
	static struct net_guest other;
	struct journal *journal = &g.guest.platform.journal;
	u8 frame[100];

	make_frame(frame, sizeof(frame));
	journal_record_start(journal);
	net_guest_start(&g, 0);
	net_guest_offer(&g, 1, 1526);
	net_guest_put(&g, frame, sizeof(frame));
	net_put_link(&g.card.net, journal, false);
	net_guest_init(&other, 1);
	net_guest_start(&other, 0);
	net_guest_offer(&other, 1, 1526);
	journal_follow(&other.guest.platform.journal, journal);
	net_guest_put(&other, frame, 50); /* not while replaying */
	journal_replay_due(&other.guest.platform.journal);
	assert_true(state_hash(&g.guest.platform.state) == state_hash(&other.guest.platform.state));
	assert_int_equal(other.card.net.stats.received, 1);
	guest_free(&other.guest);
}

/* A file may contain values that no driver can set. */
static void test_hostile_state(void **state)
{
	assert_int_equal(guest_clone(&g.guest, &g.guest), 0);
	g.card.active = 2;
	assert_int_equal(guest_clone(&g.guest, &g.guest), -EINVAL);
	g.card.active = 1;
	g.card.unicast.count = VIRTIO_NET_MACS_MAX + 1;
	assert_int_equal(guest_clone(&g.guest, &g.guest), -EINVAL);
	g.card.unicast.count = 0;
	g.card.config.status = 2;
	assert_int_equal(guest_clone(&g.guest, &g.guest), -EINVAL);
}

#define TEST(name) NET_GUEST_TEST(name, &g)

static u32 largest_size(u32 queue)
{
	guest_set(&g.guest, MMIO_QUEUE_SEL, queue);
	return guest_get(&g.guest, MMIO_QUEUE_NUM_MAX);
}

/* rx_queue_size= and tx_queue_size=; the control queue keeps the usual size. */
static void test_queue_sizes(void **state)
{
	const struct virtio_net_setup setup = {
		.name = "net1", .pairs = 1, .rx_size = 1024, .tx_size = 512,
	};

	for (u32 queue = 0; queue < 3; queue++)
		assert_int_equal(largest_size(queue), 256);
	guest_free(&g.guest);
	guest_init(&g.guest, CLOCK_VIRTUAL);
	virtio_net_init(&g.card, &g.guest.platform, &setup);
	guest_attach(&g.guest, &g.card.virtio);
	assert_int_equal(largest_size(0), 1024);
	assert_int_equal(largest_size(1), 512);
	assert_int_equal(largest_size(2), 256);
}

const struct CMUnitTest unit_tests[] = {
	TEST(test_identity), TEST(test_send), TEST(test_send_in_pieces),
	TEST(test_receive), TEST(test_mergeable), TEST(test_checksum_of_sent),
	TEST(test_checksum_of_received), TEST(test_segments), TEST(test_filter),
	TEST(test_address), TEST(test_link), TEST(test_multiqueue), TEST(test_replay),
	TEST(test_hostile_state), TEST(test_queue_sizes),
	{ 0 },
};
