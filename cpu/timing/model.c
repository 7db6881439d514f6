/* SPDX-License-Identifier: MIT */
/* The kinds of models, and which of them a core's is. */
#include "cpu/timing/model.h"

#include "cpu/timing/kind.h"

const struct timing_kind *const timing_kinds[] = {
	&timing_simple, &timing_cva6, &timing_c906, &timing_inorder, NULL,
};

struct timing_model *timing_create(const struct timing_core *core, const struct timing_host *host)
{
	struct timing_model *model = core->kind->create(core, host);

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
	model->kind->reset(model, pc);
}

void timing_consume(struct timing_model *model, const struct timing_record *records,
		    unsigned count)
{
	model->kind->consume(model, records, count);
}

u64 timing_cycles(struct timing_model *model)
{
	return model->kind->cycles(model);
}

void timing_wake(struct timing_model *model, u64 cycles)
{
	model->kind->wake(model, cycles);
}

void timing_register_state(struct timing_model *model, struct state *state, const char *name)
{
	if (model->kind->register_state)
		model->kind->register_state(model, state, name);
}
