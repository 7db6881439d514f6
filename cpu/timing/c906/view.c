/* SPDX-License-Identifier: MIT */
/* Following instructions through C906's pipeline; see view.h. */
#include "cpu/timing/c906/view.h"

#include "cpu/timing/c906/core.h"

void c906_view_reset(struct c906_view *view)
{
	timing_stages_reset(&view->stages);
	for (unsigned n = 0; n < C906_VIEW_WAYS; n++)
		view->in_flight[n].valid = false;
	view->wrong_path_valid = false;
}

static void c906_view_complete(struct c906_view *view, u64 number, u64 now)
{
	unsigned n = number % C906_VIEW_WAYS;

	if (!view->in_flight[n].valid || view->in_flight[n].number != number)
		return;
	view->in_flight[n].valid = false;
	timing_stages_report(&view->stages, &view->in_flight[n].way, TIMING_RETIRED, now + 1);
}

static void flush_wrong_path(struct c906_view *view, u64 now)
{
	if (view->wrong_path_valid)
		timing_stages_report(&view->stages, &view->wrong_path, TIMING_FLUSHED, now + 1);
	view->wrong_path_valid = false;
}

/* Reports the instructions that are killed. One that is dispatched again is a new one. */
static void c906_view_kill(struct c906_view *view, const struct c906_core *core)
{
	flush_wrong_path(view, core->env.now);
	for (unsigned n = 0; n < C906_VIEW_WAYS; n++) {
		if (!view->in_flight[n].valid || view->in_flight[n].number < core->records.issue)
			continue;
		view->in_flight[n].valid = false;
		timing_stages_report(&view->stages, &view->in_flight[n].way, TIMING_FLUSHED,
				     core->env.now + 1);
	}
	timing_stages_flush(&view->stages, core->env.now + 1);
}

static void c906_view_dispatch(struct c906_view *view, const struct c906_core *core,
			       const struct c906_ex1 *entry)
{
	unsigned n = entry->number % C906_VIEW_WAYS;
	u64 now = core->env.now;
	struct timing_way way;

	flush_wrong_path(view, now);
	/* An instruction that the decoder takes at once was never in the buffer. */
	if (!view->stages.count)
		timing_stages_fetch(&view->stages, entry->pc, now);
	way = timing_stages_issue(&view->stages,
				  entry->on_wrong_path ?
					  TIMING_NO_RECORD :
					  core->records.ring[entry->number % C906_RECORDS].number);
	timing_stages_report(&view->stages, &way,
			     c906_is_memory(entry->uop.unit) ? TIMING_ACCESSES : TIMING_EXECUTES,
			     now + 1);
	if (entry->on_wrong_path) {
		view->wrong_path_valid = true;
		view->wrong_path = way;
		return;
	}
	view->in_flight[n].valid = true;
	view->in_flight[n].number = entry->number;
	view->in_flight[n].way = way;
}

/*
 * Reports what was fetched: the buffer has the instructions of the viewer's queue, and the new
 * ones.
 */
static void c906_view_fetch(struct c906_view *view, const struct c906_core *core)
{
	const struct c906_ibuf *ibuf = &core->pipe.ifu.ibuf;
	unsigned all = (unsigned)ibuf->pop_valid + ibuf->count;

	for (unsigned n = view->stages.count; n < all; n++) {
		bool first = !n && ibuf->pop_valid;

		timing_stages_fetch(&view->stages,
				    first ? ibuf->pop.pc : ibuf->entry[n - ibuf->pop_valid].pc,
				    core->env.now);
	}
	timing_stages_decode(&view->stages, core->env.now + 1);
}

void c906_view_cycle(struct c906_view *view, const struct c906_core *core,
		     const struct c906_wires *wires)
{
	bool killed = wires->flush_fe || wires->ifu.resolved.redirect;

	if (wires->completes && wires->done)
		c906_view_complete(view, wires->number, core->env.now);
	if (killed)
		c906_view_kill(view, core);
	else if (wires->dispatches && wires->entry.last)
		c906_view_dispatch(view, core, &wires->entry);
	if (wires->ifu.resolved.restart)
		timing_stages_flush(&view->stages, core->env.now + 1);
	c906_view_fetch(view, core);
}
