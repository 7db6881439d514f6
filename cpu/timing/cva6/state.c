/* SPDX-License-Identifier: MIT */
/*
 * Describes the state of a CVA6, for saving and loading. The descriptions of the units (state/)
 * list the fields and bound each, so that no number leads beyond an array. A pipeline that makes no
 * sense in other ways is detected when it makes no progress (cva6_core_advance).
 */
#include "cpu/timing/cva6/state.h"

#include <errno.h>
#include <stdio.h>

#define UNITS "cpu/timing/cva6/state/units.def"
#include "cpu/timing/fields/layouts.inc"

static const struct layout_field ring_fields[] = {
	{ "record", 0, sizeof(struct timing_record), CVA6_RECORDS, false, 0,
	  timing_record_layout },
};
static const struct layout ring_layout = LAYOUT(ring_fields);

/* Returns whether a state is possible with the parameters, and its record numbers fit together. */
static bool cva6_state_fits(const struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;
	const struct cva6_params *params = &core->params;

	return core->cycle <= CYCLE_MAX && core->wake <= CYCLE_MAX && core->alive <= core->cycle &&
	       records->end - records->commit < CVA6_RECORDS &&
	       records->issue - records->commit <= records->end - records->commit &&
	       records->shadow_end - records->shadow <= TIMING_SHADOWS_MAX &&
	       core->pipe.sb.count <= params->issue_entries &&
	       core->pipe.sb.oldest < params->issue_entries &&
	       core->icache.way < params->icache_ways &&
	       core->icache.flush_count < params->icache_sets &&
	       core->dcache.miss.way < params->dcache_ways &&
	       (core->dcache.miss.flush_count < params->dcache_sets ||
		core->dcache.miss.state != CVA6_MISS_FLUSH);
}

int cva6_core_loaded(struct cva6_core *core)
{
	pmp_update(&core->icache.pmp);
	cva6_icache_forget_rights(&core->icache);
	/* The arrays of caches and TLBs have changed. */
	tags_loaded(&core->icache.tags);
	cva6_icache_changed(&core->icache);
	tags_loaded(&core->dcache.tags);
	plru_tlb_changed(&core->tlbs.itlb);
	plru_tlb_changed(&core->tlbs.dtlb);
	core->cycles_returned = core->cycles_returned_at = 0;
	return layout_holds(cva6_core_layout(), core) && cva6_state_fits(core) ? 0 : -EINVAL;
}

static int ring_loaded(void *self)
{
	return layout_holds(&ring_layout, self) ? 0 : -EINVAL;
}

bool cva6_state_init(struct cva6_state *state, void (*pre_save)(void *core),
		     int (*post_load)(void *core))
{
	bool good = layout_expand(cva6_core_layout(), post_load, &state->core) &&
		    layout_expand(&ring_layout, ring_loaded, &state->ring);

	state->core.type.pre_save = pre_save;
	return good;
}

void cva6_state_free(struct cva6_state *state)
{
	layout_free(&state->core);
	layout_free(&state->ring);
}

/* Registers an array whose length depends on the parameters. */
static void register_array(struct cva6_array *array, struct state *state, const char *name,
			   const char *what)
{
	char text[STATE_NAME_MAX];

	array->type = (struct state_type){ .version = 1, .fields = &array->field, .count = 1 };
	array->field.name = what;
	snprintf(text, sizeof(text), "%s.%s", name, what);
	state_register(state, text, &array->type, array->self);
}

static void cva6_state_describe(struct cva6_array *array, void *self, u32 size, size_t count)
{
	array->self = self;
	array->field = (struct state_field){ .size = size, .count = (u32)count };
}

void cva6_state_register(struct cva6_state *own, struct cva6_core *core, struct state *state,
			 const char *name)
{
	static const char *const what[CVA6_ARRAYS] = {
		"icache_lines", "icache_valid", "icache_bytes", "dcache_lines", "dcache_valid",
	};
	const struct tags *itags = &core->icache.tags, *dtags = &core->dcache.tags;
	size_t ilines = (size_t)itags->shape.sets * itags->shape.ways;
	size_t dlines = (size_t)dtags->shape.sets * dtags->shape.ways;
	char text[STATE_NAME_MAX];

	state_register(state, name, &own->core.type, core);
	snprintf(text, sizeof(text), "%s.ring", name);
	state_register(state, text, &own->ring.type, core->records.ring);
	cva6_state_describe(&own->array[0], itags->lines, sizeof(*itags->lines), ilines);
	cva6_state_describe(&own->array[1], itags->valid, sizeof(*itags->valid), itags->shape.sets);
	cva6_state_describe(&own->array[2], core->icache.bytes, 1, ilines * itags->shape.line);
	cva6_state_describe(&own->array[3], dtags->lines, sizeof(*dtags->lines), dlines);
	cva6_state_describe(&own->array[4], dtags->valid, sizeof(*dtags->valid), dtags->shape.sets);
	for (unsigned n = 0; n < CVA6_ARRAYS; n++)
		register_array(&own->array[n], state, name, what[n]);
}
