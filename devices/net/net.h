/* SPDX-License-Identifier: MIT */
/*
 * An Ethernet connection between a network card and the frontend's backend (a user-mode network, a
 * socket, a tap). The card fills in its half (ready, sinks), and the frontend its own (send).
 * Frames and link changes for the guest always pass through the journal. A frame begins with its
 * Ethernet header and has no frame check sequence.
 */
#ifndef DEVICES_NET_NET_H
#define DEVICES_NET_NET_H

#include "bus/base.h"
#include "bus/journal.h"
#include <string.h>

#define NET_MAC_SIZE 6
#define NET_HEADER_SIZE 14 /* a shorter frame is invalid */
#define NET_VLAN_SIZE 4
#define NET_VLANS_MAX 8 /* tags that a frame may have, one in another; as many as in Linux */
/*
 * The payload of an IPv6 packet, up to 64 KiB, its header, and an Ethernet header with VLAN tags.
 */
#define NET_FRAME_MAX (64 * KiB + 40 + NET_HEADER_SIZE + NET_VLANS_MAX * NET_VLAN_SIZE)
#define NET_ROW_SIZE sizeof(u32) /* bytes of the size that precedes each frame of a row */

/* Counters for the monitor, which are not part of the machine's state. */
struct net_stats {
	u64 sent, sent_bytes; /* by the guest */
	u64 received, received_bytes;
	u64 bad; /* frames of the guest that were malformed and not sent */
	/*
	 * frames for the guest that it did not get: the card was off, or no buffer was large enough
	 */
	u64 dropped;
};

struct net {
	/* Frontend's half: sends a frame of the guest. NULL: frames are lost. Must not block. */
	void (*send)(void *ctx, const u8 *frame, size_t size);
	void *ctx;
	bool large; /* `send` accepts TCP segments beyond the MTU, up to NET_FRAME_MAX */
	/* Card's half: see net_ready. */
	size_t (*ready)(void *card, const u8 *row, size_t size);
	void *card;
	unsigned sink, link_sink;
	const u8 *mac; /* the address that the guest set */
	unsigned mtu; /* offered to the guest; 0: none */
	const char *name; /* of the card, in the machine */
	const char *id; /* of its -device; NULL: none was given */
	const char *netdev; /* id of the -netdev that it is connected to; NULL: none */
	bool link;
	struct net_stats stats;
};

/*
 * Returns the next frame of a row, and moves *row past it. A row is the frames that wait for the
 * guest, each after its size (u32). Returns NULL at the row's end, or if a frame is truncated.
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
 * Returns how many bytes of the row net_put should be given now: those of the first frame, or of
 * several that the card merges; 0 if the frames should wait. Changes nothing.
 */
static inline size_t net_ready(struct net *net, const u8 *row, size_t size)
{
	return net->ready(net->card, row, size);
}

/*
 * Passes the beginning of a row to the guest: as many bytes as net_ready returned. Called between
 * two slices of the run loop.
 */
static inline void net_put(struct net *net, struct journal *journal, const u8 *row, size_t size)
{
	journal_put(journal, net->sink, row, size);
}

/* Connects the cable, or disconnects it. */
static inline void net_put_link(struct net *net, struct journal *journal, bool link)
{
	const u8 level = link;

	journal_put(journal, net->link_sink, &level, 1);
}

#endif
