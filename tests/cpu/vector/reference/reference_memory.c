/* SPDX-License-Identifier: MIT */
/* Vector loads and stores (see reference.h), byte by byte in the window. */
#include "tests/cpu/vector/reference/reference.h"

struct plan {
	unsigned bytes, fields; /* of an element; of a segment */
	u64 count; /* elements or segments */
	bool is_load, by_vl; /* by_vl: masks and vl matter */
	unsigned group; /* the number of registers from a field to the next one */
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

static bool is_field_there(const struct reference *r, const struct plan *plan, u64 n,
			   unsigned field)
{
	return address_of(r, plan, n, field) - IMAGE_WINDOW <= IMAGE_BYTES - plan->bytes;
}

/* Returns whether all bytes of a segment are in the window. */
static bool is_there(const struct reference *r, const struct plan *plan, u64 n)
{
	for (unsigned field = 0; field < plan->fields; field++)
		if (!is_field_there(r, plan, n, field))
			return false;
	return true;
}

static void move(struct reference *r, const struct plan *plan, u64 n, unsigned field)
{
	u64 at = address_of(r, plan, n, field) - IMAGE_WINDOW;
	u64 in_registers = (u64)(r->vd + field * plan->group) * r->vlenb + n * plan->bytes;

	for (unsigned byte = 0; byte < plan->bytes; byte++)
		if (plan->is_load)
			r->out->v[in_registers + byte] = r->in->memory[at + byte];
		else
			r->out->memory[at + byte] = r->in->v[in_registers + byte];
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

/*
 * No field of a segment that traps is accessed, which the manual leaves open ("Vector Load/Store
 * Segment Instructions").
 */
void reference_memory(struct reference *r)
{
	struct plan plan = plan_of(r);
	bool first_only = plan.is_load && (r->in->raw >> 26 & 3) == 0 && r->vs2 == 16;

	for (u64 n = r->in->vstart; n < plan.count; n++) {
		if (plan.by_vl && !reference_active(r, n))
			continue;
		if (!is_there(r, &plan, n) && first_only && n > 0) {
			r->out->vl = n;
			return;
		}
		if (!is_there(r, &plan, n)) {
			r->out->trap = IMAGE_FAULT;
			r->out->vstart = n;
			return;
		}
		for (unsigned field = 0; field < plan.fields; field++)
			move(r, &plan, n, field);
	}
}

void reference_segment(struct reference *r, u64 n)
{
	struct plan plan = plan_of(r);

	for (unsigned field = 0; field < plan.fields; field++)
		if (is_field_there(r, &plan, n, field))
			move(r, &plan, n, field);
}
