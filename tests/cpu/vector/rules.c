/* SPDX-License-Identifier: MIT */
/* The manual's rules of legality (see rules.h); sections are those of the vector chapter. */
#include "tests/cpu/vector/rules.h"

const struct rules_hart rules_whole_hart = { 64, 16 | 32 | 64, .v = true, .zvfhmin = true,
					     .zvknhb = true };

unsigned rules_sew(u64 vtype)
{
	return 8u << (vtype >> 3 & 7);
}

unsigned rules_lmul(u64 vtype)
{
	static const unsigned eighths[8] = { 8, 16, 32, 64, 0, 1, 2, 4 };

	return eighths[vtype & 7];
}

u64 rules_vlmax(u64 vtype, unsigned vlenb)
{
	return (u64)vlenb * 8 * rules_lmul(vtype) / 8 / rules_sew(vtype);
}

bool rules_vtype_on(const struct rules_hart *hart, u64 vtype)
{
	unsigned lmul = rules_lmul(vtype), sew = rules_sew(vtype);

	/* "Vector Register Grouping": with LMUL < SEW / ELEN, vill is set. */
	return vtype < 256 && lmul && sew <= hart->elen && lmul * hart->elen / 8 >= sew;
}

unsigned rules_eew(const struct form *form, char operand, u64 vtype)
{
	unsigned sew = rules_sew(vtype);

	switch (operand) {
	case 'w':
	case '2':
		return 2 * sew;
	case 'h':
		return sew / 2;
	case 'q':
		return sew / 4;
	case 'e':
		return sew / 8;
	case '6':
		return 16;
	case 'i':
		return form->eew;
	case 'm':
		return 1;
	default:
		return sew;
	}
}

unsigned rules_emul(const struct form *form, char operand, u64 vtype)
{
	if (operand == 'm' || operand == '1' || operand == '2')
		return 8;
	if (operand == 'r')
		return 8 * form->fields;
	/* EMUL is in eighths: 0 is less than 1/8. */
	return rules_eew(form, operand, vtype) * rules_lmul(vtype) / rules_sew(vtype);
}

/* Returns the set of an operand's registers, a bit each; 0 if they are reserved. */
static u64 registers_of(const struct form *form, char operand, unsigned first, u64 vtype)
{
	unsigned emul = rules_emul(form, operand, vtype), count = emul > 8 ? emul / 8 : 1;
	bool memory = form->type == 'l' || form->type == 't';
	unsigned fields = memory && operand == form->d && operand != 'r' ? form->fields : 1;
	unsigned eew = rules_eew(form, operand, vtype);

	if (operand != 'm' && operand != 'r' && (eew < 8 || eew > form->hart->elen))
		return 0;
	if (emul < 1 || emul > 64 || first % count || count * fields > 8)
		return 0;
	return first + count * fields > 32 ? 0 : ((1ull << count * fields) - 1) << first;
}

struct registers {
	u64 set;
	unsigned eew, emul;
	bool scalar;
};

/* "Vector Operands", "Vector Masking", "Vector Reduction Operations" */
static bool may_overlap(const struct form *form, const struct registers *d,
			const struct registers *source, bool is_mask)
{
	if (!(d->set & source->set))
		return true;
	if (form->apart)
		return false;
	if (is_mask)
		return d->eew == 1 || (d->scalar && form->type == 'v');
	if (d->scalar || d->eew == source->eew)
		return true;
	if (d->eew < source->eew)
		return __builtin_ctzll(d->set) == __builtin_ctzll(source->set);
	return source->emul >= 8 && __builtin_clzll(d->set) == __builtin_clzll(source->set);
}

static bool overlaps_are_legal(const struct form *form, const struct registers *all)
{
	/* The sources: vs2, vs1, the mask, and vd where it is read. */
	for (unsigned n = 1; n < 4; n++) {
		for (unsigned other = form->reads_d ? 0 : 1; other < n; other++)
			if (all[n].set & all[other].set && all[n].eew != all[other].eew)
				return false;
		if (n == 1 && form->apart_a && all[0].set & all[1].set)
			return false;
		/* A store has no destination. */
		if (form->type != 't' && !may_overlap(form, &all[0], &all[n], n == 3))
			return false;
	}
	return true;
}

enum rules rules_legal_on(const struct rules_hart *hart, u32 raw, u64 vtype)
{
	struct registers all[4] = { 0 };
	struct form form;
	enum rules found = rules_form_on(hart, raw, &form);
	const char operands[] = { form.d, form.a, form.b };

	if (found != RULES_LEGAL)
		return found;
	if (vtype >> 63) {
		if (!form.whole)
			return RULES_RESERVED;
		vtype = 0;
	}
	if (!(form.sews & rules_sew(vtype)))
		return RULES_RESERVED;
	for (unsigned n = 0; n < 3; n++) {
		unsigned first = raw >> (n == 0 ? 7 : n == 1 ? 20 : 15) & 31;

		if (operands[n] == '-')
			continue;
		all[n].set = registers_of(&form, operands[n], first, vtype);
		all[n].eew = rules_eew(&form, operands[n], vtype);
		all[n].emul = rules_emul(&form, operands[n], vtype);
		all[n].scalar = operands[n] == '1' || operands[n] == '2';
		if (!all[n].set)
			return RULES_RESERVED;
	}
	if (!(raw >> 25 & 1))
		all[3] = (struct registers){ .set = 1, .eew = 1, .emul = 8 };
	return overlaps_are_legal(&form, all) ? RULES_LEGAL : RULES_RESERVED;
}

bool rules_start(const struct form *form, u64 vtype, u64 vl, u64 vstart, unsigned vlenb)
{
	bool reduces = form->type == 'v' && (form->b == '1' || form->b == '2');
	u64 vlmax = rules_vlmax(vtype, vlenb);

	/* "Vector Reduction Operations" */
	if (reduces && vstart)
		return false;
	/* "Floating-Point Scalar Move Instructions": vfmv.f.s and vfmv.s.f ignore LMUL. */
	if (form->group == 1 && !reduces && (form->a == '1' || form->d == '1'))
		return true;
	/* "Instruction Constraints": LMUL * VLEN has room for an element group. */
	if (vl % form->group || vstart % form->group || vlmax < form->group)
		return false;
	/* "Vector Start Index CSR" */
	return vstart < vlmax;
}
