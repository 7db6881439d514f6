/* SPDX-License-Identifier: MIT */
/* The table of known differences (see known.h). */
#include "tests/cpu/vector/known.h"

#include "tests/cpu/vector/reference/reference.h"

#include <string.h>

/* The difference that a row's function judges. */
struct difference {
	unsigned vlenb;
	const struct vector_image *in, *baya, *qemu;
	struct insn insn;
};

static bool has_flag(const struct difference *d, unsigned flag)
{
	return vector_shape(d->insn.op)->flags & flag;
}

/* Returns whether Baya traps, as it does on all reserved encodings, while QEMU executes it. */
static bool qemu_alone_executes(const struct difference *d)
{
	return d->baya->trap == IMAGE_ILLEGAL && d->qemu->trap != IMAGE_ILLEGAL;
}

static bool is_beyond_vlmax(const struct difference *d)
{
	return qemu_alone_executes(d) && !(d->in->vtype & VTYPE_VILL) &&
	       d->in->vstart >= rules_vlmax(d->in->vtype, d->vlenb);
}

/* Returns whether the manual's rules reserve it as well, not only Baya's table. */
static bool is_reserved(const struct difference *d)
{
	return qemu_alone_executes(d) && rules_legal(d->in->raw, d->in->vtype) != RULES_LEGAL;
}

static bool names_v0(const struct difference *d)
{
	const struct format *format = isa_format(d->insn.op);

	return (format->rs2.kind == OPERAND_V && d->insn.rs2 == 0) ||
	       (format->rs1.kind == OPERAND_V && d->insn.rs1 == 0) ||
	       (has_flag(d, SHAPE_READS_D) && d->insn.rd == 0);
}

static bool reads_mask_as_elements(const struct difference *d)
{
	return is_reserved(d) && vector_is_masked(d->in->raw) && names_v0(d);
}

/*
 * Returns whether it is reserved because a register is read with two EEWs; that can be by widening
 * reductions, vcompress and indexed stores.
 */
static bool reads_twice(const struct difference *d)
{
	const struct vector_shape *shape = vector_shape(d->insn.op);
	bool store = has_flag(d, SHAPE_READS_D) && shape->a == EEW_ENCODED;

	return is_reserved(d) && (store || shape->b == EEW_WIDE_ELEMENT || shape->b == EEW_MASK);
}

/* Returns whether vsetvl with rd and rs1 x0, which keeps vl, would have changed VLMAX. */
static bool keeps_length(const struct difference *d)
{
	bool keeps = d->insn.op == OP_vsetvli || d->insn.op == OP_vsetvl;

	return keeps && !(d->in->raw & (31u << 15 | 31u << 7)) && d->baya->vtype & VTYPE_VILL;
}

/* Returns whether each of QEMU's bytes is Baya's or the one that `either` has. */
static bool are_bytes_of(const u8 *qemu, const u8 *baya, const u8 *either, size_t count)
{
	for (size_t n = 0; n < count; n++)
		if (qemu[n] != baya[n] && qemu[n] != either[n])
			return false;
	return true;
}

/*
 * Returns whether QEMU has moved some fields of the segment that faults, or of the one at which a
 * fault-only-first load now ends vl. Baya moves none of them.
 */
static bool moves_part_of_segment(const struct difference *d)
{
	static struct vector_image either, rest;
	struct reference r = reference_of(d->in, &either, d->vlenb);
	u64 n = d->baya->trap == IMAGE_FAULT ? d->baya->vstart : d->baya->vl;

	if (n >= d->in->vl || rules_legal(d->in->raw, d->in->vtype) != RULES_LEGAL ||
	    r.form.fields < 2 || d->baya->trap == IMAGE_ILLEGAL)
		return false;
	either = *d->baya;
	reference_segment(&r, n);
	rest = *d->qemu;
	memcpy(rest.v, d->baya->v, sizeof(rest.v));
	memcpy(rest.memory, d->baya->memory, sizeof(rest.memory));
	return !memcmp(&rest, d->baya, sizeof(rest)) &&
	       are_bytes_of(d->qemu->v, d->baya->v, either.v, sizeof(rest.v)) &&
	       are_bytes_of(d->qemu->memory, d->baya->memory, either.memory, sizeof(rest.memory));
}

static bool is_fault_first(enum op op)
{
	return op == OP_vle8ff_v || op == OP_vle16ff_v || op == OP_vle32ff_v || op == OP_vle64ff_v;
}

/*
 * Returns whether the images differ only in agnostic elements that one emulator has left
 * undisturbed and the other has set to ones, where agnostic elements become ones: tails of vlm,
 * vmv.s.x, vfmv.s.f and of loads that have reduced vl, and masked-off elements of a load that
 * faults.
 */
static bool chooses_otherwise(const struct difference *d)
{
	static struct vector_image merged;
	bool load = d->baya->trap == IMAGE_FAULT && d->in->vtype & VTYPE_VMA;
	bool scalar = d->insn.op == OP_vmv_s_x || d->insn.op == OP_vfmv_s_f;
	bool less = is_fault_first(d->insn.op) && d->baya->vl < d->in->vl;
	bool tail = (scalar || less) && d->in->vtype & VTYPE_VTA;

	if (!load && !tail && d->insn.op != OP_vlm_v)
		return false;
	merged = *d->qemu;
	for (size_t n = 0; n < sizeof(merged.v); n++) {
		u8 before = d->in->v[n], baya = d->baya->v[n], qemu = d->qemu->v[n];

		if ((baya == before && qemu == 0xff) || (baya == 0xff && qemu == before))
			merged.v[n] = baya;
	}
	return !memcmp(&merged, d->baya, sizeof(merged));
}

/*
 * Returns whether a SHA-2 instruction's element group, four elements of 32 bits, is in a fraction
 * of a register, where it fits from VLEN 256 on.
 */
static bool is_fraction_of_sha2(const struct difference *d)
{
	bool sha2 = d->insn.op == OP_vsha2ms_vv || d->insn.op == OP_vsha2ch_vv ||
		    d->insn.op == OP_vsha2cl_vv;

	return sha2 && vtype_lmul(d->in->vtype) < 0 && d->qemu->trap == IMAGE_ILLEGAL &&
	       d->baya->trap != IMAGE_ILLEGAL;
}

/*
 * Returns whether a bfloat16 scalar is not NaN-boxed. It reads as bfloat16's canonical NaN, but
 * QEMU uses that of half precision.
 */
static bool is_unboxed_bfloat16(const struct difference *d)
{
	return d->insn.op == OP_vfwmaccbf16_vf && d->in->f[d->insn.rs1] >> 16 != 0xffffffffffff;
}

/*
 * Returns whether an atomic crosses 16 bytes. Programs (programs.h) have atomics as well; this is
 * the only known difference of an instruction that is no vector instruction.
 */
static bool crosses_granule(const struct difference *d)
{
	return d->insn.op == OP_amoadd_d && d->baya->trap == IMAGE_FAULT &&
	       d->qemu->trap == IMAGE_DONE && d->in->x[d->insn.rs1] % 16 > 8;
}

static const struct known_row {
	bool (*explains)(const struct difference *d);
	const char *reason;
} rows[] = {
	{ NULL, "" },
	{ NULL,
	  "QEMU is aborted by a load or store of whole registers that begins behind their end "
	  "(\"Vector Load/Store Whole Register Instructions\")" },
	{ crosses_granule, "QEMU executes a misaligned AMO that is not within 16 aligned bytes "
			   "(\"Misaligned Atomicity Granule PMA\")" },
	{ is_beyond_vlmax, "QEMU executes with vstart >= VLMAX (\"Vector Start Index CSR\")" },
	{ reads_mask_as_elements,
	  "QEMU executes masked instructions that read v0 as elements, too (\"Vector Operands\")" },
	{ reads_twice, "QEMU reads a register with two EEWs (\"Vector Operands\")" },
	{ keeps_length, "QEMU changes vl where x0, x0 would keep it and VLMAX is another (\"AVL "
			"encoding\")" },
	{ moves_part_of_segment, "QEMU has accessed fields of the segment that faults, which may be "
				 "(\"Vector Load/Store Segment Instructions\")" },
	{ chooses_otherwise, "an agnostic element is ones in one and undisturbed in the other "
			     "(\"Vector Tail Agnostic and Vector Mask Agnostic vta and vma\")" },
	{ is_unboxed_bfloat16, "QEMU takes half precision's NaN for a bfloat16 scalar that is not "
			       "NaN-boxed (\"NaN Boxing of Narrower Values\")" },
	{ is_fraction_of_sha2, "QEMU asks for a whole register where LMUL * VLEN >= EGW is enough "
			       "(\"Vector SHA-2\")" },
};

_Static_assert(ARRAY_SIZE(rows) == KNOWN_COUNT, "known.h counts the rows");

enum known known_difference(const struct case_maker *maker, const struct vector_image *in,
			    const struct vector_image *baya, const struct vector_image *qemu)
{
	struct difference d = { maker->vlenb, in, baya, qemu, { 0 } };

	isa_decode(maker->isa, in->raw, &d.insn);
	if (!vector_is_row(d.insn.op))
		return crosses_granule(&d) ? KNOWN_GRANULE : KNOWN_NONE;
	for (unsigned n = KNOWN_GRANULE; n < ARRAY_SIZE(rows); n++)
		if (rows[n].explains(&d))
			return (enum known)n;
	return KNOWN_NONE;
}

enum known known_abort(const struct case_maker *maker, const struct vector_image *in)
{
	struct form form;

	if (rules_form(in->raw, &form) != RULES_LEGAL || form.d != 'r' || form.type == 'i')
		return KNOWN_NONE;
	return in->vstart > form.fields * maker->vlenb * 8 / form.eew ? KNOWN_ABORT : KNOWN_NONE;
}

const char *known_reason(enum known known)
{
	return rows[known].reason;
}
