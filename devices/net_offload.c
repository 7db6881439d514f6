/* SPDX-License-Identifier: MIT */
/* See net_offload.h. Numbers in headers are big-endian; sums are of 16-bit words (RFC 1071). */
#include "devices/net_offload.h"

#include <string.h>

#include "devices/net.h"

#define ETHERTYPE_AT 12
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_IPV6 0x86dd
#define VLAN_SIZE 4

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define IPV4_SIZE 20
#define IPV4_FRAGMENT 0x3fff /* more fragments, or an offset */
#define IPV6_SIZE 40
#define PACKET_MAX 65535
#define HEADERS_MAX 256 /* before that of TCP; IPv6's may be many */
#define TCP_SIZE 20
#define TCP_HEADER_MAX 60
#define UDP_SIZE 8

#define TCP_FIN 1
#define TCP_PSH 8
#define TCP_CWR 0x80

static u16 get16(const u8 *bytes)
{
	return (u16)(bytes[0] << 8 | bytes[1]);
}

static u32 get32(const u8 *bytes)
{
	return (u32)get16(bytes) << 16 | get16(bytes + 2);
}

static void put16(u8 *bytes, u64 value)
{
	bytes[0] = (u8)(value >> 8);
	bytes[1] = (u8)value;
}

static void put32(u8 *bytes, u64 value)
{
	put16(bytes, value >> 16);
	put16(bytes + 2, value);
}

/* The words as the host loads them: a sum of them is the sum, its bytes swapped. */
static u64 sum_of(const u8 *bytes, size_t size)
{
	u64 sum = 0, rest = 0;

	for (; size >= 8; bytes += 8, size -= 8) {
		u32 words[2];

		memcpy(words, bytes, sizeof(words));
		sum += (u64)words[0] + words[1];
	}
	memcpy(&rest, bytes, size);
	return sum + (u32)rest + (rest >> 32);
}

/* As it is in a header, in the host's order. */
static u16 fold(u64 sum)
{
	sum = (sum >> 32) + (u32)sum;
	for (unsigned n = 0; n < 3; n++)
		sum = (sum >> 16) + (u16)sum;
	return (u16)sum;
}

bool net_fill_checksum(u8 *frame, size_t size, size_t start, size_t offset)
{
	u16 sum;

	if (start > size || offset + 2 > size - start)
		return false;
	sum = (u16)~fold(sum_of(frame + start, size - start));
	/* Of the two zeros the one that does not mean "none" to UDP. */
	sum = sum ? sum : 0xffff;
	memcpy(frame + start + offset, &sum, sizeof(sum));
	return true;
}

/* Where the headers of a frame are. */
struct packet {
	size_t ip, next, end;
	bool v6;
	u8 protocol;
};

/* False: neither IPv4 nor IPv6, cut off, or a fragment. */
static bool parse(const u8 *frame, size_t size, struct packet *packet)
{
	size_t at = ETHERTYPE_AT, header;
	const u8 *ip;

	if (size >= NET_HEADER_SIZE + VLAN_SIZE && get16(frame + at) == ETHERTYPE_VLAN)
		at += VLAN_SIZE;
	packet->ip = at + 2;
	packet->v6 = size >= packet->ip && get16(frame + at) == ETHERTYPE_IPV6;
	header = packet->v6 ? IPV6_SIZE : IPV4_SIZE;
	if (size < packet->ip + header)
		return false;
	ip = frame + packet->ip;
	if (packet->v6) {
		packet->protocol = ip[6];
		packet->end = packet->ip + IPV6_SIZE + get16(ip + 4);
	} else {
		header = (ip[0] & 15) * 4u;
		packet->protocol = ip[9];
		packet->end = packet->ip + get16(ip + 2);
		if (get16(frame + at) != ETHERTYPE_IPV4 || header < IPV4_SIZE ||
		    (get16(ip + 6) & IPV4_FRAGMENT))
			return false;
	}
	packet->next = packet->ip + header;
	return packet->next <= size;
}

/* Of the pseudo header (RFC 9293 3.1, RFC 8200 8.1). */
static u64 pseudo_sum(const u8 *ip, bool v6, u8 protocol, size_t length)
{
	u8 tail[8] = { 0 };

	put32(tail, length);
	tail[7] = protocol;
	return sum_of(v6 ? ip + 8 : ip + 12, v6 ? 32 : 8) + sum_of(tail, sizeof(tail));
}

bool net_checksum_right(const u8 *frame, size_t size)
{
	struct packet packet;
	const u8 *next;
	size_t length;

	if (!parse(frame, size, &packet) || packet.end > size || packet.end < packet.next)
		return false;
	next = frame + packet.next;
	length = packet.end - packet.next;
	if (packet.protocol == PROTOCOL_UDP ? length < UDP_SIZE || !get16(next + 6) ||
						      get16(next + 4) != length
					    : packet.protocol != PROTOCOL_TCP || length < TCP_SIZE)
		return false;
	return fold(sum_of(next, length) + pseudo_sum(frame + packet.ip, packet.v6,
						      packet.protocol, length)) == 0xffff;
}

/* Lengths and checksums of a frame, whose TCP header is at `tcp`. */
static void finish_headers(u8 *frame, size_t size, const struct packet *packet, size_t tcp)
{
	u8 *ip = frame + packet->ip;
	u16 sum;

	if (packet->v6) {
		put16(ip + 4, size - packet->ip - IPV6_SIZE);
	} else {
		put16(ip + 2, size - packet->ip);
		put16(ip + 10, 0);
		sum = (u16)~fold(sum_of(ip, packet->next - packet->ip));
		memcpy(ip + 10, &sum, sizeof(sum));
	}
	put16(frame + tcp + 16, 0);
	sum = (u16)~fold(sum_of(frame + tcp, size - tcp) +
			 pseudo_sum(ip, packet->v6, PROTOCOL_TCP, size - tcp));
	memcpy(frame + tcp + 16, &sum, sizeof(sum));
}

/*
 * Each frame is made in place: its headers are put right before its part of the payload, over what
 * is sent already.
 */
static void send_parts(const struct net_segment *segment, const struct packet *packet,
		       size_t headers)
{
	u8 head[NET_HEADER_SIZE + VLAN_SIZE + HEADERS_MAX + TCP_HEADER_MAX];
	u8 *tcp = head + segment->tcp;
	u8 flags = segment->frame[segment->tcp + 13];
	u32 sequence = get32(segment->frame + segment->tcp + 4);
	u16 id = get16(segment->frame + packet->ip + 4);

	memcpy(head, segment->frame, headers);
	for (size_t at = headers, part; at < segment->size; at += part) {
		u8 *frame = segment->frame + at - headers;
		bool last = segment->size - at <= segment->payload;

		part = MIN(segment->payload, segment->size - at);
		tcp[13] = (u8)(flags & (last ? 0xff : ~(TCP_FIN | TCP_PSH)) &
			       (at == headers ? 0xff : ~TCP_CWR));
		put32(tcp + 4, sequence + (at - headers));
		if (!packet->v6)
			put16(head + packet->ip + 4, id++);
		memcpy(frame, head, headers);
		finish_headers(frame, headers + part, packet, segment->tcp);
		segment->send(segment->ctx, frame, headers + part);
	}
}

bool net_send_segments(const struct net_segment *segment)
{
	struct net_segment part = *segment;
	struct packet packet;
	size_t headers;

	if (!parse(segment->frame, segment->size, &packet) || segment->tcp < packet.next ||
	    segment->tcp - packet.ip > HEADERS_MAX || segment->size < segment->tcp + TCP_SIZE ||
	    segment->payload < NET_SEGMENT_MIN)
		return false;
	headers = segment->tcp + (segment->frame[segment->tcp + 12] >> 4) * 4u;
	if (headers < segment->tcp + TCP_SIZE || headers >= segment->size)
		return false;
	part.payload = MIN(part.payload, PACKET_MAX - (headers - packet.ip));
	send_parts(&part, &packet, headers);
	return true;
}
