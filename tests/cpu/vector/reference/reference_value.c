/* SPDX-License-Identifier: MIT */
/* Computes what integer and fixed-point instructions do with an element (see reference.h). */
#include "tests/cpu/vector/reference/reference.h"

static wide clamp(wide value, wide least, wide most, bool *saturated)
{
	*saturated |= value < least || value > most;
	return value < least ? least : value > most ? most : value;
}

static wide clamp_unsigned(const struct reference *r, wide value, bool *saturated)
{
	return clamp(value, 0, ((wide)1 << r->sew) - 1, saturated);
}

static wide clamp_signed(const struct reference *r, wide value, bool *saturated)
{
	wide top = (wide)1 << (r->sew - 1);

	return clamp(value, -top, top - 1, saturated);
}

/* roundoff ("Vector Fixed-Point Rounding Mode Register vxrm") */
static wide roundoff(const struct reference *r, wide value, unsigned d)
{
	wide low, half;
	bool odd = value >> d & 1, up;

	if (d == 0)
		return value;
	low = value & (((wide)1 << d) - 1);
	half = (wide)1 << (d - 1);
	switch (r->in->vcsr >> 1 & 3) {
	case 0:
		up = low >= half;
		break;
	case 1:
		up = low > half || (low == half && odd);
		break;
	case 2:
		up = false;
		break;
	default:
		up = low != 0 && !odd;
	}
	return (value >> d) + up;
}

static wide compare(unsigned funct6, const struct element *e)
{
	switch (funct6) {
	case 0x18:
		return e->ua == e->ub;
	case 0x19:
		return e->ua != e->ub;
	case 0x1a:
		return e->ua < e->ub;
	case 0x1b:
		return e->sa < e->sb;
	case 0x1c:
		return e->ua <= e->ub;
	case 0x1d:
		return e->sa <= e->sb;
	case 0x1e:
		return e->ua > e->ub;
	default:
		return e->sa > e->sb;
	}
}

static wide fixed(const struct reference *r, const struct element *e, bool *saturated)
{
	unsigned by = (unsigned)e->ub & (e->a_bits - 1);

	switch (r->funct6) {
	case 0x20:
		return clamp_unsigned(r, e->ua + e->ub, saturated);
	case 0x21:
		return clamp_signed(r, e->sa + e->sb, saturated);
	case 0x22:
		return clamp_unsigned(r, e->ua - e->ub, saturated);
	case 0x23:
		return clamp_signed(r, e->sa - e->sb, saturated);
	case 0x27:
		return clamp_signed(r, roundoff(r, e->sa * e->sb, r->sew - 1), saturated);
	case 0x2a:
		return roundoff(r, e->ua, by);
	case 0x2b:
		return roundoff(r, e->sa, by);
	case 0x2e:
		return clamp_unsigned(r, roundoff(r, e->ua, by), saturated);
	default:
		return clamp_signed(r, roundoff(r, e->sa, by), saturated);
	}
}

static wide shift(unsigned funct6, const struct element *e)
{
	unsigned by = (unsigned)e->ub & (e->a_bits - 1);

	if (funct6 == 0x25)
		return e->ua << by;
	return funct6 & 1 ? e->sa >> by : e->ua >> by;
}

static wide opi_value(const struct reference *r, const struct element *e, bool *saturated)
{
	switch (r->funct6) {
	case 0x00:
		return e->ua + e->ub;
	case 0x02:
		return e->ua - e->ub;
	case 0x03:
		return e->ub - e->ua;
	case 0x04:
		return e->ua < e->ub ? e->ua : e->ub;
	case 0x05:
		return e->sa < e->sb ? e->sa : e->sb;
	case 0x06:
		return e->ua > e->ub ? e->ua : e->ub;
	case 0x07:
		return e->sa > e->sb ? e->sa : e->sb;
	case 0x09:
		return e->ua & e->ub;
	case 0x0a:
		return e->ua | e->ub;
	case 0x0b:
		return e->ua ^ e->ub;
	case 0x10:
		return e->ua + e->ub + e->carry;
	case 0x11:
		return (e->ua + e->ub + e->carry) >> r->sew;
	case 0x12:
		return e->ua - e->ub - e->carry;
	case 0x13:
		return e->ua - e->ub - e->carry < 0;
	case 0x17:
		return !r->masked || e->carry ? e->ub : e->ua;
	case 0x25:
	case 0x28:
	case 0x29:
	case 0x2c:
	case 0x2d:
		return shift(r->funct6, e);
	default:
		return r->funct6 < 0x20 ? compare(r->funct6, e) : fixed(r, e, saturated);
	}
}

/*
 * Returns a quotient or remainder; division by zero gives all ones, or the dividend ("Vector
 * Integer Divide Instructions").
 */
static wide divide(unsigned funct6, const struct element *e)
{
	bool is_signed = funct6 & 1;
	wide a = is_signed ? e->sa : e->ua, b = is_signed ? e->sb : e->ub;

	if (funct6 < 0x22)
		return b ? a / b : -1;
	return b ? a % b : a;
}

/* Returns a product, whose low 64 bits are right even after d is added. */
static wide multiply(const struct reference *r, const struct element *e)
{
	unsigned __int128 product = (unsigned __int128)e->ua * (unsigned __int128)e->ub;
	unsigned __int128 other = (unsigned __int128)e->d * (unsigned __int128)e->ub;

	switch (r->funct6) {
	case 0x24:
		return (wide)(product >> r->sew);
	case 0x25:
		return (wide)product;
	case 0x26:
		return e->sa * e->ub >> r->sew;
	case 0x27:
		return e->sa * e->sb >> r->sew;
	case 0x29:
		return (wide)(other + (unsigned __int128)e->ua);
	case 0x2b:
		return (wide)((unsigned __int128)e->ua - other);
	case 0x2d:
		return (wide)((unsigned __int128)e->d + product);
	default:
		return (wide)((unsigned __int128)e->d - product);
	}
}

static wide widen(unsigned funct6, const struct element *e)
{
	switch (funct6) {
	case 0x30:
	case 0x34:
		return e->ua + e->ub;
	case 0x31:
	case 0x35:
		return e->sa + e->sb;
	case 0x32:
	case 0x36:
		return e->ua - e->ub;
	case 0x33:
	case 0x37:
		return e->sa - e->sb;
	case 0x38:
		return e->ua * e->ub;
	case 0x3a:
		return e->sa * e->ub;
	case 0x3b:
		return e->sa * e->sb;
	case 0x3c:
		return e->d + e->ua * e->ub;
	case 0x3d:
		return e->d + e->sa * e->sb;
	case 0x3e:
		return e->d + e->sa * e->ub;
	default:
		return e->d + e->ua * e->sb;
	}
}

wide reference_value(const struct reference *r, const struct element *e, bool *saturated)
{
	if (reference_is_bits(r))
		return reference_bits(r, e);
	if (!r->opm)
		return opi_value(r, e, saturated);
	switch (r->funct6) {
	case 0x08:
		return roundoff(r, e->ua + e->ub, 1);
	case 0x09:
		return roundoff(r, e->sa + e->sb, 1);
	case 0x0a:
		return roundoff(r, e->ua - e->ub, 1);
	case 0x0b:
		return roundoff(r, e->sa - e->sb, 1);
	case 0x12: /* VXUNARY0: vs1 selects the instruction */
		return r->vs1 & 1 ? e->sa : e->ua;
	default:
		if (r->funct6 >= 0x30)
			return widen(r->funct6, e);
		return r->funct6 < 0x24 ? divide(r->funct6, e) : multiply(r, e);
	}
}

wide reference_fold(const struct reference *r, const struct element *e)
{
	if (!r->opm)
		return r->funct6 & 1 ? e->d + e->sa : e->d + e->ua;
	switch (r->funct6) {
	case 0:
		return e->d + e->ua;
	case 1:
		return e->d & e->ua;
	case 2:
		return e->d | e->ua;
	case 3:
		return e->d ^ e->ua;
	case 4:
		return e->ua < e->ub ? e->ua : e->ub;
	case 5:
		return e->sa < e->sb ? e->sa : e->sb;
	case 6:
		return e->ua > e->ub ? e->ua : e->ub;
	default:
		return e->sa > e->sb ? e->sa : e->sb;
	}
}
