/* SPDX-License-Identifier: MIT */
/* Executes the instructions on elements and masks, and dispatches all others (see reference.h). */
#include "tests/cpu/vector/reference/reference.h"

#include <string.h>

static wide extend(u64 value, unsigned bits, bool is_signed)
{
	wide top = (wide)1 << (bits - 1), low = (wide)value & (2 * top - 1);

	return is_signed && low & top ? low - 2 * top : low;
}

u64 reference_get(const struct reference *r, char operand, unsigned first, u64 n)
{
	unsigned bytes = rules_eew(&r->form, operand, r->in->vtype) / 8;
	u64 value = 0;

	for (unsigned byte = 0; byte < bytes; byte++)
		value |= (u64)r->in->v[first * r->vlenb + n * bytes + byte] << 8 * byte;
	return value;
}

void reference_put(struct reference *r, u64 n, u64 value)
{
	unsigned bytes = rules_eew(&r->form, r->form.d, r->in->vtype) / 8;

	for (unsigned byte = 0; byte < bytes; byte++)
		r->out->v[r->vd * r->vlenb + n * bytes + byte] = (u8)(value >> 8 * byte);
}

bool reference_bit(const struct reference *r, unsigned first, u64 n)
{
	return r->in->v[first * r->vlenb + n / 8] >> n % 8 & 1;
}

static void put_bit(struct reference *r, u64 n, bool value)
{
	u8 *byte = &r->out->v[r->vd * r->vlenb + n / 8];

	*byte = (u8)((*byte & ~(1u << n % 8)) | (unsigned)value << n % 8);
}

bool reference_active(const struct reference *r, u64 n)
{
	return n >= r->in->vstart && n < r->in->vl && (!r->masked || reference_bit(r, 0, n));
}

bool reference_has_carry(const struct reference *r)
{
	unsigned funct3 = r->in->raw >> 12 & 7;

	if ((r->in->raw & 0x7f) != 0x57)
		return false;
	if (funct3 == 5) /* OPFVF */
		return r->funct6 == 0x17;
	return (funct3 == 0 || funct3 == 3 || funct3 == 4) &&
	       ((r->funct6 >= 0x10 && r->funct6 <= 0x13) || r->funct6 == 0x17);
}

/*
 * Returns the second operand of element n. Immediates of shifts and clips are unsigned, others
 * signed.
 */
static u64 second_of(const struct reference *r, u64 n)
{
	if (r->form.type == 'x')
		return r->in->x[r->vs1];
	if (r->form.type == 'i')
		return r->funct6 == 0x25 || r->funct6 >= 0x28 ? r->vs1 :
								(u64)extend(r->vs1, 5, true);
	return r->form.b == '-' ? 0 : reference_get(r, r->form.b, r->vs1, n);
}

static struct element element_of(const struct reference *r, u64 n)
{
	u64 a = r->form.a == '-' ? 0 : reference_get(r, r->form.a, r->vs2, n);
	u64 b = second_of(r, n);
	struct element e = { .a_bits = r->sew };

	if (r->form.a != '-')
		e.a_bits = rules_eew(&r->form, r->form.a, r->in->vtype);
	e.ua = extend(a, e.a_bits, false);
	e.sa = extend(a, e.a_bits, true);
	e.ub = extend(b, r->sew, false);
	e.sb = extend(b, r->sew, true);
	e.carry = reference_has_carry(r) && r->masked && reference_bit(r, 0, n);
	if (r->form.d != 'm')
		e.d = (wide)reference_get(r, r->form.d, r->vd, n);
	return e;
}

static void run_elements(struct reference *r)
{
	bool saturated = false;

	for (u64 n = r->in->vstart; n < r->in->vl; n++) {
		struct element e = element_of(r, n);

		if (!reference_has_carry(r) && !reference_active(r, n))
			continue;
		if (r->form.d == 'm')
			put_bit(r, n, reference_value(r, &e, &saturated) & 1);
		else
			reference_put(r, n, (u64)reference_value(r, &e, &saturated));
	}
	r->out->vcsr |= saturated;
}

static void run_reduction(struct reference *r)
{
	u64 sum = reference_get(r, r->form.b, r->vs1, 0);
	unsigned bits = rules_eew(&r->form, r->form.b, r->in->vtype);

	for (u64 n = 0; n < r->in->vl; n++) {
		u64 a = reference_get(r, 's', r->vs2, n);
		struct element e = {
			.ua = extend(a, r->sew, false), .sa = extend(a, r->sew, true),
			.ub = extend(sum, bits, false), .sb = extend(sum, bits, true),
			.d = (wide)sum,
		};

		if (reference_active(r, n))
			sum = (u64)reference_fold(r, &e);
	}
	if (r->in->vl)
		reference_put(r, 0, sum);
}

/* "Vector Mask-Register Logical Instructions" */
static void run_mask_logic(struct reference *r)
{
	for (u64 n = r->in->vstart; n < r->in->vl; n++) {
		bool a = reference_bit(r, r->vs2, n), b = reference_bit(r, r->vs1, n);
		const bool results[] = { a && !b, a && b, a || b, a != b,
					 a || !b, !(a && b), !(a || b), a == b };

		put_bit(r, n, results[r->funct6 - 0x18]);
	}
}

/* vmsbf, vmsof, vmsif, viota and vid; vcpop and vfirst */
static void run_mask_unary(struct reference *r)
{
	u64 count = 0, first = UINT64_MAX;

	for (u64 n = 0; n < r->in->vl; n++) {
		bool active = reference_active(r, n), bit = active && reference_bit(r, r->vs2, n);

		if (bit && first == UINT64_MAX)
			first = n;
		if (r->funct6 == 0x14 && active && r->vs1 >= 16)
			reference_put(r, n, r->vs1 == 17 ? n : count);
		else if (r->funct6 == 0x14 && active)
			put_bit(r, n,
				r->vs1 == 1 ? first > n :
				r->vs1 == 2 ? first == n :
					      first >= n);
		count += bit;
	}
	if (r->funct6 == 0x10)
		r->out->x[r->vd] = r->vs1 == 16 ? count : first;
}

/* vmv.x.s, which is executed with any vl and vstart, and vmv.s.x */
static void run_element_move(struct reference *r)
{
	if (r->form.type == 'x') {
		if (r->in->vstart < r->in->vl)
			reference_put(r, 0, r->in->x[r->vs1]);
		return;
	}
	r->out->x[r->vd] = (u64)extend(reference_get(r, 's', r->vs2, 0), r->sew, true);
}

static bool is_permutation(const struct reference *r)
{
	if (r->opm)
		return r->funct6 == 0x0e || r->funct6 == 0x0f || r->funct6 == 0x17;
	return r->funct6 == 0x0c || r->funct6 == 0x0e || r->funct6 == 0x0f ||
	       (r->funct6 == 0x27 && r->form.type == 'i');
}

static bool is_mask_unary(const struct reference *r)
{
	return r->opm && (r->funct6 == 0x14 || (r->funct6 == 0x10 && r->form.a == 'm'));
}

static bool is_reduction(const struct reference *r)
{
	return r->form.type == 'v' && (r->form.b == '1' || r->form.b == '2');
}

/*
 * Returns whether vstart is legal: it must be 0 for reductions, vcompress, viota, vcpop, vfirst and
 * vmsbf, vmsof, vmsif; and below VLMAX wherever it counts elements of vtype's SEW.
 */
static bool start_is_legal(const struct reference *r)
{
	bool zero = is_reduction(r) || (is_mask_unary(r) && !(r->funct6 == 0x14 && r->vs1 == 17)) ||
		    (r->opm && r->funct6 == 0x17);
	bool memory = r->form.type == 'l' || r->form.type == 't';
	bool any = r->form.d == 'r' || (memory && r->form.d == 'm') ||
		   (r->opm && r->funct6 == 0x10 && !is_mask_unary(r));

	if (zero && r->in->vstart)
		return false;
	return any || r->in->vstart < r->vlmax;
}

static void dispatch(struct reference *r)
{
	if (r->form.type == 'l' || r->form.type == 't')
		reference_memory(r);
	else if (is_permutation(r))
		reference_permute(r);
	else if (is_reduction(r))
		run_reduction(r);
	else if (is_mask_unary(r))
		run_mask_unary(r);
	else if (r->opm && r->funct6 == 0x10)
		run_element_move(r);
	else if (r->opm && r->funct6 >= 0x18 && r->funct6 <= 0x1f)
		run_mask_logic(r);
	else
		run_elements(r);
}

/* vsetvli, vsetivli and vsetvl ("Configuration-Setting Instructions") */
static void run_set(struct reference *r)
{
	u32 raw = r->in->raw;
	bool immediate = raw >> 30 == 3, keeps = !immediate && r->vs1 == 0 && r->vd == 0;
	u64 avl = immediate ? r->vs1 : r->vs1 ? r->in->x[r->vs1] : UINT64_MAX, vtype, vlmax;

	vtype = raw >> 31 == 0 ? raw >> 20 & 0x7ff :
		immediate      ? raw >> 20 & 0x3ff :
				 r->in->x[r->vs2];
	r->out->vtype = BIT(63);
	r->out->vl = r->out->vstart = 0;
	if (rules_vtype(vtype)) {
		vlmax = rules_vlmax(vtype, r->vlenb);
		/*
		 * With rd and rs1 both x0 it is reserved to change VLMAX, which is 0 for an illegal
		 * vtype.
		 */
		if (!keeps || vlmax == r->vlmax) {
			r->out->vtype = vtype;
			r->out->vl = keeps ? r->in->vl : MIN(avl, vlmax);
		}
	}
	r->out->x[r->vd] = r->out->vl;
	r->out->x[0] = 0;
}

struct reference reference_of(const struct vector_image *in, struct vector_image *out,
			      unsigned vlenb)
{
	u32 raw = in->raw, funct3 = raw >> 12 & 7;
	struct reference r = {
		.in = in, .out = out, .vlenb = vlenb, .funct6 = raw >> 26, .vd = raw >> 7 & 31,
		.vs2 = raw >> 20 & 31, .vs1 = raw >> 15 & 31, .masked = !(raw >> 25 & 1),
		.opm = (raw & 0x7f) == 0x57 && (funct3 == 2 || funct3 == 6),
	};

	rules_form(raw, &r.form);
	if (in->vtype >> 63 == 0) {
		r.sew = rules_sew(in->vtype);
		r.vlmax = rules_vlmax(in->vtype, vlenb);
	}
	return r;
}

bool reference_run(const struct vector_image *in, struct vector_image *out, unsigned vlenb)
{
	struct reference r = reference_of(in, out, vlenb);
	enum rules rules = rules_legal(in->raw, in->vtype);

	*out = *in;
	if ((in->raw & 0x707f) == 0x7057) {
		run_set(&r);
		return true;
	}
	if (rules == RULES_UNKNOWN || !r.form.integer)
		return false;
	out->trap = rules == RULES_LEGAL && start_is_legal(&r) ? IMAGE_DONE : IMAGE_ILLEGAL;
	if (out->trap == IMAGE_ILLEGAL)
		return true;
	dispatch(&r);
	if (out->trap == IMAGE_DONE)
		out->vstart = 0;
	out->x[0] = 0;
	return true;
}
