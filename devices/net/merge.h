/* SPDX-License-Identifier: MIT */
/*
 * Merges frames that continue one TCP stream into one segment, so that the guest's driver has a
 * tenth of the work (virtio 1.2 section 5.1.6.4, VIRTIO_NET_F_GUEST_TSO4). net_send_segments of
 * net/offload.h does the opposite. Frames are in a row, as net_put takes them.
 */
#ifndef DEVICES_NET_MERGE_H
#define DEVICES_NET_MERGE_H

#include "bus/base.h"

struct net_merged {
	size_t size; /* of the merged frame; 0: there is none */
	bool v6;
	size_t tcp, headers; /* offset of the TCP header, and of its payload */
	size_t payload; /* payload bytes of each frame except the last */
};

/*
 * Finds the frames at the front of the row that can be merged. Returns their bytes in the row, or 0
 * if the first frame cannot be merged. *merged describes the result.
 */
size_t net_mergeable(const u8 *row, size_t size, struct net_merged *merged);

/*
 * Merges all frames of a row into `frame` (NET_FRAME_MAX bytes). The field of the TCP checksum gets
 * the sum of the pseudo header. Returns false if they cannot be merged, or if a frame's checksum is
 * wrong.
 */
bool net_merge(const u8 *row, size_t size, u8 *frame, struct net_merged *merged);

#endif
