/* SPDX-License-Identifier: MIT */
/* The table of kinds, and the functions of model.h, which call those of a core's kind. */
#include "cpu/timing/model.h"

#include "bus/state.h"
#include "cpu/timing/kind.h"

#include <errno.h>
#include <stdio.h>

const struct timing_kind *const timing_kinds[] = {
	&timing_simple, &timing_cva6, &timing_c906, &timing_inorder, NULL,
};

bool timing_has_memo(const struct timing_core *core)
{
	return core->kind->memo;
}

struct timing_model *timing_create(const struct timing_core *core, const struct timing_host *host)
{
	struct timing_model *model;

	if (core->checked)
		return timing_checked.create(core, host);
	model = core->kind->create(core, host);
	if (model)
		model->kind = core->kind;
	return model;
}

void timing_free(struct timing_model *model)
{
	if (model)
		model->kind->free(model);
}

void timing_reset(struct timing_model *model, u64 pc)
{
	timing_tally_reset(&model->tally);
	model->kind->reset(model, pc);
}

void timing_enter(struct timing_model *model, const struct timing_context *context)
{
	if (model->kind->enter)
		model->kind->enter(model, context);
}

void timing_consume(struct timing_model *model, const struct timing_record *records, unsigned count)
{
	model->kind->consume(model, records, count);
}

unsigned timing_shadows(const struct timing_model *model)
{
	return model->shadows;
}

bool timing_takes_runs(const struct timing_model *model)
{
	return model->kind->runs;
}

bool timing_is_priced(const struct timing_model *model)
{
	return model->kind->add;
}

void timing_add(struct timing_model *model, const struct timing_sums *sums)
{
	model->kind->add(model, sums);
}

void timing_set_mode(struct timing_model *model, enum timing_mode mode)
{
	if (mode != model->tally.mode)
		timing_tally_enter(&model->tally, mode);
}

void timing_consume_runs(struct timing_model *model, const struct timing_run *run,
			 const struct timing_run *end)
{
	model->kind->runs(model, run, end);
}

u32 timing_price(const struct timing_core *core, const struct timing_insn *insn)
{
	return core->kind->price ? core->kind->price(core->values, insn) : 0;
}

u32 timing_price_element(const struct timing_core *core, const struct timing_insn *insn)
{
	return core->kind->price_element ? core->kind->price_element(core->values, insn) : 0;
}

u32 timing_price_taken(const struct timing_core *core)
{
	return core->kind->price_taken ? core->kind->price_taken(core->values) : 0;
}

u32 timing_price_trap(const struct timing_core *core)
{
	return core->kind->price_trap ? core->kind->price_trap(core->values) : 0;
}

u64 timing_cycles(struct timing_model *model)
{
	return model->kind->cycles(model);
}

u64 timing_cycles_bound(struct timing_model *model)
{
	return model->kind->cycles_bound ? model->kind->cycles_bound(model) :
					   model->kind->cycles(model);
}

u64 timing_most(const struct timing_core *core, u64 elements)
{
	return core->kind->most(core->values, elements);
}

bool timing_looks_ahead(const struct timing_model *model)
{
	return model->kind->retire_before;
}

bool timing_retire_before(struct timing_model *model, u64 cycle, unsigned *count)
{
	return model->kind->retire_before(model, cycle, count);
}

unsigned timing_retire_until(struct timing_model *model, u64 cycle)
{
	return model->kind->retire_until(model, cycle);
}

void timing_events(struct timing_model *model, struct timing_counts *counts)
{
	u64 cycles = model->kind->cycles(model);
	const struct timing_tally *seen = model->kind->tally ? model->kind->tally(model) :
							       &model->tally;

	timing_tally_read(seen, counts);
	counts->in[seen->mode][TIMING_CYCLES] += cycles - seen->count[TIMING_CYCLES];
}

void timing_events_so_far(struct timing_model *model, struct timing_counts *counts)
{
	if (model->kind->add_up)
		model->kind->add_up(model);
	timing_tally_read(&model->tally, counts);
}

void timing_finish(struct timing_model *model)
{
	if (model->kind->finish)
		model->kind->finish(model);
}

enum timing_mode timing_mode(const struct timing_model *model)
{
	return model->tally.mode;
}

void timing_begin_in(struct timing_model *model, u8 after)
{
	timing_tally_enter(&model->tally, timing_mode_of(after));
}

void timing_wake(struct timing_model *model, u64 cycles)
{
	model->kind->wake(model, cycles);
}

const struct memo_stats *timing_memo(const struct timing_model *model)
{
	return model->kind->memo ? model->kind->memo(model) : NULL;
}

int timing_watch(struct timing_model *model, const struct timing_viewer *viewer)
{
	return model->kind->watch ? model->kind->watch(model, viewer) : -ENOTSUP;
}

void timing_step_all(struct timing_model *model)
{
	if (model->kind->step_all)
		model->kind->step_all(model);
}

void timing_register_state(struct timing_model *model, struct state *state, const char *name)
{
	char text[STATE_NAME_MAX];

	snprintf(text, sizeof(text), "%s.tally", name);
	timing_tally_register(&model->tally, state, text);
	if (model->kind->register_state)
		model->kind->register_state(model, state, name);
}
