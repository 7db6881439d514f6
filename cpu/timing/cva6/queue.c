/* SPDX-License-Identifier: MIT */
/* CVA6's instruction queue. See queue.h. */
#include "cpu/timing/cva6/queue.h"

struct cva6_queue_room cva6_queue_room(const struct cva6_queue *queue,
				       const struct cva6_params *params)
{
	return (struct cva6_queue_room){
		.full = { queue->fifo[0].count >= params->queue_depth,
			  queue->fifo[1].count >= params->queue_depth },
		.targets_full = queue->targets >= params->queue_targets,
	};
}

static void cva6_queue_enter(struct cva6_fifo *fifo, const struct cva6_fetched *fetched)
{
	fifo->entry[(fifo->head + fifo->count++) % CVA6_QUEUE_MAX] = *fetched;
}

unsigned cva6_queue_push(struct cva6_queue *queue, const struct cva6_queue_room *room,
			 const struct cva6_fetched *word, unsigned valid, bool *replay)
{
	unsigned fits = 0;
	bool target = false;

	for (unsigned n = 0; n < CVA6_FETCHED; n++) {
		if (!(valid >> n & 1) || room->full[(queue->input + n) % CVA6_FETCHED])
			continue;
		fits |= 1u << n;
		target |= word[n].flow != CVA6_NO_FLOW;
	}
	/* A word that needs an entry for a target is fetched again as a whole if there is none. */
	*replay = fits != valid || (target && room->targets_full);
	if (target && room->targets_full)
		return 0;
	for (unsigned n = 0; n < CVA6_FETCHED; n++)
		if (fits >> n & 1)
			cva6_queue_enter(&queue->fifo[(queue->input + n) % CVA6_FETCHED], &word[n]);
	queue->targets += target;
	queue->input = (u8)((queue->input + (unsigned)__builtin_popcount(fits)) % CVA6_FETCHED);
	return fits;
}

bool cva6_queue_pop(struct cva6_queue *queue, struct cva6_fetched *fetched)
{
	struct cva6_fifo *fifo = &queue->fifo[queue->output];

	if (!fifo->count)
		return false;
	*fetched = fifo->entry[fifo->head];
	fifo->head = (fifo->head + 1) % CVA6_QUEUE_MAX;
	fifo->count--;
	queue->targets -= fetched->flow != CVA6_NO_FLOW;
	queue->output = (queue->output + 1) % CVA6_FETCHED;
	return true;
}

void cva6_queue_flush(struct cva6_queue *queue)
{
	for (unsigned n = 0; n < CVA6_FETCHED; n++)
		queue->fifo[n].head = queue->fifo[n].count = 0;
	queue->input = queue->output = queue->targets = 0;
}
