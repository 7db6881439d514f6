/* SPDX-License-Identifier: MIT */
/* Bytes that wait in a network: frames for a card, or what a socket does not take yet. */
#ifndef FRONTENDS_NET_QUEUE_H
#define FRONTENDS_NET_QUEUE_H

#include "bus/base.h"

struct net_queue {
	u8 *bytes;
	size_t room; /* of `bytes` */
	size_t start, end; /* the part of `bytes` that waits */
	u64 lost; /* frames that were dropped for lack of room */
};

/* Returns false if there is no memory. */
bool net_queue_open(struct net_queue *queue, size_t room);
void net_queue_close(struct net_queue *queue);

static inline bool net_queue_waits(const struct net_queue *queue)
{
	return queue->start < queue->end;
}

/* Returns whether `size` more bytes can be put; if not, a frame of the sender's counts as lost. */
bool net_queue_fits(struct net_queue *queue, size_t size);

/* Puts bytes for which there is room. */
void net_queue_put(struct net_queue *queue, const void *bytes, size_t size);

/* Adds a frame to a row, as net_next and net_put take it; it is lost if there is no room. */
void net_queue_add(struct net_queue *queue, const u8 *frame, size_t size);

/* Removes bytes from the front. */
void net_queue_skip(struct net_queue *queue, size_t size);

#endif
