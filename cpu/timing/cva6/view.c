/* SPDX-License-Identifier: MIT */
/* Following instructions through CVA6's pipeline; see view.h. */
#include "cpu/timing/cva6/view.h"

#include "cpu/timing/cva6/core.h"

void cva6_view_reset(struct cva6_view *view)
{
	timing_stages_reset(&view->stages);
	view->decoded = false;
	view->in_flight = 0;
}

static void cva6_view_end(struct cva6_view *view, unsigned slot, enum timing_stage how, u64 cycle)
{
	if (!(view->in_flight >> slot & 1))
		return;
	timing_stages_report(&view->stages, &view->slot[slot], how, cycle);
	view->in_flight &= ~(1u << slot);
}

void cva6_view_drop(struct cva6_view *view, u64 cycle)
{
	for (unsigned slot = 0; slot < CVA6_SLOTS_MAX; slot++)
		cva6_view_end(view, slot, TIMING_FLUSHED, cycle);
	timing_stages_flush(&view->stages, cycle);
	view->decoded = false;
}

/* Reports the instructions that commit. They have left the scoreboard by now. */
static void cva6_view_commit(struct cva6_view *view, const struct cva6_core *core, unsigned commits)
{
	unsigned slots = (unsigned)core->params.issue_entries;

	for (unsigned n = commits; n; n--)
		cva6_view_end(view, (core->pipe.sb.oldest + slots - n) % slots, TIMING_RETIRED,
			      core->cycle + 1);
}

static void cva6_view_issue(struct cva6_view *view, const struct cva6_core *core,
			    const struct cva6_entry *entry)
{
	unsigned slot = core->pipe.execute_slot;
	u64 record = entry->on_wrong_path ? TIMING_NO_RECORD : core->records.issue - 1;
	bool memory = entry->uop.unit == CVA6_LOAD || entry->uop.unit == CVA6_STORE;

	view->slot[slot] = timing_stages_issue(&view->stages, record);
	view->in_flight |= 1u << slot;
	view->decoded = false;
	timing_stages_report(&view->stages, &view->slot[slot],
			     entry->valid ? TIMING_COMPLETE :
			     memory       ? TIMING_ACCESSES :
					    TIMING_EXECUTES,
			     core->cycle + 1);
}

static void cva6_view_complete(struct cva6_view *view, u32 done, u64 cycle)
{
	for (u32 left = done & view->in_flight; left; left &= left - 1)
		timing_stages_report(&view->stages, &view->slot[__builtin_ctz(left)],
				     TIMING_COMPLETE, cycle + 1);
}

static const struct cva6_fetched *cva6_view_newest(const struct cva6_queue *queue, unsigned back)
{
	const struct cva6_fifo *fifo =
		&queue->fifo[(queue->input + CVA6_FETCHED - 1 - back) % CVA6_FETCHED];

	return &fifo->entry[(fifo->head + fifo->count - 1u) % CVA6_QUEUE_MAX];
}

/*
 * Reports what was fetched. The core's queue has the instructions that the viewer's queue has,
 * except the one in decode, and the new ones.
 */
static void cva6_view_fetch(struct cva6_view *view, const struct cva6_core *core)
{
	const struct cva6_queue *queue = &core->pipe.frontend.queue;
	unsigned waiting = view->stages.count - view->decoded;
	unsigned all = (unsigned)queue->fifo[0].count + queue->fifo[1].count;

	for (unsigned back = all - MIN(all, waiting); back; back--)
		timing_stages_fetch(&view->stages, cva6_view_newest(queue, back - 1)->pc,
				    core->cycle);
}

void cva6_view_cycle(struct cva6_view *view, const struct cva6_core *core,
		     const struct cva6_wires *wires)
{
	cva6_view_complete(view, wires->writeback.done, core->cycle);
	cva6_view_commit(view, core, wires->commits);
	if (wires->issued)
		cva6_view_issue(view, core, &wires->entry);
	if (core->pipe.decoded_valid && !view->decoded) {
		timing_stages_decode(&view->stages, core->cycle);
		timing_stages_wait(&view->stages, core->cycle + 1);
		view->decoded = true;
	}
	cva6_view_fetch(view, core);
	if (wires->flush) {
		cva6_view_drop(view, core->cycle + 1);
	} else if (wires->resolved.mispredict) {
		timing_stages_flush(&view->stages, core->cycle + 1);
		view->decoded = false;
	}
}
