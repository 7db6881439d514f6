/* SPDX-License-Identifier: MIT */
/* See net/packet.h. */
#include "devices/net/packet.h"

#include <string.h>

#include "devices/net/net.h"

#define ETHERTYPE_AT 12
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_VLAN 0x8100 /* IEEE 802.1Q table 9-1: a customer's tag */
#define ETHERTYPE_SERVICE 0x88a8 /* a service provider's tag, before that of a customer */
#define ETHERTYPE_IPV6 0x86dd

#define IPV4_SIZE 20
#define IPV4_FRAGMENT 0x3fff /* more fragments, or an offset */

/* Returns the offset of the EtherType that follows the VLAN tags. */
static size_t skip_tags(const u8 *frame, size_t size)
{
	size_t at = ETHERTYPE_AT;

	for (unsigned n = 0; n < NET_VLANS_MAX && at + 2 + NET_VLAN_SIZE <= size; n++) {
		u16 type = net_get16(frame + at);

		if (type != ETHERTYPE_VLAN && type != ETHERTYPE_SERVICE)
			break;
		at += NET_VLAN_SIZE;
	}
	return at;
}

bool net_packet_parse(const u8 *frame, size_t size, struct net_packet *packet)
{
	size_t at = skip_tags(frame, size), header;
	const u8 *ip;

	packet->ip = at + 2;
	packet->v6 = size >= packet->ip && net_get16(frame + at) == ETHERTYPE_IPV6;
	header = packet->v6 ? NET_IPV6_SIZE : IPV4_SIZE;
	if (size < packet->ip + header)
		return false;
	ip = frame + packet->ip;
	if (packet->v6) {
		packet->protocol = ip[6];
		packet->end = packet->ip + NET_IPV6_SIZE + net_get16(ip + 4);
	} else {
		header = (ip[0] & 15) * 4u;
		packet->protocol = ip[9];
		packet->end = packet->ip + net_get16(ip + 2);
		if (net_get16(frame + at) != ETHERTYPE_IPV4 || header < IPV4_SIZE ||
		    (net_get16(ip + 6) & IPV4_FRAGMENT))
			return false;
	}
	packet->next = packet->ip + header;
	return packet->next <= size;
}

u64 net_sum(const u8 *bytes, size_t size)
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

u16 net_fold(u64 sum)
{
	sum = (sum >> 32) + (u32)sum;
	for (unsigned n = 0; n < 3; n++)
		sum = (sum >> 16) + (u16)sum;
	return (u16)sum;
}

u64 net_pseudo_sum(const u8 *ip, bool v6, u8 protocol, size_t length)
{
	u8 tail[8] = { 0 };

	net_put32(tail, length);
	tail[7] = protocol;
	return net_sum(v6 ? ip + 8 : ip + 12, v6 ? 32 : 8) + net_sum(tail, sizeof(tail));
}

void net_packet_resize(u8 *frame, size_t size, const struct net_packet *packet)
{
	u8 *ip = frame + packet->ip;
	u16 sum;

	if (packet->v6) {
		net_put16(ip + 4, size - packet->ip - NET_IPV6_SIZE);
		return;
	}
	net_put16(ip + 2, size - packet->ip);
	net_put16(ip + 10, 0);
	sum = (u16)~net_fold(net_sum(ip, packet->next - packet->ip));
	memcpy(ip + 10, &sum, sizeof(sum));
}
