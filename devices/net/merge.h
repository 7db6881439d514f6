/* SPDX-License-Identifier: MIT */
/*
 * Frames that are one piece after the other of a TCP stream made one segment, of which the guest's
 * driver has a tenth of the work (virtio 1.2 section 5.1.6.4, VIRTIO_NET_F_GUEST_TSO4): the
 * opposite of net/offload.h's net_send_segments. Frames are in a row as net_put takes them.
 */
#ifndef DEVICES_NET_MERGE_H
#define DEVICES_NET_MERGE_H

#include "bus/base.h"

struct net_merged {
	size_t size; /* of the frame; 0: there is none */
	bool v6;
	size_t tcp, headers; /* where the TCP header is, and what it carries begins */
	size_t payload; /* bytes that each frame but the last one carried */
};

/*
 * Which of the frames at the front of the row can be one: bytes of the row, or 0 where the first
 * goes alone. What *merged says is what they make.
 */
size_t net_mergeable(const u8 *row, size_t size, struct net_merged *merged);

/*
 * Make one of all of a row, at `frame` (NET_FRAME_MAX bytes): the checksum of TCP is its pseudo
 * header's sum. False: they are not to be one, or one's own checksum is wrong.
 */
bool net_merge(const u8 *row, size_t size, u8 *frame, struct net_merged *merged);

#endif
