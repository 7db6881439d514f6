/* SPDX-License-Identifier: MIT */
/* A queue of bytes: frames that wait for a card, or output that a socket has not accepted yet. */
#ifndef FRONTENDS_NET_QUEUE_H
#define FRONTENDS_NET_QUEUE_H

#include "bus/base.h"

struct net_queue {
	u8 *bytes;
	size_t room; /* the size of `bytes` */
	size_t start, end; /* the part of `bytes` that is queued */
	u64 lost; /* frames that were dropped for lack of room */
};

/* Allocates `room` bytes. Returns false when out of memory. */
bool net_queue_open(struct net_queue *queue, size_t room);
void net_queue_close(struct net_queue *queue);

static inline bool net_queue_waits(const struct net_queue *queue)
{
	return queue->start < queue->end;
}

/* Returns whether `size` more bytes can be put into the queue; if not, counts a lost frame. */
bool net_queue_fits(struct net_queue *queue, size_t size);

/* Appends bytes, for which there must be room (net_queue_fits). */
void net_queue_put(struct net_queue *queue, const void *bytes, size_t size);

/*
 * Appends a frame in the format of net_ready and net_put (its size, then its bytes). It is lost if
 * there is no room.
 */
void net_queue_add(struct net_queue *queue, const u8 *frame, size_t size);

/* Removes bytes from the front. */
void net_queue_skip(struct net_queue *queue, size_t size);

#endif
