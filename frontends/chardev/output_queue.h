/* SPDX-License-Identifier: MIT */
/* A port's output that waits until the descriptor to which it goes accepts it. */
#ifndef FRONTENDS_CHARDEV_OUTPUT_QUEUE_H
#define FRONTENDS_CHARDEV_OUTPUT_QUEUE_H

#include "bus/base.h"

struct output_queue {
	u8 *bytes; /* [start, end) waits; the owner advances `start` */
	size_t start, end, room;
};

static inline size_t output_queue_size(const struct output_queue *queue)
{
	return queue->end - queue->start;
}

/*
 * Appends data. Returns false, and adds nothing, if too much would wait then, or if the host is out
 * of memory. A guest that waits while its port is busy never reaches the limit.
 */
bool output_queue_add(struct output_queue *queue, const u8 *data, size_t size);

#endif
