/* SPDX-License-Identifier: MIT */
/*
 * Merges frames that continue one TCP stream into one large segment, so that the guest's driver has
 * about a tenth of the work (virtio 1.2 section 5.1.6.4, VIRTIO_NET_F_GUEST_TSO4).
 * net_send_segments of net/offload.h does the opposite. The frames are in a row, as for net_put.
 */
#ifndef DEVICES_NET_MERGE_H
#define DEVICES_NET_MERGE_H

#include "bus/base.h"

struct net_merged {
	size_t size; /* of the merged frame; 0: there is none */
	bool v6;
	size_t tcp, headers; /* offsets of the TCP header and of its payload */
	size_t payload; /* payload bytes of each frame except the last */
};

/*
 * Finds the frames at the beginning of the row that can be merged. Returns how many bytes of the
 * row they occupy, or 0 if the first frame cannot be merged. *merged describes the result.
 */
size_t net_mergeable(const u8 *row, size_t size, struct net_merged *merged);

/*
 * Merges all frames of a row into `frame` (NET_FRAME_MAX bytes). The TCP checksum field is set to
 * the sum of the pseudo header, as virtio requires. Returns false if they cannot be merged, or if a
 * frame's checksum is wrong.
 */
bool net_merge(const u8 *row, size_t size, u8 *frame, struct net_merged *merged);

#endif
