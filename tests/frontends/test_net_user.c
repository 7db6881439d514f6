/* SPDX-License-Identifier: MIT */
/*
 * frontends/net/user.c with a hostile guest, which sends all kinds of packets that libslirp
 * answers, cut short and changed. The answers must be frames, and a well-behaved guest must still
 * be served. Nothing leaves this process, because the network is restricted.
 */
#include "tests/frontends/cli/options_line.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "frontends/net/port.h"
#include "frontends/net/user_sockets.h"

#define ROUNDS 60000
#define ETHERNET 14
#define IPV4 20
#define IPV6 40

struct network {
	struct clock clock;
	struct net card;
	struct net_port port;
	struct pollset set;
};

struct frame {
	u8 bytes[2000];
	size_t size;
};

static struct network network;
static u64 seed = 1;

static u64 net_user_below(u64 limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % limit;
}

static int net_user_setup(void **state)
{
	struct board_error error;
	const struct options *options =
		parse_well("-netdev user,id=n,restrict=on,tftp=/nonexistent "
			   "-device virtio-net-device,netdev=n");

	clock_init(&network.clock, CLOCK_VIRTUAL);
	network.port.options = &options->net.netdevs[0];
	network.port.kind = &net_user;
	network.port.card = &network.card;
	network.port.clock = &network.clock;
	assert_true(net_queue_open(&network.port.queue, NET_QUEUE_SIZE));
	return net_user.open(&network.port, &error);
}

static int net_user_teardown(void **state)
{
	net_user.close(&network.port);
	net_queue_close(&network.port.queue);
	pollset_free(&network.set);
	return 0;
}

static u16 checksum(const u8 *data, size_t size)
{
	u32 sum = 0;

	for (size_t n = 0; n + 1 < size; n += 2)
		sum += (u32)data[n] << 8 | data[n + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

static void put16(u8 *at, u16 value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

static void sum_ipv4(struct frame *frame)
{
	u8 *ip = frame->bytes + ETHERNET;

	put16(ip + 10, 0);
	put16(ip + 10, checksum(ip, IPV4));
}

/* Writes the header of an Ethernet frame from the guest to the broadcast address. */
static void net_user_begin(struct frame *frame, u16 type)
{
	static const u8 addresses[] = { 255, 255, 255, 255, 255, 255, 0x52, 0x54, 0, 18, 52, 86 };

	*frame = (struct frame){ .size = ETHERNET };
	memcpy(frame->bytes, addresses, sizeof(addresses));
	put16(frame->bytes + 12, type);
}

static void make_ipv4(struct frame *frame, u8 protocol, const char *to, size_t payload)
{
	u8 *ip = frame->bytes + ETHERNET;

	net_user_begin(frame, 0x0800);
	frame->size += IPV4 + payload;
	ip[0] = 0x45;
	put16(ip + 2, (u16)(IPV4 + payload));
	ip[8] = 64;
	ip[9] = protocol;
	inet_pton(AF_INET, "10.0.2.15", ip + 12);
	inet_pton(AF_INET, to, ip + 16);
	sum_ipv4(frame);
}

static u8 *make_udp(struct frame *frame, const char *to, u16 port, size_t payload)
{
	u8 *udp = frame->bytes + ETHERNET + IPV4;

	make_ipv4(frame, IPPROTO_UDP, to, 8 + payload);
	put16(udp, port == 67 ? 68 : 4000);
	put16(udp + 2, port);
	put16(udp + 4, (u16)(8 + payload));
	return udp + 8;
}

static void make_dhcp(struct frame *frame)
{
	u8 *bootp = make_udp(frame, "255.255.255.255", 67, 300);
	static const u8 options[] = { 0x63, 0x82, 0x53, 0x63, 53, 1, 1, 255 }; /* discover */

	bootp[0] = 1;
	bootp[1] = 1;
	bootp[2] = 6;
	memcpy(bootp + 28, frame->bytes + 6, 6);
	memcpy(bootp + 236, options, sizeof(options));
}

static void make_arp(struct frame *frame)
{
	static const u8 request[] = { 0, 1, 8, 0, 6, 4, 0, 1, 0x52, 0x54, 0, 18, 52, 86,
				      10, 0, 2, 15, 0, 0, 0, 0, 0, 0, 10, 0, 2, 2 };

	net_user_begin(frame, 0x0806);
	memcpy(frame->bytes + ETHERNET, request, sizeof(request));
	frame->size += sizeof(request);
}

static void make_tcp(struct frame *frame)
{
	u8 *tcp = frame->bytes + ETHERNET + IPV4;

	make_ipv4(frame, IPPROTO_TCP, net_user_below(2) ? "10.0.2.2" : "10.0.2.77",
		  20 + 8 + net_user_below(400));
	put16(tcp, (u16)(1000 + net_user_below(4)));
	put16(tcp + 2, (u16)(1 + net_user_below(4)));
	tcp[12] = (u8)(0x70 - net_user_below(2) * 0x20);
	tcp[13] = (u8)net_user_below(64);
	put16(tcp + 20, 0x0204); /* the maximum segment size */
}

static void make_tftp(struct frame *frame)
{
	u8 *request = make_udp(frame, "10.0.2.2", 69, 40);

	memcpy(request, "\0\1name\0octet\0blksize\00065464\0tsize\0000", 35);
	request[1] = (u8)(1 + net_user_below(6));
}

static void make_dns(struct frame *frame)
{
	u8 *query = make_udp(frame, "10.0.2.3", 53, 12 + net_user_below(600));

	put16(query + 4, 1);
}

static void make_icmp(struct frame *frame)
{
	make_ipv4(frame, IPPROTO_ICMP, "10.0.2.2", 8 + net_user_below(1400));
	frame->bytes[ETHERNET + IPV4] = (u8)(net_user_below(2) ? 8 : net_user_below(256));
}

/* Makes a fragment of a packet: fragments overlap, and some are missing. */
static void make_fragment(struct frame *frame)
{
	make_ipv4(frame, IPPROTO_UDP, "10.0.2.2", 8 + 8 * net_user_below(100));
	put16(frame->bytes + ETHERNET + 4, (u16)net_user_below(3));
	put16(frame->bytes + ETHERNET + 6,
	      (u16)(net_user_below(2) << 13 | net_user_below(0x2000) >> net_user_below(13)));
	sum_ipv4(frame);
}

static void make_ipv6(struct frame *frame)
{
	static const u8 next[] = { 58, 17, 6, 0, 44, 43, 60, 59 };
	u8 *ip = frame->bytes + ETHERNET;
	size_t payload = 8 + net_user_below(200);

	net_user_begin(frame, 0x86dd);
	frame->size += IPV6 + payload;
	ip[0] = 0x60;
	put16(ip + 4, (u16)payload);
	ip[6] = next[net_user_below(sizeof(next))];
	ip[7] = 255;
	inet_pton(AF_INET6, "fec0::15", ip + 8);
	inet_pton(AF_INET6, net_user_below(2) ? "fec0::2" : "ff02::1", ip + 24);
	ip[IPV6] = (u8)(net_user_below(2) ? 128 + net_user_below(10) :
					    net_user_below(256)); /* ICMPv6: its type */
}

static void (*const makers[])(struct frame *frame) = {
	make_arp, make_dhcp, make_tcp, make_tftp, make_dns, make_icmp, make_fragment, make_ipv6,
};

/* Damages the packet: cuts it, or changes its length or other bytes. */
static void net_user_damage(struct frame *frame)
{
	bool sum = frame->bytes[12] == 8 && !frame->bytes[13] && net_user_below(4);

	for (u64 n = net_user_below(6); n; n--)
		frame->bytes[net_user_below(2) ? ETHERNET + net_user_below(60) :
						 net_user_below(frame->size)] =
			(u8)net_user_below(256);
	if (!net_user_below(3))
		frame->size = NET_HEADER_SIZE + net_user_below(frame->size - NET_HEADER_SIZE + 1);
	if (!net_user_below(8))
		frame->size = 1500;
	if (sum)
		sum_ipv4(frame);
}

/* Takes the frames that wait for the card, and returns their number. */
static unsigned drain(void)
{
	struct net_queue *queue = &network.port.queue;
	unsigned count = 0;
	u32 size;

	for (; queue->start < queue->end; queue->start += sizeof(size) + size, count++) {
		memcpy(&size, queue->bytes + queue->start, sizeof(size));
		assert_in_range(size, NET_HEADER_SIZE, NET_FRAME_MAX);
	}
	assert_int_equal(queue->start, queue->end);
	queue->start = queue->end = 0;
	return count;
}

static void net_user_look(void)
{
	pollset_clear(&network.set);
	network.set.ns = 0;
	net_user.fill_pollset(&network.port, &network.set);
	network.set.ns = 0;
	pollset_wait(&network.set);
	net_user.poll(&network.port, &network.set);
}

static void check_works(void)
{
	struct frame frame;

	drain();
	make_dhcp(&frame);
	net_user.send(&network.port, frame.bytes, frame.size);
	assert_int_equal(drain(), 1);
	make_arp(&frame);
	net_user.send(&network.port, frame.bytes, frame.size);
	assert_int_equal(drain(), 1);
}

static void test_honest_guest(void **state)
{
	check_works();
}

/* An ICMP echo request of PING bytes is sent in fragments of up to PART bytes. */
#define PING 2960
#define PART 1480

static void send_part(size_t offset, size_t size, bool more)
{
	static u8 echo[PING] = { 8, 0, 0, 0, 0, 1, 0, 1 };
	struct frame frame;

	put16(echo + 2, 0);
	put16(echo + 2, checksum(echo, sizeof(echo)));
	make_ipv4(&frame, IPPROTO_ICMP, "10.0.2.2", size);
	memcpy(frame.bytes + ETHERNET + IPV4, echo + offset, size);
	put16(frame.bytes + ETHERNET + 4, 7);
	put16(frame.bytes + ETHERNET + 6, (u16)(offset / 8 | more << 13));
	sum_ipv4(&frame);
	net_user.send(&network.port, frame.bytes, frame.size);
}

/* Fragments that come in order make a packet, which is answered; in any other order they are
 * dropped. */
static void test_parts_of_a_packet(void **state)
{
	check_works();
	for (unsigned n = 0; n < 2; n++) {
		send_part(PART, PING - PART, false); /* this alone ends libslirp 4.7 */
		send_part(PART, PING - PART, false);
		assert_int_equal(drain(), 0);
		send_part(0, PART, true);
		send_part(PART + 8, PART - 8, false);
		assert_int_equal(drain(), 0);
		send_part(0, PART, true);
		send_part(PART, PING - PART, false);
		assert_in_range(drain(), 1, 3);
	}
	/* Together they are longer than a packet can be. */
	send_part(0, PART, true);
	for (size_t offset = PART; offset < 65600; offset += 1024) {
		struct frame frame;

		make_ipv4(&frame, IPPROTO_ICMP, "10.0.2.2", 1024);
		put16(frame.bytes + ETHERNET + 4, 7);
		put16(frame.bytes + ETHERNET + 6, (u16)(MIN(offset / 8, 0x1fff) | 0x2000));
		sum_ipv4(&frame);
		net_user.send(&network.port, frame.bytes, frame.size);
	}
	assert_int_equal(drain(), 0);
	check_works();
}

static void test_malformed_packets(void **state)
{
	unsigned answers = 0;

	for (unsigned n = 0; n < ROUNDS; n++) {
		struct frame frame;

		makers[net_user_below(ARRAY_SIZE(makers))](&frame);
		if (net_user_below(8))
			net_user_damage(&frame);
		net_user.send(&network.port, frame.bytes, frame.size);
		answers += drain();
		clock_advance(&network.clock,
			      clock_now(&network.clock) + 1000 * net_user_below(1000));
		if (n % 64 == 0)
			net_user_look();
	}
	/* With fewer answers the test would prove nothing. */
	assert_true(answers > ROUNDS / 20);
	check_works();
}

/* Returns whether libslirp sends something on its own initiative when the machine's time has
 * reached this many seconds. */
static bool speaks(u64 seconds)
{
	network.port.queue.start = network.port.queue.end = 0;
	clock_advance(&network.clock, network.clock.base + seconds * CLOCK_HZ);
	pollset_clear(&network.set);
	net_user.fill_pollset(&network.port, &network.set);
	net_user.poll(&network.port, &network.set);
	return network.port.queue.end > 0;
}

/* Loading a state sets the machine's time back, and router advertisements must not wait until the
 * old time is reached again. */
static void test_time_that_goes_back(void **state)
{
	assert_true(speaks(100000));
	network.clock.base = network.clock.latest = 0;
	assert_false(speaks(100));
	assert_true(speaks(1000));
}

/* Makes a datagram from a port over IPv4, as far as its source is concerned. */
static void datagram(u8 frame[ETHERNET + IPV4 + 8], unsigned port)
{
	memset(frame, 0, ETHERNET + IPV4 + 8);
	frame[12] = 0x08;
	frame[ETHERNET] = 0x45;
	frame[ETHERNET + 9] = 17;
	frame[ETHERNET + 12] = 10;
	frame[ETHERNET + IPV4] = (u8)(port >> 8);
	frame[ETHERNET + IPV4 + 1] = (u8)port;
}

/* When too many sockets are open, datagrams pass that need no new one, and others when one was
 * closed. */
static void test_limit_of_sockets(void **state)
{
	struct user_sockets sockets = { .most = 3, .reported = true };
	u8 frame[ETHERNET + IPV4 + 8];

	for (unsigned port = 1; port <= 3; port++) {
		datagram(frame, port);
		assert_false(user_sockets_refuse(&sockets, frame, sizeof(frame)));
		user_sockets_opened(&sockets, (int)(10 * port));
	}
	for (unsigned port = 1; port <= 9; port++) {
		datagram(frame, port);
		assert_int_equal(user_sockets_refuse(&sockets, frame, sizeof(frame)), port > 3);
	}
	frame[ETHERNET + IPV4 + 3] = 67; /* the DHCP server */
	assert_false(user_sockets_refuse(&sockets, frame, sizeof(frame)));
	frame[ETHERNET + 9] = 1; /* ICMP: an answer, and a request */
	frame[ETHERNET + IPV4] = 0;
	assert_false(user_sockets_refuse(&sockets, frame, sizeof(frame)));
	frame[ETHERNET + IPV4] = 8;
	assert_true(user_sockets_refuse(&sockets, frame, sizeof(frame)));
	for (size_t size = 0; size < ETHERNET + IPV4; size++)
		assert_false(user_sockets_refuse(&sockets, frame, size));
	user_sockets_closed(&sockets, 20);
	datagram(frame, 9);
	assert_false(user_sockets_refuse(&sockets, frame, sizeof(frame)));
	user_sockets_opened(&sockets, 20);
	datagram(frame, 2);
	assert_true(user_sockets_refuse(&sockets, frame, sizeof(frame)));
	user_sockets_free(&sockets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_that_goes_back),
		cmocka_unit_test(test_honest_guest),
		cmocka_unit_test(test_parts_of_a_packet),
		cmocka_unit_test(test_malformed_packets),
		cmocka_unit_test(test_limit_of_sockets),
	};

	return cmocka_run_group_tests(tests, net_user_setup, net_user_teardown);
}
