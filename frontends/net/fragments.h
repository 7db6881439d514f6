/* SPDX-License-Identifier: MIT */
/*
 * Reassembles IPv4 fragments for a network that must not do this itself: libslirp 4.7 of Debian 12
 * aborts the process when the last fragment of a packet arrives first. Fragments that arrive in
 * order, as a guest's own network stack sends them, are joined to a packet; others are dropped.
 */
#ifndef FRONTENDS_NET_FRAGMENTS_H
#define FRONTENDS_NET_FRAGMENTS_H

#include "devices/board/board.h"

#define NET_FRAGMENTED_MAX 4 /* packets at the same time; another one replaces the oldest */

struct net_fragments {
	struct net_fragmented {
		size_t size; /* bytes that have arrived, including headers; 0: the slot is free */
		u8 frame[NET_HEADER_SIZE + 65535];
	} packets[NET_FRAGMENTED_MAX];
	unsigned next; /* the slot that is reused next */
};

/*
 * Returns the frame itself if it is not a fragment, or the packet that it completes, with its size
 * in *size. The result is valid until the next call. Returns NULL if the packet is not complete or
 * not valid.
 */
const u8 *net_fragments_join(struct net_fragments *fragments, const u8 *frame, size_t *size);

#endif
