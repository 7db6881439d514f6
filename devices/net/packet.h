/* SPDX-License-Identifier: MIT */
/*
 * Headers of frames, which are not trusted, and their checksums. Numbers in headers are big-endian;
 * sums are of 16-bit words (RFC 1071).
 */
#ifndef DEVICES_NET_PACKET_H
#define DEVICES_NET_PACKET_H

#include "bus/base.h"

#define NET_PROTOCOL_TCP 6
#define NET_PROTOCOL_UDP 17
#define NET_IPV6_SIZE 40
#define NET_PACKET_MAX 65535
#define NET_TCP_SIZE 20 /* the header, without options */
#define NET_UDP_SIZE 8

static inline u16 net_get16(const u8 *bytes)
{
	return (u16)(bytes[0] << 8 | bytes[1]);
}

static inline u32 net_get32(const u8 *bytes)
{
	return (u32)net_get16(bytes) << 16 | net_get16(bytes + 2);
}

static inline void net_put16(u8 *bytes, u64 value)
{
	bytes[0] = (u8)(value >> 8);
	bytes[1] = (u8)value;
}

static inline void net_put32(u8 *bytes, u64 value)
{
	net_put16(bytes, value >> 16);
	net_put16(bytes + 2, value);
}

/* Offsets of the headers of a frame. */
struct net_packet {
	/*
	 * `next` is the header after IP's; `end` comes from a header, and may be beyond the frame
	 */
	size_t ip, next, end;
	bool v6;
	u8 protocol;
};

/*
 * Finds the headers, also behind VLAN tags. Returns false if the frame is neither IPv4 nor IPv6, is
 * truncated, or is a fragment.
 */
bool net_packet_parse(const u8 *frame, size_t size, struct net_packet *packet);

/*
 * net_sum adds up 16-bit words as the host loads them, so the result is the sum with its bytes
 * swapped. net_pseudo_sum returns the sum of the pseudo header (RFC 9293 3.1, RFC 8200 8.1) for
 * `length` bytes. These sums may be added; net_fold makes 16 bits of the total, to be stored in a
 * header in the host's byte order.
 */
u64 net_sum(const u8 *bytes, size_t size);
u64 net_pseudo_sum(const u8 *ip, bool v6, u8 protocol, size_t length);
u16 net_fold(u64 sum);

/*
 * Sets the length in the packet's header, and the checksum of an IPv4 header, for a frame of `size`
 * bytes.
 */
void net_packet_resize(u8 *frame, size_t size, const struct net_packet *packet);

#endif
