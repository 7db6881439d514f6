/* SPDX-License-Identifier: MIT */
/*
 * Decides which vector instructions are legal (see vector.h). The rules are those of the manual's
 * vector chapter: "Mapping of Vector Elements to Vector Register State", "Vector Operands", "Vector
 * Masking", and the rules of single instructions, for which their shapes have flags.
 */
#include "cpu/isa/vector.h"

static const struct vector_shape shapes[] = {
#define READS_D SHAPE_READS_D
#define DISJOINT SHAPE_DISJOINT
#define START_0 SHAPE_START_0
#define SEGMENTS SHAPE_SEGMENTS
#define ANY_TYPE SHAPE_ANY_TYPE
#define SEW_32 SHAPE_SEW_32
#define SEW_64 SHAPE_SEW_64
#define DISJOINT_A SHAPE_DISJOINT_A
#define SHAPE(name, d, a, b, flags) { EEW_##d, EEW_##a, EEW_##b, flags },
#include "cpu/isa/shape.def"
};

enum shape_name {
#define SHAPE(name, d, a, b, flags) SHAPE_NAME_##name,
#include "cpu/isa/shape.def"
};

static const u8 row_shapes[] = {
#define VINSN(name, bits, format, ext, class, shape) SHAPE_NAME_##shape,
#include "cpu/isa/v.def"
#define VFINSN(name, bits, format, ext, class, shape, floats) SHAPE_NAME_##shape,
#include "cpu/isa/vf.def"
};

/* The widths of a row that are floating-point formats (vf.def). */
enum floats { FLOATS_S, FLOATS_W, FLOATS_SW, FLOATS_CVT, FLOATS_BF16 };

static const u8 row_floats[] = {
#define VFINSN(name, bits, format, ext, class, shape, floats) FLOATS_##floats,
#include "cpu/isa/vf.def"
};

_Static_assert(ARRAY_SIZE(row_shapes) == OP_COUNT - OP_vsetivli &&
		       ARRAY_SIZE(row_floats) == OP_COUNT - OP_vfadd_vf,
	       "v.def and vf.def are the end of isa.def");

const struct vector_shape *vector_shape(unsigned op)
{
	return &shapes[row_shapes[op - OP_vsetivli]];
}

static unsigned elen(const struct isa *isa)
{
	return isa_has(isa, EXT_zve64x) ? 6 : 5;
}

/*
 * LMUL must be at least SEW / ELEN: implementations need not support less, and this one does not
 * ("Vector Register Grouping").
 */
u64 vtype_legal(const struct isa *isa, u64 value)
{
	const u64 known = VTYPE_VLMUL | VTYPE_VSEW | VTYPE_VTA | VTYPE_VMA;
	int lmul = vtype_lmul(value);

	if ((value & ~known) || lmul == -4 || vtype_sew(value) > 6 ||
	    (int)vtype_sew(value) > (int)elen(isa) + MIN(lmul, 0))
		return VTYPE_VILL;
	return value;
}

unsigned vector_eew(const struct insn *insn, enum vector_eew eew, u64 vtype)
{
	unsigned sew = vtype_sew(vtype);

	switch (eew) {
	case EEW_WIDE:
	case EEW_WIDE_ELEMENT:
		return sew + 1;
	case EEW_HALF:
		return sew - 1;
	case EEW_QUARTER:
		return sew - 2;
	case EEW_EIGHTH:
		return sew - 3;
	case EEW_FIXED_16:
		return 4;
	case EEW_ENCODED:
		return vector_encoded_eew(insn->raw);
	case EEW_MASK:
	case EEW_NONE:
		return 0;
	default:
		return sew;
	}
}

/* A register group that an instruction reads or writes. */
struct group {
	u8 kind; /* enum vector_eew */
	u8 eew;
	u8 first, count; /* registers; count 0: there is no group */
	bool fraction; /* EMUL is below 1 */
};

/* The count is nf + 1, or simm5 + 1 in vmv<nr>r. */
unsigned vector_whole_count(const struct insn *insn)
{
	unsigned at = isa_ops[insn->op].class == CLASS_VPERM ? 15 : 29;

	return (unsigned)bits(insn->raw, at, 3) + 1;
}

/*
 * Fills in a register group; for the segments of `fields` fields, that of all fields together,
 * whose groups are consecutive. Returns the rule that the group violates.
 */
static enum vector_rule make_group(const struct isa *isa, const struct insn *insn, u64 vtype,
				   struct group *group, unsigned fields)
{
	int emul = vtype_lmul(vtype);
	unsigned registers;

	if (group->kind == EEW_NONE)
		return VECTOR_LEGAL;
	group->eew = (u8)vector_eew(insn, group->kind, vtype);
	if (group->kind == EEW_MASK || group->kind == EEW_ELEMENT ||
	    group->kind == EEW_WIDE_ELEMENT) {
		group->count = 1;
		return group->eew <= elen(isa) ? VECTOR_LEGAL : VECTOR_EEW;
	}
	if (group->kind == EEW_WHOLE) {
		group->count = (u8)vector_whole_count(insn);
		return group->first % group->count ? VECTOR_GROUP : VECTOR_LEGAL;
	}
	if (group->eew < 3 || group->eew > elen(isa))
		return VECTOR_EEW;
	emul += (int)group->eew - (int)vtype_sew(vtype);
	if (emul < -3 || emul > 3)
		return VECTOR_EMUL;
	registers = 1u << MAX(emul, 0);
	group->fraction = emul < 0;
	group->count = (u8)(registers * fields);
	if (group->count > 8)
		return VECTOR_EMUL;
	if (group->first % registers || group->first + group->count > VECTOR_REGISTERS)
		return VECTOR_GROUP;
	return VECTOR_LEGAL;
}

/*
 * Returns whether two groups overlap. If `count` is 0 there is no group, and `first` is the number
 * of another kind of operand.
 */
static bool overlap(const struct group *a, const struct group *b)
{
	return a->count && b->count && a->first < b->first + b->count &&
	       b->first < a->first + a->count;
}

/*
 * Returns whether the destination may overlap a source of another width as it does. A narrower
 * destination must be the lowest-numbered part of the source. A wider one must have the source as
 * its highest-numbered part, and the source's EMUL must be at least 1. If the source is a mask, a
 * wider destination may not overlap it at all, so a masked instruction does not write v0, unless it
 * writes a mask or a single element ("Vector Masking").
 */
static bool may_overlap(const struct group *d, const struct group *source)
{
	if (!overlap(d, source) || d->eew == source->eew)
		return true;
	if (d->kind == EEW_ELEMENT || d->kind == EEW_WIDE_ELEMENT)
		return true;
	if (d->eew < source->eew)
		return d->first == source->first;
	return !source->fraction && d->first + d->count == source->first + source->count &&
	       source->kind != EEW_MASK;
}

/*
 * Returns whether no register of the groups is read with two widths. If v0 is the mask, its width
 * is one bit.
 */
static bool is_read_once(const struct group *a, const struct group *b)
{
	return a->eew == b->eew || !overlap(a, b);
}

static enum vector_rule check_sources(const struct vector_shape *shape, const struct group *groups)
{
	const struct group *d = &groups[0];

	for (unsigned n = 1; n < 4; n++) {
		const struct group *source = &groups[n];

		if (!source->count)
			continue;
		for (unsigned other = n + 1; other < 4; other++)
			if (!is_read_once(source, &groups[other]))
				return VECTOR_READ_TWICE;
		if (shape->flags & SHAPE_READS_D && !is_read_once(d, source))
			return VECTOR_READ_TWICE;
		if (shape->flags & SHAPE_DISJOINT && overlap(d, source))
			return VECTOR_OVERLAP;
		if (n == 1 && shape->flags & SHAPE_DISJOINT_A && overlap(d, source))
			return VECTOR_OVERLAP;
		if (!may_overlap(d, source))
			return VECTOR_OVERLAP;
	}
	return VECTOR_LEGAL;
}

/*
 * Returns whether an indexed segment load overwrites no index ("Vector Indexed Segment Loads and
 * Stores"). The fields of a segment store are sources like its indices, so only the rule about
 * reading with two widths applies to them.
 */
static bool check_segments(const struct vector_shape *shape, const struct group *groups,
			   unsigned fields)
{
	return fields == 1 || shape->flags & SHAPE_READS_D || !overlap(&groups[0], &groups[1]);
}

/*
 * Returns whether the instruction needs V if SEW is 64: Zve64x has no high halves of such products.
 */
static bool is_of_v(unsigned op)
{
	return op == OP_vmulh_vv || op == OP_vmulh_vx || op == OP_vmulhu_vv || op == OP_vmulhu_vx ||
	       op == OP_vmulhsu_vv || op == OP_vmulhsu_vx || op == OP_vsmul_vv || op == OP_vsmul_vx;
}

static bool has_float(const struct isa *isa, unsigned eew, enum ext half)
{
	switch (eew) {
	case 4:
		return isa_has(isa, half);
	case 5:
		return isa_has(isa, EXT_zve32f);
	case 6:
		return isa_has(isa, EXT_zve64d);
	default:
		return false;
	}
}

/*
 * Returns whether the hart has the floating-point formats of a row. With Zvfhmin it has only
 * conversions from and to half precision.
 */
static bool check_floats(const struct isa *isa, unsigned op, unsigned sew)
{
	if (op < OP_vfadd_vf)
		return true;
	switch ((enum floats)row_floats[op - OP_vfadd_vf]) {
	case FLOATS_S:
		return has_float(isa, sew, EXT_zvfh);
	case FLOATS_W:
		return has_float(isa, sew + 1, EXT_zvfh);
	case FLOATS_SW:
		return has_float(isa, sew, EXT_zvfh) && has_float(isa, sew + 1, EXT_zvfh);
	case FLOATS_BF16:
		return sew == 4;
	default:
		return has_float(isa, sew, EXT_zvfhmin) && has_float(isa, sew + 1, EXT_zvfhmin);
	}
}

unsigned vector_nf(const struct insn *insn)
{
	if (!vector_is_row(insn->op) || !(vector_shape(insn->op)->flags & SHAPE_SEGMENTS))
		return 1;
	return (unsigned)bits(insn->raw, 29, 3) + 1;
}

/* Returns whether SEW is one for which the row exists. SHA-2 with 64 bits needs Zvknhb. */
static bool check_sew(const struct isa *isa, const struct vector_shape *shape, unsigned sew)
{
	unsigned only = shape->flags & (SHAPE_SEW_32 | SHAPE_SEW_64);

	if (!only)
		return true;
	if (sew == 6 && only == (SHAPE_SEW_32 | SHAPE_SEW_64))
		return isa_has(isa, EXT_zvknhb);
	return (sew == 5 && only & SHAPE_SEW_32) || (sew == 6 && only & SHAPE_SEW_64);
}

enum vector_rule vector_rule(const struct isa *isa, const struct insn *insn, u64 vtype)
{
	const struct vector_shape *shape = vector_shape(insn->op);
	bool masked = vector_is_masked(insn->raw) && isa_ops[insn->op].class != CLASS_VSET;
	unsigned fields = vector_nf(insn);
	struct group groups[4] = {
		{ .kind = shape->d, .first = (u8)bits(insn->raw, 7, 5) },
		{ .kind = shape->a, .first = insn->rs2 },
		{ .kind = shape->b, .first = insn->rs1 },
		{ .kind = masked ? EEW_MASK : EEW_NONE },
	};

	if (vtype & VTYPE_VILL && !(shape->flags & SHAPE_ANY_TYPE))
		return VECTOR_VILL;
	for (unsigned n = 0; n < ARRAY_SIZE(groups); n++) {
		enum vector_rule rule = make_group(isa, insn, vtype, &groups[n], n ? 1 : fields);

		if (rule)
			return rule;
	}
	if (!check_sew(isa, shape, vtype_sew(vtype)) ||
	    (is_of_v(insn->op) && vtype_sew(vtype) == 6 && !isa_has(isa, EXT_v)) ||
	    !check_floats(isa, insn->op, vtype_sew(vtype)))
		return VECTOR_SEW;
	if (!check_segments(shape, groups, fields))
		return VECTOR_OVERLAP;
	return check_sources(shape, groups);
}
