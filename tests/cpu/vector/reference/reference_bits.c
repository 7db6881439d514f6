/* SPDX-License-Identifier: MIT */
/* Computes what Zvbb and Zvbc do with an element, bit by bit (see reference.h). */
#include "tests/cpu/vector/reference/reference.h"

/* The instructions of VXUNARY0, selected by vs1. */
enum { BREV8 = 8, REV8, BREV, CLZ = 12, CTZ, CPOP };

bool reference_is_bits(const struct reference *r)
{
	if (r->opm)
		return r->funct6 == 0x0c || r->funct6 == 0x0d ||
		       (r->funct6 == 0x12 && r->vs1 >= BREV8);
	return r->funct6 == 0x01 || r->funct6 == 0x14 || r->funct6 == 0x15 || r->funct6 == 0x35;
}

/* Returns the element with its bits permuted. */
static wide permute(const struct reference *r, const struct element *e)
{
	wide result = 0;

	for (unsigned n = 0; n < r->sew; n++) {
		unsigned byte = n / 8 * 8, bit = n % 8;
		unsigned to = r->vs1 == BREV8 ? byte + 7 - bit :
			      r->vs1 == REV8  ? r->sew - 8 - byte + bit :
						r->sew - 1 - n;

		result |= (e->ua >> n & 1) << to;
	}
	return result;
}

static wide count(const struct reference *r, const struct element *e)
{
	wide ones = 0, first = r->sew, last = -1;

	for (unsigned n = 0; n < r->sew; n++) {
		if (!(e->ua >> n & 1))
			continue;
		ones++;
		first = MIN(first, n);
		last = n;
	}
	return r->vs1 == CLZ ? r->sew - 1 - last : r->vs1 == CTZ ? first : ones;
}

/* Returns the rotated element: two copies of it side by side contain all rotations. */
static wide rotate(const struct reference *r, const struct element *e)
{
	unsigned by = (unsigned)e->ub % r->sew;
	/* The immediate of vror.vi has its sixth bit in funct6. */
	bool right = r->funct6 == 0x14 || r->form.type == 'i';
	unsigned __int128 twice = (unsigned __int128)e->ua << r->sew;

	twice |= (unsigned __int128)e->ua;
	if (r->form.type == 'i')
		by = (r->vs1 + (r->funct6 & 1) * 32) % r->sew;
	return (wide)(right ? twice >> by : twice >> (r->sew - by));
}

/* Returns the product of two polynomials whose coefficients are bits. */
static wide multiply(const struct reference *r, const struct element *e)
{
	unsigned __int128 product = 0;

	for (unsigned n = 0; n < r->sew; n++)
		if (e->ub >> n & 1)
			product ^= (unsigned __int128)e->ua << n;
	return (wide)(r->funct6 & 1 ? product >> r->sew : product);
}

wide reference_bits(const struct reference *r, const struct element *e)
{
	switch (r->funct6) {
	case 0x01:
		return e->ua & ~e->ub;
	case 0x0c:
	case 0x0d:
		return multiply(r, e);
	case 0x12:
		return r->vs1 < CLZ ? permute(r, e) : count(r, e);
	case 0x35:
		return e->ua << (unsigned)e->ub % (2 * r->sew);
	default:
		return rotate(r, e);
	}
}
