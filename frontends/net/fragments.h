/* SPDX-License-Identifier: MIT */
/*
 * IPv4 packets that come in parts, put together in front of a network that had better not do it:
 * libslirp 4.7 of Debian 12 ends the process when the last part of a packet comes first. Parts that
 * come in order, as a guest's own stack sends them, become a packet; others are dropped.
 */
#ifndef FRONTENDS_NET_FRAGMENTS_H
#define FRONTENDS_NET_FRAGMENTS_H

#include "devices/board/board.h"

#define NET_FRAGMENTED_MAX 4 /* packets at once; then the oldest goes */

struct net_fragments {
	struct net_fragmented {
		size_t size; /* of what has come, headers included; 0: nothing */
		u8 frame[NET_HEADER_SIZE + 65535];
	} packets[NET_FRAGMENTED_MAX];
	unsigned next; /* whose turn it is to go */
};

/*
 * The frame itself, when it is no part of a packet, or the packet that it was the last part of,
 * good until the next call; with its size. NULL: nothing for now, or nothing good.
 */
const u8 *net_fragments_join(struct net_fragments *fragments, const u8 *frame, size_t *size);

#endif
