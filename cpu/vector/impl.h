/* SPDX-License-Identifier: MIT */
/*
 * Definitions that the files of this folder share: the places of operands, the active elements, and
 * the start and end of an instruction.
 */
#ifndef CPU_VECTOR_IMPL_H
#define CPU_VECTOR_IMPL_H

#include "cpu/csr/fast.h"
#include "cpu/hart/hart.h"
#include "cpu/trap/trap.h"
#include "cpu/vector/element.h"
#include "cpu/vector/vector.h"

/* The most elements that a group has. */
#define ELEMENTS_MAX (8 * VLENB_MAX)

/* The most bytes that a group has. */
#define GROUP_MAX (8 * VLENB_MAX)

/* The words of the longest mask. */
#define WORDS_MAX (VLENB_MAX / 8)

/* Alignment of byte arrays in which elements of all widths are accessed. */
#define ELEMENT_ALIGNED __attribute__((aligned(16)))

static inline u8 *register_of(struct hart *hart, unsigned number)
{
	return vector_register(&hart->vector, number % VECTOR_REGISTERS);
}

/* Returns the binary logarithm of SEW in bytes. */
static inline unsigned sew_of(const struct hart *hart)
{
	return vtype_sew(hart->vector.vtype) - 3;
}

/*
 * Returns the size in bytes of a register group whose elements have 2^size bytes. A fractional
 * group counts as one register.
 */
static inline u64 group_bytes(const struct hart *hart, unsigned size)
{
	int emul = vtype_lmul(hart->vector.vtype) + (int)size - (int)sew_of(hart);

	return (u64)hart->vector.vlenb << MAX(emul, 0);
}

/* Return whether elements of the tail, and elements that are masked off, become ones. */
static inline bool tail_is_ones(const struct hart *hart)
{
	return hart->vector.config.tail_ones && hart->vector.vtype & VTYPE_VTA;
}

static inline bool inactive_are_ones(const struct hart *hart)
{
	return hart->vector.config.mask_ones && hart->vector.vtype & VTYPE_VMA;
}

/* Returns VLMAX for the present vtype. */
static inline u64 vlmax_of(const struct hart *hart)
{
	return vector_vlmax(&hart->vector);
}

/*
 * Must be called first. Checks vstart, and sets *first, so that elements [*first, vl) are computed,
 * which may be none. Returns false with the trap filled in.
 */
static inline bool vector_begin(struct hart *hart, const struct insn *insn, u64 *first)
{
	u64 vstart = hart->vector.vstart;

	*first = vstart;
	if (likely(!vstart))
		return true;
	if (vector_shape(insn->op)->flags & SHAPE_START_0 || vstart >= vlmax_of(hart))
		return hart_illegal(hart, insn->raw, REASON_vector_start);
	return true;
}

/* Must be called last: resets vstart, and sets VS to Dirty. */
static inline bool vector_end(struct hart *hart)
{
	hart->vector.vstart = 0;
	csr_vector_dirty(hart);
	return true;
}

static inline bool is_active(struct hart *hart, const struct insn *insn, u64 n)
{
	return !vector_is_masked(insn->raw) || mask_bit(register_of(hart, 0), n);
}

/* Stores a mask of the elements [0, vl): the bits of active elements of [first, vl) are set. */
void mask_active(struct hart *hart, const struct insn *insn, u64 first, u64 *words);

/*
 * Writes the active elements of [first, vl) of `result`, a whole group of elements of 2^size bytes,
 * to vd. The other elements are undisturbed, or become ones if they are agnostic and the hart is
 * configured so.
 */
void vector_put(struct hart *hart, const struct insn *insn, unsigned size, u64 first,
		const u8 *result);

/* Writes a mask to vd. The tail of a mask is agnostic. */
void vector_put_mask(struct hart *hart, const struct insn *insn, u64 first, const u64 *words);

/* Writes element 0 of vd, which has 2^size bytes and is the whole body. */
void vector_put_first(struct hart *hart, const struct insn *insn, unsigned size, u64 value);

/* Fills the tail of vd, of elements with 2^size bytes, with ones, if tail_is_ones. */
void vector_fill_tail(struct hart *hart, const struct insn *insn, unsigned size);

#endif
