/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/net/merge.c and its use in devices/virtio/net.c: frames into which
 * net_send_segments() has divided a segment are merged to the same segment again, and no others are
 * merged.
 */
#include "net_guest.h"
#include <string.h>

#include "devices/net/merge.h"
#include "devices/net/offload.h"
#include "devices/net/packet.h"

#define PAYLOAD 1000 /* of each frame except the last */
#define PARTS 7
#define BYTES (PAYLOAD * (PARTS - 1) + 123)
#define CHECKSUM 16

struct row {
	u8 bytes[2 * NET_FRAME_MAX];
	size_t size, starts[80];
	unsigned count;
};

static struct net_guest g;
static struct row row;
static u8 whole[NET_FRAME_MAX], again[NET_FRAME_MAX];

static size_t tcp_at(bool v6)
{
	return v6 ? 54 : 34;
}

/*
 * Makes a segment to the card's address with ACK and PSH, and twelve bytes of options. Returns its
 * size.
 */
static size_t make_whole(bool v6, size_t payload)
{
	static const u8 mac[] = { 0x52, 0x54, 0, 1, 2, 3 };
	size_t tcp = tcp_at(v6), size = tcp + 32 + payload;
	u8 *ip = whole + 14;

	for (size_t n = 0; n < size; n++)
		whole[n] = (u8)(n * 7 + n / 256);
	memcpy(whole, mac, sizeof(mac));
	whole[12] = v6 ? 0x86 : 8;
	whole[13] = v6 ? 0xdd : 0;
	ip[0] = v6 ? 0x60 : 0x45;
	ip[6] = v6 ? 6 : 0x40;
	ip[7] = 0;
	if (!v6)
		ip[9] = 6;
	/* The sequence number wraps around in the segment. */
	memcpy(whole + tcp + 4, (const u8[]){ 0xff, 0xff, 0xf8, 0 }, 4);
	whole[tcp + 12] = 8 << 4;
	whole[tcp + 13] = 0x10 | 8;
	return size;
}

/* Fills in the lengths and checksums of the segment in `whole`. */
static void finish(bool v6, size_t size)
{
	struct net_packet packet = { .ip = 14, .next = tcp_at(v6), .v6 = v6 };
	u16 sum;

	net_packet_resize(whole, size, &packet);
	sum = net_fold(net_pseudo_sum(whole + 14, v6, NET_PROTOCOL_TCP, size - packet.next));
	memcpy(whole + packet.next + CHECKSUM, &sum, sizeof(sum));
	assert_true(net_fill_checksum(whole, size, packet.next, CHECKSUM));
	assert_true(net_checksum_right(whole, size));
}

static void add_frame(void *ctx, const u8 *frame, size_t size)
{
	const u32 bytes = (u32)size;

	row.starts[row.count++] = row.size;
	memcpy(row.bytes + row.size, &bytes, sizeof(bytes));
	memcpy(row.bytes + row.size + sizeof(bytes), frame, size);
	row.size += sizeof(bytes) + size;
}

/* Divides `whole` into frames, and appends them to the row. */
static void cut(bool v6, size_t size)
{
	struct net_segment segment = { again, size, tcp_at(v6), PAYLOAD, add_frame, NULL };

	memcpy(again, whole, size);
	assert_true(net_send_segments(&segment));
}

/*
 * Fills the row with the frames of a segment with `payload` bytes. Returns the size of the segment,
 * to which they must be merged again.
 */
static size_t make_row(bool v6, size_t payload)
{
	size_t size = make_whole(v6, payload);

	row.size = row.count = 0;
	cut(v6, size);
	return size;
}

static void test_comes_together(void **state)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		size_t size = make_row(v6, BYTES), tcp = tcp_at(v6);
		struct net_merged merged;

		assert_int_equal(row.count, PARTS);
		assert_int_equal(net_mergeable(row.bytes, row.size, &merged), row.size);
		assert_true(net_merge(row.bytes, row.size, again, &merged));
		assert_int_equal(merged.size, size);
		assert_int_equal(merged.v6, v6);
		assert_int_equal(merged.tcp, tcp);
		assert_int_equal(merged.headers, tcp + 32);
		assert_int_equal(merged.payload, PAYLOAD);
		/* The checksum is filled in, as the guest's kernel does it. */
		assert_true(net_fill_checksum(again, size, tcp, CHECKSUM));
		assert_true(net_checksum_right(again, size));
		assert_memory_equal(again, whole, 14);
		assert_memory_equal(again + tcp, whole + tcp, CHECKSUM);
		assert_memory_equal(again + tcp + 18, whole + tcp + 18, size - tcp - 18);
	}
}

/* Inserts VLAN tags into `whole`: a customer's within those of service providers. */
static size_t add_tags(size_t size, unsigned count)
{
	memmove(whole + 12 + 4 * count, whole + 12, size - 12);
	for (unsigned n = 0; n < count; n++) {
		net_put16(whole + 12 + 4 * n, n + 1 < count ? 0x88a8 : 0x8100);
		net_put16(whole + 14 + 4 * n, n + 10);
	}
	return size + 4 * count;
}

/* IEEE 802.1Q table 9-1: tags may be stacked. */
static void test_tags(void **state)
{
	for (unsigned tags = 1; tags <= NET_VLANS_MAX + 1; tags++)
		for (unsigned v6 = 0; v6 < 2; v6++) {
			size_t size = add_tags(make_whole(v6, BYTES), tags);
			size_t tcp = tcp_at(v6) + 4 * tags;
			struct net_segment segment = { again, size, tcp, PAYLOAD, add_frame, NULL };
			struct net_merged merged;

			row.size = row.count = 0;
			memcpy(again, whole, size);
			assert_int_equal(net_send_segments(&segment), tags <= NET_VLANS_MAX);
			if (tags > NET_VLANS_MAX)
				continue;
			assert_int_equal(row.count, PARTS);
			assert_true(net_merge(row.bytes, row.size, again, &merged));
			assert_int_equal(merged.size, size);
			assert_true(net_fill_checksum(again, size, tcp, CHECKSUM));
			assert_true(net_checksum_right(again, size));
			assert_memory_equal(again, whole, 14 + 4 * tags);
			assert_memory_equal(again + tcp + 32, whole + tcp + 32, BYTES);
		}
}

/*
 * A frame that does not continue the stream ends the merged frame, whichever byte of its headers
 * differs.
 */
static void test_any_other_header(void **state)
{
	static const u8 own4[] = { 16, 17, 18, 19, 24, 25 }; /* length, identification, sum */
	static const u8 own6[] = { 18, 19 }; /* length */

	for (unsigned v6 = 0; v6 < 2; v6++) {
		const u8 *own = v6 ? own6 : own4;
		size_t tcp = tcp_at(v6), count = v6 ? sizeof(own6) : sizeof(own4), end;
		struct net_merged merged;

		make_row(v6, BYTES);
		end = row.starts[3];
		for (size_t n = 0; n < tcp + 32; n++) {
			u8 *byte = &row.bytes[row.starts[3] + 4 + n];
			bool sum = n == tcp + 16 || n == tcp + 17;

			if (memchr(own, (int)n, count) || sum)
				continue;
			*byte ^= 0x20;
			assert_int_equal(net_mergeable(row.bytes, row.size, &merged), end);
			assert_int_equal(merged.size, tcp + 32 + 3 * PAYLOAD);
			*byte ^= 0x20;
		}
	}
}

static void test_ends(void **state)
{
	struct net_merged merged;
	u8 *flags;

	make_row(false, BYTES);
	/* After PSH another message begins. */
	flags = &row.bytes[row.starts[2] + 4 + 34 + 13];
	*flags |= 8;
	assert_int_equal(net_mergeable(row.bytes, row.size, &merged), row.starts[3]);
	/* A frame that has other flags is not merged, whether it is the first or a later one. */
	for (unsigned bit = 0; bit < 8; bit++) {
		if (bit == 3 || bit == 4)
			continue;
		*flags = (u8)(0x10 | BIT(bit));
		assert_int_equal(net_mergeable(row.bytes, row.size, &merged), row.starts[2]);
		assert_int_equal(net_mergeable(row.bytes + row.starts[2], row.size - row.starts[2],
					       &merged),
				 0);
	}
	*flags = 0x10;
	/* The row has one frame, is truncated in its second frame, or is empty. */
	assert_int_equal(net_mergeable(row.bytes, row.starts[1], &merged), 0);
	assert_int_equal(net_mergeable(row.bytes, row.starts[2] - 1, &merged), 0);
	assert_int_equal(net_mergeable(row.bytes, 3, &merged), 0);
	assert_int_equal(net_mergeable(row.bytes, 0, &merged), 0);
}

/* The merged frame does not exceed the greatest length of an IP packet. */
static void test_length(void **state)
{
	struct net_merged merged;
	size_t size = make_whole(false, 40 * PAYLOAD);

	row.size = row.count = 0;
	whole[34 + 13] = 0x10;
	memset(whole + 34 + 4, 0, 4);
	cut(false, size);
	whole[34 + 6] = 40 * PAYLOAD >> 8;
	whole[34 + 7] = 40 * PAYLOAD & 0xff;
	cut(false, size);
	assert_int_equal(net_mergeable(row.bytes, row.size, &merged), row.starts[65]);
	assert_int_equal(merged.size, 34 + 32 + 65 * PAYLOAD);
	assert_true(net_merge(row.bytes, row.starts[65], again, &merged));
	assert_false(net_merge(row.bytes, row.starts[66], again, &merged));
	/* A wrong checksum of an IP header must not be replaced by a right one. */
	row.bytes[row.starts[1] + 4 + 14 + 10] ^= 1;
	assert_false(net_merge(row.bytes, row.starts[65], again, &merged));
}

/*
 * A frame of maximum size is merged with no other. The maximum is larger with IPv6 than with IPv4.
 */
static void test_largest(void **state)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		size_t tcp = tcp_at(v6), headers = tcp + 32, payload = 14 + 65535 - headers;
		struct net_merged merged;

		payload += v6 ? 40 : 0;
		row.size = row.count = 0;
		make_whole(v6, payload);
		whole[tcp + 13] = 0x10;
		finish(v6, headers + payload);
		add_frame(NULL, whole, headers + payload);
		make_whole(v6, 100);
		whole[tcp + 13] = 0x10;
		net_put32(whole + tcp + 4, 0xfffff800 + (u32)payload);
		finish(v6, headers + 100);
		add_frame(NULL, whole, headers + 100);
		assert_int_equal(net_mergeable(row.bytes, row.size, &merged), 0);
		assert_false(net_merge(row.bytes, row.size, again, &merged));
	}
}

/*
 * The header tells the driver how the frame was merged (5.1.6.4); the driver fills in the checksum.
 */
static void test_card(void **state)
{
	const u64 all = VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6;

	for (unsigned v6 = 0; v6 < 2; v6++) {
		size_t size = make_row(v6, BYTES), tcp = tcp_at(v6);
		const u8 header[NET_HEADER] = {
			1, v6 ? 4 : 1, (u8)(tcp + 32), 0, (u8)PAYLOAD, PAYLOAD >> 8, (u8)tcp, 0,
			CHECKSUM, 0, 1, 0,
		};
		u8 *buffer = guest_ram(&g.guest, NET_BUFFER(1));

		net_guest_start(&g, all);
		net_guest_offer(&g, 1, 0x12000);
		assert_int_equal(net_ready(&g.card.net, row.bytes, row.size), row.size);
		net_put(&g.card.net, &g.guest.platform.journal, row.bytes, row.size);
		assert_int_equal(guest_take(&g.rx), NET_HEADER + size);
		assert_memory_equal(buffer, header, NET_HEADER);
		buffer += NET_HEADER;
		assert_true(net_fill_checksum(buffer, size, tcp, CHECKSUM));
		assert_true(net_checksum_right(buffer, size));
		assert_memory_equal(buffer + tcp + 32, whole + tcp + 32, BYTES);
		assert_int_equal(g.card.net.stats.received, PARTS * (v6 + 1));
	}
}

/*
 * Frames are passed on one by one if the driver did not negotiate merged frames, if it has too few
 * buffers, or if a checksum is wrong.
 */
static void test_card_one_by_one(void **state)
{
	static const u64 lacking[] = {
		VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO6,
		VIRTIO_NET_F_GUEST_TSO4,
		VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_MRG_RXBUF,
		VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4,
	};
	size_t taken;
	u32 id, len;

	for (unsigned n = 0; n < ARRAY_SIZE(lacking); n++) {
		bool wrong = n == 3;

		make_row(false, BYTES);
		row.bytes[row.starts[2] + 200] ^= wrong;
		net_guest_start(&g, lacking[n]);
		for (u16 buffer = 1; buffer <= 3; buffer++)
			net_guest_offer(&g, buffer, 1526);
		/* The host does not know that a checksum is wrong. */
		for (unsigned frame = 0; frame < 3; frame++) {
			const u8 *at = row.bytes + row.starts[frame];
			size_t left = row.size - row.starts[frame];

			taken = net_ready(&g.card.net, at, left);
			assert_int_equal(taken, wrong ? left : 4 + 34 + 32 + PAYLOAD);
			net_put(&g.card.net, &g.guest.platform.journal, at, taken);
			if (wrong)
				break;
		}
		for (u16 buffer = 1; buffer <= 3; buffer++) {
			assert_true(guest_used(&g.rx, &id, &len));
			assert_int_equal(len, NET_HEADER + 34 + 32 + PAYLOAD);
			assert_memory_equal(guest_ram(&g.guest, NET_BUFFER(id) + NET_HEADER),
					    row.bytes + row.starts[buffer - 1] + 4,
					    34 + 32 + PAYLOAD);
		}
		assert_false(guest_used(&g.rx, &id, &len));
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_comes_together),
	cmocka_unit_test(test_tags),
	cmocka_unit_test(test_any_other_header),
	cmocka_unit_test(test_ends),
	cmocka_unit_test(test_length),
	cmocka_unit_test(test_largest),
	NET_GUEST_TEST(test_card, &g),
	NET_GUEST_TEST(test_card_one_by_one, &g),
	{ 0 },
};
