/* SPDX-License-Identifier: MIT */
/* See net/offload.h. */
#include "devices/net/offload.h"

#include <string.h>

#include "devices/net/net.h"
#include "devices/net/packet.h"

#define HEADERS_MAX 256 /* before the TCP header; IPv6 may have many */
#define TCP_HEADER_MAX 60

#define TCP_FIN 1
#define TCP_PSH 8
#define TCP_CWR 0x80

bool net_fill_checksum(u8 *frame, size_t size, size_t start, size_t offset)
{
	u16 sum;

	if (start > size || offset + 2 > size - start)
		return false;
	sum = (u16)~net_fold(net_sum(frame + start, size - start));
	/* In UDP 0 means "no checksum"; all ones is the same sum in ones' complement. */
	sum = sum ? sum : 0xffff;
	memcpy(frame + start + offset, &sum, sizeof(sum));
	return true;
}

bool net_checksum_right(const u8 *frame, size_t size)
{
	struct net_packet packet;
	const u8 *next;
	size_t length;
	u64 sum;

	if (!net_packet_parse(frame, size, &packet) || packet.end > size ||
	    packet.end < packet.next)
		return false;
	next = frame + packet.next;
	length = packet.end - packet.next;
	if (packet.protocol == NET_PROTOCOL_UDP) {
		if (length < NET_UDP_SIZE || !net_get16(next + 6) || net_get16(next + 4) != length)
			return false;
	} else if (packet.protocol != NET_PROTOCOL_TCP || length < NET_TCP_SIZE) {
		return false;
	}
	sum = net_pseudo_sum(frame + packet.ip, packet.v6, packet.protocol, length);
	return net_fold(sum + net_sum(next, length)) == 0xffff;
}

/* Fills in the lengths and checksums of a frame whose TCP header is at `tcp`. */
static void finish_headers(u8 *frame, size_t size, const struct net_packet *packet, size_t tcp)
{
	u16 sum;

	net_packet_resize(frame, size, packet);
	net_put16(frame + tcp + 16, 0);
	sum = (u16)~net_fold(
		net_sum(frame + tcp, size - tcp) +
		net_pseudo_sum(frame + packet->ip, packet->v6, NET_PROTOCOL_TCP, size - tcp));
	memcpy(frame + tcp + 16, &sum, sizeof(sum));
}

/*
 * Sends the frames of a segment. Each is made in place: its headers are written in front of its
 * part of the payload, over bytes that have already been sent.
 */
static void send_parts(const struct net_segment *segment, const struct net_packet *packet,
		       size_t headers)
{
	u8 head[NET_HEADER_SIZE + NET_VLANS_MAX * NET_VLAN_SIZE + HEADERS_MAX + TCP_HEADER_MAX];
	u8 *tcp = head + segment->tcp;
	u8 flags = segment->frame[segment->tcp + 13];
	u32 sequence = net_get32(segment->frame + segment->tcp + 4);
	u16 id = net_get16(segment->frame + packet->ip + 4);

	memcpy(head, segment->frame, headers);
	for (size_t at = headers, part; at < segment->size; at += part) {
		u8 *frame = segment->frame + at - headers;
		bool last = segment->size - at <= segment->payload;

		part = MIN(segment->payload, segment->size - at);
		tcp[13] = (u8)(flags & (last ? 0xff : ~(TCP_FIN | TCP_PSH)) &
			       (at == headers ? 0xff : ~TCP_CWR));
		net_put32(tcp + 4, sequence + (at - headers));
		if (!packet->v6)
			net_put16(head + packet->ip + 4, id++);
		memcpy(frame, head, headers);
		finish_headers(frame, headers + part, packet, segment->tcp);
		segment->send(segment->ctx, frame, headers + part);
	}
}

bool net_send_segments(const struct net_segment *segment)
{
	struct net_segment part = *segment;
	struct net_packet packet;
	size_t headers;

	if (!net_packet_parse(segment->frame, segment->size, &packet) ||
	    segment->tcp < packet.next || segment->tcp - packet.ip > HEADERS_MAX ||
	    segment->size < segment->tcp + NET_TCP_SIZE || segment->payload < NET_SEGMENT_MIN)
		return false;
	headers = segment->tcp + (segment->frame[segment->tcp + 12] >> 4) * 4u;
	if (headers < segment->tcp + NET_TCP_SIZE || headers >= segment->size)
		return false;
	part.payload = MIN(part.payload, NET_PACKET_MAX - (headers - packet.ip));
	send_parts(&part, &packet, headers);
	return true;
}
