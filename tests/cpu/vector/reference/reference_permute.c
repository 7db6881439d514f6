/* SPDX-License-Identifier: MIT */
/*
 * Executes permutations and similar instructions (see reference.h; "Vector Permutation
 * Instructions").
 */
#include "tests/cpu/vector/reference/reference.h"

/* Returns the scalar or immediate of slides and gathers: XLEN bits, or 5, unsigned. */
static u64 offset_of(const struct reference *r)
{
	return r->form.type == 'i' ? r->vs1 : r->in->x[r->vs1];
}

static void gather(struct reference *r)
{
	for (u64 n = r->in->vstart; n < r->in->vl; n++) {
		u64 index = r->form.type == 'v' ? reference_get(r, r->form.b, r->vs1, n) :
						  offset_of(r);

		if (reference_active(r, n))
			reference_put(r, n,
				      index < r->vlmax ? reference_get(r, 's', r->vs2, index) : 0);
	}
}

static void slide_up(struct reference *r)
{
	for (u64 n = r->in->vstart; n < r->in->vl; n++)
		if (reference_active(r, n) && n >= offset_of(r))
			reference_put(r, n, reference_get(r, 's', r->vs2, n - offset_of(r)));
}

static void slide_down(struct reference *r)
{
	for (u64 n = r->in->vstart; n < r->in->vl; n++) {
		u64 from = n + offset_of(r);
		bool inside = offset_of(r) < r->vlmax && from < r->vlmax;

		if (reference_active(r, n))
			reference_put(r, n, inside ? reference_get(r, 's', r->vs2, from) : 0);
	}
}

static void slide_1(struct reference *r, bool up)
{
	for (u64 n = r->in->vstart; n < r->in->vl; n++) {
		bool is_scalar = n == (up ? 0 : r->in->vl - 1);

		if (reference_active(r, n))
			reference_put(r, n,
				      is_scalar ?
					      r->in->x[r->vs1] :
					      reference_get(r, 's', r->vs2, up ? n - 1 : n + 1));
	}
}

static void compress(struct reference *r)
{
	u64 to = 0;

	for (u64 n = 0; n < r->in->vl; n++)
		if (reference_bit(r, r->vs1, n))
			reference_put(r, to++, reference_get(r, 's', r->vs2, n));
}

static void move_whole(struct reference *r)
{
	u64 count = (u64)r->form.fields * r->vlenb * 8 / r->sew;

	for (u64 n = r->in->vstart; n < count; n++)
		reference_put(r, n, reference_get(r, 's', r->vs2, n));
}

void reference_permute(struct reference *r)
{
	if (!r->opm && r->funct6 == 0x27)
		move_whole(r);
	else if (r->funct6 == 0x0c || (r->funct6 == 0x0e && r->form.type == 'v'))
		gather(r);
	else if (r->opm && r->funct6 == 0x17)
		compress(r);
	else if (r->opm)
		slide_1(r, r->funct6 == 0x0e);
	else if (r->funct6 == 0x0e)
		slide_up(r);
	else
		slide_down(r);
}
