/* SPDX-License-Identifier: MIT */
/*
 * See net/merge.h. The fields that may differ between merged frames are those in which Linux's GRO
 * allows a difference.
 */
#include "devices/net/merge.h"

#include <string.h>

#include "devices/net/net.h"
#include "devices/net/offload.h"
#include "devices/net/packet.h"

#define HEADERS_MAX 256
#define TCP_PSH 8
#define TCP_ACK 16

/* One of the consecutive frames, a part of a TCP stream. */
struct part {
	const u8 *frame;
	struct net_packet packet;
	size_t headers, payload;
	u32 sequence;
	bool pushed; /* PSH: the sender has no more data at the moment */
};

static bool read_part(const u8 *frame, size_t size, struct part *part)
{
	const u8 *tcp;

	part->frame = frame;
	if (!net_packet_parse(frame, size, &part->packet) || part->packet.end > size ||
	    part->packet.protocol != NET_PROTOCOL_TCP ||
	    part->packet.end < part->packet.next + NET_TCP_SIZE)
		return false;
	tcp = frame + part->packet.next;
	part->headers = part->packet.next + (tcp[12] >> 4) * 4u;
	if ((tcp[12] >> 4) * 4 < NET_TCP_SIZE || part->headers >= part->packet.end ||
	    part->headers > HEADERS_MAX || (tcp[13] & ~TCP_PSH) != TCP_ACK)
		return false;
	part->payload = part->packet.end - part->headers;
	part->sequence = net_get32(tcp + 4);
	part->pushed = tcp[13] & TCP_PSH;
	return true;
}

/*
 * Copies the headers with the fields zeroed that may differ: lengths, identification, sequence
 * number, checksums, PSH.
 */
static void mask_headers(const struct part *part, u8 headers[HEADERS_MAX])
{
	u8 *ip = headers + part->packet.ip, *tcp = headers + part->packet.next;

	memcpy(headers, part->frame, part->headers);
	if (part->packet.v6) {
		net_put16(ip + 4, 0);
	} else {
		net_put32(ip + 2, 0);
		net_put16(ip + 10, 0);
	}
	net_put32(tcp + 4, 0);
	net_put16(tcp + 16, 0);
	tcp[13] = TCP_ACK;
}

static bool same_stream(const struct part *a, const struct part *b)
{
	u8 left[HEADERS_MAX], right[HEADERS_MAX];

	if (a->headers != b->headers || a->packet.next != b->packet.next)
		return false;
	mask_headers(a, left);
	mask_headers(b, right);
	return !memcmp(left, right, a->headers);
}

size_t net_mergeable(const u8 *row, size_t size, struct net_merged *merged)
{
	const u8 *at = row, *end = row + size, *taken;
	struct part first, part;
	size_t frame_size, room;
	const u8 *frame = net_next(&at, end, &frame_size);

	*merged = (struct net_merged){ 0 };
	if (!frame || !read_part(frame, frame_size, &first))
		return 0;
	*merged = (struct net_merged){ first.packet.end, first.packet.v6, first.packet.next,
				       first.headers, first.payload };
	taken = NULL;
	part = first;
	/* A shorter frame, or one with PSH, ends the segment. */
	while (part.payload == first.payload && !part.pushed) {
		u32 next = part.sequence + (u32)part.payload;

		frame = net_next(&at, end, &frame_size);
		/*
		 * An IPv6 packet may be larger by the size of its header, which its length field
		 * does not include.
		 */
		room = NET_PACKET_MAX - MIN(merged->size - first.packet.ip, NET_PACKET_MAX);
		if (!frame || !read_part(frame, frame_size, &part) || part.sequence != next ||
		    part.payload > MIN(room, first.payload) || !same_stream(&first, &part))
			break;
		merged->size += part.payload;
		taken = at;
	}
	return taken ? (size_t)(taken - row) : 0;
}

/*
 * Returns whether the checksums of TCP and of an IPv4 header are right: the guest does not see
 * those of merged frames.
 */
static bool sums_right(const u8 *frame, size_t size, const struct net_packet *packet)
{
	const u64 sum = net_sum(frame + packet->ip, packet->next - packet->ip);

	return (packet->v6 || net_fold(sum) == 0xffff) && net_checksum_right(frame, size);
}

/*
 * Copies the first frame's headers and the payloads of all frames, each of which net_mergeable()
 * has accepted. Returns whether their checksums are right.
 */
static bool copy_parts(const u8 *row, size_t size, u8 *frame, struct net_merged *merged)
{
	const u8 *at = row, *from;
	size_t from_size, used = 0;

	while ((from = net_next(&at, row + size, &from_size))) {
		struct part part;

		if (!read_part(from, from_size, &part) ||
		    !sums_right(from, from_size, &part.packet))
			return false;
		if (!used) {
			memcpy(frame, from, part.headers);
			used = part.headers;
		}
		memcpy(frame + used, from + part.headers, part.payload);
		used += part.payload;
		frame[merged->tcp + 13] |= from[merged->tcp + 13];
	}
	return true;
}

bool net_merge(const u8 *row, size_t size, u8 *frame, struct net_merged *merged)
{
	struct net_packet packet;
	u16 sum;

	if (net_mergeable(row, size, merged) != size || !copy_parts(row, size, frame, merged) ||
	    !net_packet_parse(frame, merged->size, &packet))
		return false;
	net_packet_resize(frame, merged->size, &packet);
	sum = net_fold(net_pseudo_sum(frame + packet.ip, packet.v6, NET_PROTOCOL_TCP,
				      merged->size - merged->tcp));
	memcpy(frame + merged->tcp + 16, &sum, sizeof(sum));
	return true;
}
