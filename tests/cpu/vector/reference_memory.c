/* SPDX-License-Identifier: MIT */
/* Vector loads and stores (see reference.h), byte by byte in the window. */
#include "tests/cpu/vector/reference.h"

struct plan {
	unsigned bytes, fields; /* of an element; of a segment */
	u64 count; /* elements or segments */
	bool is_load, by_vl; /* masks and vl matter */
	unsigned group; /* registers from a field to the next */
};

static u64 address_of(const struct reference *r, const struct plan *plan, u64 n, unsigned field)
{
	u64 base = r->in->x[r->vs1], within = (u64)field * plan->bytes;

	switch (r->in->raw >> 26 & 3) {
	case 0:
		return base + n * plan->fields * plan->bytes + within;
	case 2:
		return base + n * r->in->x[r->vs2] + within;
	default:
		return base + reference_get(r, 'i', r->vs2, n) + within;
	}
}

/* Moves one element; returns false if a byte of it is outside the window. */
static bool move(struct reference *r, const struct plan *plan, u64 n, unsigned field)
{
	u64 at = address_of(r, plan, n, field) - IMAGE_WINDOW;
	u64 in_registers = (u64)(r->vd + field * plan->group) * r->vlenb + n * plan->bytes;

	if (at > IMAGE_BYTES - plan->bytes)
		return false;
	for (unsigned byte = 0; byte < plan->bytes; byte++)
		if (plan->is_load)
			r->out->v[in_registers + byte] = r->in->memory[at + byte];
		else
			r->out->memory[at + byte] = r->in->v[in_registers + byte];
	return true;
}

static struct plan plan_of(const struct reference *r)
{
	char d = r->form.d;
	struct plan plan = { .is_load = r->form.type == 'l', .by_vl = true, .fields = 1 };
	unsigned emul;

	if (d == 'r') {
		plan.bytes = plan.is_load ? r->form.eew / 8 : 1;
		plan.count = (u64)r->form.fields * r->vlenb / plan.bytes;
		plan.by_vl = false;
		return plan;
	}
	if (d == 'm') {
		plan.bytes = 1;
		plan.count = (r->in->vl + 7) / 8;
		plan.by_vl = false;
		return plan;
	}
	emul = rules_emul(&r->form, d, r->in->vtype);
	plan.bytes = rules_eew(&r->form, d, r->in->vtype) / 8;
	plan.count = r->in->vl;
	plan.fields = r->form.fields;
	plan.group = emul > 8 ? emul / 8 : 1;
	return plan;
}

void reference_memory(struct reference *r)
{
	struct plan plan = plan_of(r);
	bool first_only = plan.is_load && (r->in->raw >> 26 & 3) == 0 && r->vs2 == 16;

	for (u64 n = r->in->vstart; n < plan.count; n++) {
		if (plan.by_vl && !reference_active(r, n))
			continue;
		for (unsigned field = 0; field < plan.fields; field++) {
			if (move(r, &plan, n, field))
				continue;
			if (first_only && n > 0) {
				r->out->vl = n;
				return;
			}
			r->out->trap = IMAGE_FAULT;
			r->out->vstart = n;
			return;
		}
	}
}
