/* SPDX-License-Identifier: MIT */
/* See queue.h. */
#include "frontends/net/queue.h"

#include <stdlib.h>
#include <string.h>

bool net_queue_open(struct net_queue *queue, size_t room)
{
	*queue = (struct net_queue){ .bytes = malloc(room), .room = room };
	return queue->bytes;
}

void net_queue_close(struct net_queue *queue)
{
	free(queue->bytes);
}

/* Returns whether there is room for `size` bytes; moves the bytes that wait to the front if this
 * makes room. */
bool net_queue_fits(struct net_queue *queue, size_t size)
{
	if (queue->end + size > queue->room && queue->start) {
		memmove(queue->bytes, queue->bytes + queue->start, queue->end - queue->start);
		queue->end -= queue->start;
		queue->start = 0;
	}
	if (queue->end + size <= queue->room)
		return true;
	queue->lost++;
	return false;
}

void net_queue_put(struct net_queue *queue, const void *bytes, size_t size)
{
	memcpy(queue->bytes + queue->end, bytes, size);
	queue->end += size;
}

void net_queue_add(struct net_queue *queue, const u8 *frame, size_t size)
{
	const u32 length = (u32)size;

	if (!net_queue_fits(queue, sizeof(length) + size))
		return;
	net_queue_put(queue, &length, sizeof(length));
	net_queue_put(queue, frame, size);
}

void net_queue_skip(struct net_queue *queue, size_t size)
{
	queue->start += size;
	if (queue->start == queue->end)
		queue->start = queue->end = 0;
}
