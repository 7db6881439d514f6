/* SPDX-License-Identifier: MIT */
/*
 * Work that a network card does for its driver, frame by frame: it fills in and checks checksums,
 * and divides TCP segments into frames of the network's size. Frames are not trusted: no byte
 * beyond their size is read or written.
 */
#ifndef DEVICES_NET_OFFLOAD_H
#define DEVICES_NET_OFFLOAD_H

#include "bus/base.h"

/*
 * Computes the Internet checksum of all bytes from `start` on, and writes it to the two bytes at
 * start + offset, which must hold the sum of the pseudo header before. Returns false and changes
 * nothing if they are not in the frame.
 */
bool net_fill_checksum(u8 *frame, size_t size, size_t start, size_t offset);

/*
 * Returns whether the frame is a complete TCP or UDP packet over IPv4 or IPv6, without extension
 * headers, and has a correct checksum.
 */
bool net_checksum_right(const u8 *frame, size_t size);

/* A TCP segment that is longer than the network's frames. */
struct net_segment {
	u8 *frame; /* it is overwritten */
	size_t size;
	size_t tcp; /* offset of its TCP header */
	size_t payload; /* bytes that each frame may carry, at least NET_SEGMENT_MIN */
	void (*send)(void *ctx, const u8 *frame, size_t size);
	void *ctx;
};

#define NET_SEGMENT_MIN 48 /* Linux's minimum, which limits the number of frames of a segment */

/*
 * Sends the segment as frames, each with its own lengths and checksums. Returns false and sends
 * nothing if it is malformed.
 */
bool net_send_segments(const struct net_segment *segment);

#endif
