/* SPDX-License-Identifier: MIT */
/*
 * What a network card does for its driver, on frames alone: checksums filled in and looked at, TCP
 * segments cut to the size of the network. Frames are hostile; nothing is read or written beyond
 * their size.
 */
#ifndef DEVICES_NET_OFFLOAD_H
#define DEVICES_NET_OFFLOAD_H

#include "bus/base.h"

/*
 * Put the Internet checksum of all from `start` on into the two bytes at start + offset, which hold
 * the sum of a pseudo header. False, and nothing done: they are not in the frame.
 */
bool net_fill_checksum(u8 *frame, size_t size, size_t start, size_t offset);

/* Is it TCP or UDP, whole, on IPv4 or IPv6 without extension headers, and its checksum right? */
bool net_checksum_right(const u8 *frame, size_t size);

/* A TCP segment that is longer than what the network takes. */
struct net_segment {
	u8 *frame; /* its headers are changed */
	size_t size;
	size_t tcp; /* where its TCP header is */
	size_t payload; /* bytes that each frame may carry, at least NET_SEGMENT_MIN */
	void (*send)(void *ctx, const u8 *frame, size_t size);
	void *ctx;
};

#define NET_SEGMENT_MIN 48 /* what Linux goes down to; bounds the frames made of one */

/* Send it in frames with lengths and checksums of their own; false, and none sent: malformed. */
bool net_send_segments(const struct net_segment *segment);

#endif
