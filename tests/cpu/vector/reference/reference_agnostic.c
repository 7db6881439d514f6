/* SPDX-License-Identifier: MIT */
/*
 * Finds the elements that may become ones (see reference.h; "Vector Tail Agnostic and ... vta and
 * vma").
 */
#include "tests/cpu/vector/reference/reference.h"

#include <stddef.h>
#include <string.h>

static bool is_scalar(const struct reference *r)
{
	return r->form.d == '1' || r->form.d == '2';
}

/*
 * Returns the number of elements before the tail: vcompress packs its elements, and a scalar is
 * one.
 */
static u64 body_of(const struct reference *r)
{
	u64 packed = 0;

	if (is_scalar(r))
		return 1;
	if (!r->opm || r->funct6 != 0x17 || r->form.type != 'v')
		return r->out->vl;
	for (u64 n = 0; n < r->in->vl; n++)
		packed += reference_bit(r, r->vs1, n);
	return packed;
}

static bool may_be_ones(const struct reference *r, u64 n)
{
	/* The tail of a mask is always agnostic. */
	if (n >= body_of(r))
		return r->form.d == 'm' || r->in->vtype & BIT(6);
	return !is_scalar(r) && r->masked && !reference_has_carry(r) && r->in->vtype & BIT(7) &&
	       n >= r->in->vstart && !reference_active(r, n);
}

/*
 * Copies agnostic elements that are ones in `is` to the expected registers of a field, and counts
 * their bytes.
 */
static void take_ones(const struct reference *r, const u8 *is, unsigned first, u64 *ones)
{
	bool mask = r->form.d == 'm';
	unsigned emul = rules_emul(&r->form, r->form.d, r->in->vtype);
	unsigned bits = mask ? 1 : rules_eew(&r->form, r->form.d, r->in->vtype);
	u64 count = (u64)MAX(emul / 8, 1) * r->vlenb * 8 / bits;

	/* If a scalar is written, all elements after it are tail, even those before vstart. */
	for (u64 n = is_scalar(r) ? 1 : r->in->vstart; n < count; n++) {
		u64 bit = (u64)first * r->vlenb * 8 + n * bits;
		u8 part = mask ? (u8)(1u << bit % 8) : 0xff;

		if (!may_be_ones(r, n))
			continue;
		for (u64 byte = bit / 8; byte < (bit + bits + 7) / 8; byte++) {
			if ((is[byte] & part) != part || (r->out->v[byte] & part) == part)
				continue;
			r->out->v[byte] |= part;
			++*ones;
		}
	}
}

bool reference_allows(const struct vector_image *in, struct vector_image *should,
		      const struct vector_image *is, unsigned vlenb, u64 *ones)
{
	struct reference r = reference_of(in, should, vlenb);
	unsigned registers = MAX(rules_emul(&r.form, r.form.d, in->vtype) / 8, 1);
	bool writes = r.form.d != '-' && r.form.d != 'r' && r.form.d && r.form.type != 't';

	if (writes && should->trap != IMAGE_ILLEGAL && in->vstart < in->vl)
		for (unsigned field = 0; field < r.form.fields; field++)
			take_ones(&r, is->v, r.vd + field * registers, ones);
	return !memcmp(is, should, sizeof(*is));
}
