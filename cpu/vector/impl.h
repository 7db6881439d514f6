/* SPDX-License-Identifier: MIT */
/*
 * Definitions that the files of this folder share: where operands are, which elements are active,
 * the end.
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

/* Bytes in which elements of all widths are accessed. */
#define ELEMENT_ALIGNED __attribute__((aligned(16)))

static inline u8 *register_of(struct hart *hart, unsigned number)
{
	return vector_register(&hart->vector, number % VECTOR_REGISTERS);
}

/* The logarithm of SEW in bytes. */
static inline unsigned sew_of(const struct hart *hart)
{
	return vtype_sew(hart->vector.vtype) - 3;
}

/* Returns the bytes of a register group of elements of 2^size bytes; a fraction is a register. */
static inline u64 group_bytes(const struct hart *hart, unsigned size)
{
	int emul = vtype_lmul(hart->vector.vtype) + (int)size - (int)sew_of(hart);

	return (u64)hart->vector.vlenb << MAX(emul, 0);
}

/* Return whether elements of the tail, and those that are masked off, become ones. */
static inline bool tail_is_ones(const struct hart *hart)
{
	return hart->vector.config.tail_ones && hart->vector.vtype & VTYPE_VTA;
}

static inline bool inactive_are_ones(const struct hart *hart)
{
	return hart->vector.config.mask_ones && hart->vector.vtype & VTYPE_VMA;
}

/* Returns VLMAX for the vtype in force. */
static inline u64 vlmax_of(const struct hart *hart)
{
	return vector_vlmax(&hart->vector);
}

/*
 * To be called first: checks vstart, and sets the elements [*first, vl) that are computed, which
 * may be none. Returns false with the trap filled in.
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

/* To be called last. */
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

/* Writes the words of [0, vl): bits are set for the elements of [first, vl) that are active. */
void mask_active(struct hart *hart, const struct insn *insn, u64 first, u64 *words);

/*
 * Puts `result`, a whole group of elements of 2^size bytes, into vd: those of [first, vl) that are
 * active. The others are undisturbed, or ones if they are agnostic and the hart makes them ones.
 */
void vector_put(struct hart *hart, const struct insn *insn, unsigned size, u64 first,
		const u8 *result);

/* Puts the words of a mask into vd; the tail of masks is agnostic. */
void vector_put_mask(struct hart *hart, const struct insn *insn, u64 first, const u64 *words);

/* Writes element 0 of vd, which has 2^size bytes and is all of the body. */
void vector_put_first(struct hart *hart, const struct insn *insn, unsigned size, u64 value);

/* Fills what is behind the body of vd, elements of 2^size bytes, if it becomes ones. */
void vector_fill_tail(struct hart *hart, const struct insn *insn, unsigned size);

#endif
