/* SPDX-License-Identifier: MIT */
/*
 * Reassembles IPv4 fragments for a network that must not do it itself: libslirp 4.7 of Debian 12
 * ends the process when the last fragment of a packet comes first. Fragments that come in order, as
 * a guest's own stack sends them, become a packet; others are dropped.
 */
#ifndef FRONTENDS_NET_FRAGMENTS_H
#define FRONTENDS_NET_FRAGMENTS_H

#include "devices/board/board.h"

#define NET_FRAGMENTED_MAX 4 /* packets at once; the oldest is dropped for another */

struct net_fragments {
	struct net_fragmented {
		size_t size; /* bytes that have come, headers included; 0: none */
		u8 frame[NET_HEADER_SIZE + 65535];
	} packets[NET_FRAGMENTED_MAX];
	unsigned next; /* the packet to drop next */
};

/*
 * Returns the frame itself if it is no fragment, or the packet that it completes, with its size;
 * the result is valid until the next call. NULL: the packet is not complete, or not valid.
 */
const u8 *net_fragments_join(struct net_fragments *fragments, const u8 *frame, size_t *size);

#endif
