/* SPDX-License-Identifier: MIT */
/*
 * The functions that bodies of vector instructions call (sem/v.inc). The instruction is legal in
 * the vtype in force (isa/vector.h). All return false with hart->trap filled in; else they have set
 * vstart to 0 and VS to Dirty, but where no vector state changes.
 */
#ifndef CPU_VECTOR_VECTOR_H
#define CPU_VECTOR_VECTOR_H

#include "cpu/hart/hart.h"
#include "cpu/vector/loops.h"

/* The loops of the hart, by the names of bodies.def. */
#define VECTOR_LOOPS(name) (h->vector.loops->name)

/* Sets vl and vtype as vsetvli and the like do, and returns vl. AVL is what was asked for. */
u64 vector_set(struct hart *hart, u64 avl, u64 vtype);

/*
 * Does what vector_set does with AVL from rs1; without rs1 AVL is the largest, or without rd
 * either, vl.
 */
u64 vector_set_by(struct hart *hart, const struct insn *insn, u64 vtype);

/* Elements of vd from those of vs2 and vs1, a scalar or an immediate. */
bool vector_elements(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/*
 * Does what vector_elements does by a body that may raise vxsat, which elements that are masked off
 * do not.
 */
bool vector_fixed(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/* Does what vector_elements does by a body that reads v0 as an operand, so that v0 is no mask. */
bool vector_with_carry(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/* Bits of the mask vd from comparisons of elements; with_carry as above. */
bool vector_compare(struct hart *hart, const struct insn *insn, vector_loop *const *loops);
bool vector_compare_with_carry(struct hart *hart, const struct insn *insn,
			       vector_loop *const *loops);

/* Element 0 of vd from that of vs1 and the active elements of vs2. */
bool vector_reduce(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/*
 * Do for floating point what vector_elements, vector_compare and vector_reduce do: a reserved frm
 * traps, and flags are those of active elements. Sums are made in the order of elements.
 */
bool vector_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops);
bool vector_compare_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops);
bool vector_reduce_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/* Traps if frm is reserved, as it is for instructions that only move numbers, too. */
bool vector_rounds(struct hart *hart, const struct insn *insn);
/* Returns the number of SEW bits in f[rs1]: the canonical NaN if it is not NaN-boxed. */
u64 vector_scalar(const struct hart *hart, const struct insn *insn);
/* Writes f[rd] with element 0, NaN-boxed. */
bool vector_read_float(struct hart *hart, const struct insn *insn);

/* Masks: the bits of vd; `how` has four bits, the result for vs2's bit and vs1's: 0,0 first. */
bool vector_mask_logic(struct hart *hart, const struct insn *insn, unsigned how);
/* vmsbf, vmsif, vmsof: the bits before the first one, with it, it alone. */
bool vector_mask_prefix(struct hart *hart, const struct insn *insn, bool before, bool first);
bool vector_mask_count(struct hart *hart, const struct insn *insn, u64 *count);
bool vector_mask_first(struct hart *hart, const struct insn *insn, u64 *index);
bool vector_iota(struct hart *hart, const struct insn *insn);

/* Permutations. `offset` is in elements; a scalar has SEW bits. */
bool vector_slide_up(struct hart *hart, const struct insn *insn, u64 offset);
bool vector_slide_down(struct hart *hart, const struct insn *insn, u64 offset);
bool vector_slide_1_up(struct hart *hart, const struct insn *insn, u64 scalar);
bool vector_slide_1_down(struct hart *hart, const struct insn *insn, u64 scalar);
bool vector_gather(struct hart *hart, const struct insn *insn);
bool vector_gather_one(struct hart *hart, const struct insn *insn, u64 index);
bool vector_compress(struct hart *hart, const struct insn *insn);
bool vector_move_whole(struct hart *hart, const struct insn *insn);
/* Element 0, sign-extended; and a write of it. */
bool vector_read_element(struct hart *hart, const struct insn *insn, u64 *value);
bool vector_write_element(struct hart *hart, const struct insn *insn, u64 value);

/*
 * Groups of four or eight elements, of 32 or 64 bits (vector cryptography): computes one of vd from
 * the same of vd, vs2 and vs1, and the immediate. `words` are four, or eight, of the SEW in force.
 */
struct vector_group {
	unsigned elements; /* 4 or 8 */
	void (*compute)(u64 *d, const u64 *a, const u64 *b, unsigned imm);
	void (*compute_64)(u64 *d, const u64 *a, const u64 *b, unsigned imm); /* at SEW 64 */
};
#define GROUP(name) extern const struct vector_group vector_group_##name;
#include "cpu/vector/groups.def"
bool vector_groups(struct hart *hart, const struct insn *insn, const struct vector_group *group);

/* Loads and stores: the kind is in the instruction's format and class. */
bool vector_load(struct hart *hart, const struct insn *insn);
bool vector_load_first(struct hart *hart, const struct insn *insn); /* fault-only-first */
bool vector_store(struct hart *hart, const struct insn *insn);

/* An access of an element that a load or store is about to make. */
struct vector_access {
	u64 n; /* the number of the element, or of the segment: vstart, if it traps there */
	u64 va; /* before masking of pointers */
	unsigned bytes;
	bool store;
	u64 value; /* that a store writes */
};

/*
 * Tells `each` of the accesses of active elements that the instruction is about to make, in their
 * order; there is none if it is no vector load or store. It accesses nothing itself, so that it may
 * name more than are made: one may trap.
 */
typedef void vector_access_fn(void *ctx, const struct vector_access *access);
void vector_accesses(struct hart *hart, const struct insn *insn, vector_access_fn *each, void *ctx);

#endif
