/* SPDX-License-Identifier: MIT */
/*
 * Work that a network card does for its driver, frame by frame: it fills in and checks checksums,
 * and cuts TCP segments to the network's frame size. Frames are hostile; no byte beyond their size
 * is read or written.
 */
#ifndef DEVICES_NET_OFFLOAD_H
#define DEVICES_NET_OFFLOAD_H

#include "bus/base.h"

/*
 * Writes the Internet checksum of all bytes from `start` on to the two bytes at start + offset,
 * which have the sum of a pseudo header. Returns false, having done nothing, if they are not in the
 * frame.
 */
bool net_fill_checksum(u8 *frame, size_t size, size_t start, size_t offset);

/*
 * Returns whether the frame is a whole TCP or UDP packet on IPv4 or IPv6, without extension
 * headers, with the right checksum.
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

/*
 * Sends the segment in frames with lengths and checksums of their own. Returns false, having sent
 * none, if it is malformed.
 */
bool net_send_segments(const struct net_segment *segment);

#endif
