/* SPDX-License-Identifier: MIT */
/*
 * The work of a network card for its driver, on frames alone: filling in and checking checksums,
 * cutting TCP segments to the network's frame size. Frames are hostile; no byte beyond their size
 * is read or written.
 */
#ifndef DEVICES_NET_OFFLOAD_H
#define DEVICES_NET_OFFLOAD_H

#include "bus/base.h"

/*
 * Writes the Internet checksum of all bytes from `start` on to the two bytes at start + offset,
 * which hold the sum of a pseudo header. False, without an effect: they are not in the frame.
 */
bool net_fill_checksum(u8 *frame, size_t size, size_t start, size_t offset);

/*
 * True for a whole TCP or UDP packet on IPv4 or IPv6 without extension headers whose checksum is
 * right.
 */
bool net_checksum_right(const u8 *frame, size_t size);

/* A TCP segment that is longer than the network's frames. */
struct net_segment {
	u8 *frame; /* its headers are changed */
	size_t size;
	size_t tcp; /* offset of its TCP header */
	size_t payload; /* bytes that each frame may carry, at least NET_SEGMENT_MIN */
	void (*send)(void *ctx, const u8 *frame, size_t size);
	void *ctx;
};

#define NET_SEGMENT_MIN 48 /* Linux's minimum; limits the number of frames of a segment */

/* Sends it in frames with lengths and checksums of their own; false, and none sent: malformed. */
bool net_send_segments(const struct net_segment *segment);

#endif
