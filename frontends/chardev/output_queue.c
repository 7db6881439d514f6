/* SPDX-License-Identifier: MIT */
/* See output_queue.h. */
#include "frontends/chardev/output_queue.h"

#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX (16 * MiB)

static bool make_room(struct output_queue *queue, size_t size)
{
	size_t waiting = output_queue_size(queue);
	size_t room = MIN(MAX(2 * (waiting + size), (size_t)4 * KiB), (size_t)OUTPUT_MAX);
	u8 *grown;

	if (queue->start)
		memmove(queue->bytes, queue->bytes + queue->start, waiting);
	queue->start = 0;
	queue->end = waiting;
	if (waiting + size <= queue->room)
		return true;
	if (waiting + size > OUTPUT_MAX)
		return false;
	grown = realloc(queue->bytes, room);
	if (!grown)
		return false;
	queue->bytes = grown;
	queue->room = room;
	return true;
}

bool output_queue_add(struct output_queue *queue, const u8 *data, size_t size)
{
	if (!make_room(queue, size))
		return false;
	memcpy(queue->bytes + queue->end, data, size);
	queue->end += size;
	return true;
}
