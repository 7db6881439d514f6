/* SPDX-License-Identifier: MIT */
/*
 * An Ethernet cable between a network card and whatever the frontend put at its other end (a
 * user-mode network, a socket, a tap). The card fills in its half (ready, sinks), the frontend its
 * own (send). Frames and link changes for the guest always pass the journal. A frame begins with
 * its Ethernet header and has no checksum of its own at its end.
 */
#ifndef DEVICES_NET_NET_H
#define DEVICES_NET_NET_H

#include "bus/base.h"
#include "bus/journal.h"
#include <string.h>

#define NET_MAC_SIZE 6
#define NET_HEADER_SIZE 14 /* what is shorter is no frame */
/* 64 KiB of an IPv6 packet's payload, its header and an Ethernet header with a VLAN's tag. */
#define NET_FRAME_MAX (64 * KiB + 40 + NET_HEADER_SIZE + 4)
#define NET_ROW_SIZE sizeof(u32) /* of the size that is before each frame of a row */

/* For people; no part of the machine's state. */
struct net_stats {
	u64 sent, sent_bytes; /* by the guest */
	u64 received, received_bytes;
	u64 bad; /* of the guest's, not sent: not as the card wants them */
	u64 dropped; /* for the guest: the card was off, or had no buffer of the size */
};

struct net {
	/* Frontend's half: the guest sent a frame. NULL: it is lost. Must not block. */
	void (*send)(void *ctx, const u8 *frame, size_t size);
	void *ctx;
	bool large; /* it takes TCP segments beyond the MTU, up to NET_FRAME_MAX */
	/* Card's half: net_ready. */
	size_t (*ready)(void *card, const u8 *row, size_t size);
	void *card;
	unsigned sink, link_sink;
	const u8 *mac; /* as the guest has set it */
	unsigned mtu; /* that the guest was told; 0: none */
	const char *name; /* of the card, in the machine */
	bool link;
	struct net_stats stats;
};

/*
 * Frames for the guest wait in a row, each behind its size. The next one of a row, which is moved
 * past it; NULL at its end, or where it is cut.
 */
static inline const u8 *net_next(const u8 **row, const u8 *end, size_t *size)
{
	const u8 *frame = *row + NET_ROW_SIZE;
	u32 bytes;

	if ((size_t)(end - *row) < NET_ROW_SIZE)
		return NULL;
	memcpy(&bytes, *row, NET_ROW_SIZE);
	if (bytes > (size_t)(end - frame))
		return NULL;
	*size = bytes;
	*row = frame + bytes;
	return frame;
}

/*
 * Bytes of the row, of its first frame or of several that the card makes one of, that should be put
 * now; 0: they should wait. Changes nothing.
 */
static inline size_t net_ready(struct net *net, const u8 *row, size_t size)
{
	return net->ready(net->card, row, size);
}

/* Give a row to the guest, as net_ready has said, between two slices of the run loop. */
static inline void net_put(struct net *net, struct journal *journal, const u8 *row, size_t size)
{
	journal_put(journal, net->sink, row, size);
}

/* Plug the cable in or pull it out. */
static inline void net_put_link(struct net *net, struct journal *journal, bool link)
{
	const u8 level = link;

	journal_put(journal, net->link_sink, &level, 1);
}

#endif
