/* SPDX-License-Identifier: MIT */
/*
 * Describes the state of a C906, for saving and loading. The descriptions of the units (state/)
 * list the fields and bound each, so that no number leads beyond an array. A pipeline that makes no
 * sense in other ways is detected when it makes no progress (core.c).
 */
#include "cpu/timing/c906/state.h"

#include "cpu/timing/c906/ifu/btb.h"
#include "cpu/timing/c906/lsu/dcache.h"
#include "cpu/timing/c906/mmu/utlb.h"

#include <errno.h>
#include <stdio.h>

#define UNITS "cpu/timing/c906/state/units.def"
#include "cpu/timing/fields/layouts.inc"

static const struct layout_field ring_fields[] = {
	{ "record", 0, sizeof(struct c906_input), C906_RECORDS, false, 0, c906_input_layout },
};
static const struct layout ring_layout = LAYOUT(ring_fields);

/* Returns whether a record has come in, and the ring still has it. */
static bool is_there(const struct c906_records *records, u64 number)
{
	return records->end - number - 1 < C906_RECORDS;
}

static bool records_fit(const struct c906_core *core)
{
	const struct c906_records *records = &core->records;
	const struct c906_pipeline *pipe = &core->pipe;
	u64 in_flight = records->end - records->commit;

	return in_flight < C906_RECORDS && records->issue - records->commit <= in_flight &&
	       (!pipe->ex1.valid || pipe->ex1.on_wrong_path ||
		is_there(records, pipe->ex1.number)) &&
	       (!pipe->bju.valid || is_there(records, pipe->bju.number)) &&
	       (!pipe->bju.wrong_return || is_there(records, pipe->bju.return_number)) &&
	       (!pipe->lsu.ag_valid || is_there(records, pipe->lsu.ag.number)) &&
	       (!pipe->rtu.resumes || is_there(records, pipe->rtu.resume - 1));
}

/*
 * Returns whether a stream's line and step are possible: they are limited by the page and the
 * stride.
 */
static bool stream_fits(const struct c906_stream *stream)
{
	return stream->line >= -64 && stream->line < 128 && stream->step >= -64 &&
	       stream->step <= 64;
}

static bool lsu_fits(const struct c906_lsu *lsu, const struct c906_params *params)
{
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].amo && lsu->fill[n].store >= C906_STORES_MAX)
			return false;
	return lsu->fill_create - lsu->fill_pop <= params->fill_buffers &&
	       lsu->store_create - lsu->store_pop <= params->store_buffers;
}

int c906_core_loaded(struct c906_core *core)
{
	if (!layout_holds(c906_core_layout(), core) || !records_fit(core) ||
	    core->last_commit > core->env.now || core->alive > core->env.now ||
	    !lsu_fits(&core->pipe.lsu, &core->env.params))
		return -EINVAL;
	c906_mmu_use(&core->pipe.mmu, &core->env, &core->pipe.mmu.context);
	return 0;
}

static int ring_loaded(void *self)
{
	return layout_holds(&ring_layout, self) ? 0 : -EINVAL;
}

static int tables_loaded(void *self)
{
	struct c906_tables *tables = self;
	const struct c906_learned *learned = &tables->learned;
	bool good = layout_holds(c906_tables_layout(), self);

	for (unsigned n = 0; n < C906_STREAMS; n++)
		good = good && stream_fits(&learned->prefetcher.stream[n]);
	if (!good)
		return -EINVAL;
	c906_all_fetches_change(tables);
	c906_dcache_renew(tables);
	c906_pages_renew(&tables->learned.iutlb);
	c906_pages_renew(&tables->learned.dutlb);
	c906_prefetch_renew(&tables->learned.prefetcher);
	c906_btb_renew(&tables->learned.btb);
	return 0;
}

bool c906_state_init(struct c906_state *state, void (*pre_save)(void *core),
		     int (*post_load)(void *core))
{
	bool good = layout_expand(c906_core_layout(), post_load, &state->core) &&
		    layout_expand(&ring_layout, ring_loaded, &state->ring) &&
		    layout_expand(c906_tables_layout(), tables_loaded, &state->tables);

	state->core.type.pre_save = pre_save;
	return good;
}

void c906_state_free(struct c906_state *state)
{
	layout_free(&state->core);
	layout_free(&state->ring);
	layout_free(&state->tables);
}

void c906_state_register(struct c906_state *own, struct c906_core *core, struct state *state,
			 const char *name)
{
	char text[STATE_NAME_MAX];

	state_register(state, name, &own->core.type, core);
	snprintf(text, sizeof(text), "%s.ring", name);
	state_register(state, text, &own->ring.type, core->records.ring);
	snprintf(text, sizeof(text), "%s.tables", name);
	state_register(state, text, &own->tables.type, core->env.tables);
}
