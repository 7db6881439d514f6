/* SPDX-License-Identifier: MIT */
/*
 * The functions that bodies of vector instructions call (sem/v.inc). The caller has checked that
 * the instruction is legal in the present vtype (isa/vector.h). All return false with hart->trap
 * filled in; otherwise they have set vstart to 0 and VS to Dirty, unless no vector state changes.
 */
#ifndef CPU_VECTOR_VECTOR_H
#define CPU_VECTOR_VECTOR_H

#include "cpu/hart/hart.h"
#include "cpu/vector/loops.h"

/* The loops of the hart, by the names of bodies.def. */
#define VECTOR_LOOPS(name) (h->vector.loops->name)

/*
 * Sets vl and vtype as vsetvli and similar instructions do, and returns vl. AVL is the requested
 * length.
 */
u64 vector_set(struct hart *hart, u64 avl, u64 vtype);

/*
 * Does the same with AVL from rs1. If rs1 is x0, AVL is the largest number, or if rd is x0 too, the
 * present vl.
 */
u64 vector_set_by(struct hart *hart, const struct insn *insn, u64 vtype);

/* Computes elements of vd from those of vs2 and those of vs1, a scalar or an immediate. */
bool vector_elements(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/* Does the same by a body that may raise vxsat, which elements that are masked off do not. */
bool vector_fixed(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/*
 * Has the same effect as vector_elements, by a body that reads v0 as an operand, so that v0 is not
 * a mask.
 */
bool vector_with_carry(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/* Compute bits of the mask vd by comparing elements; the second with v0 as an operand. */
bool vector_compare(struct hart *hart, const struct insn *insn, vector_loop *const *loops);
bool vector_compare_with_carry(struct hart *hart, const struct insn *insn,
			       vector_loop *const *loops);

/* Computes element 0 of vd from element 0 of vs1 and the active elements of vs2. */
bool vector_reduce(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/*
 * Do for floating point what vector_elements, vector_compare and vector_reduce do. A reserved frm
 * traps, and only active elements raise flags. Sums are added in the order of the elements.
 */
bool vector_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops);
bool vector_compare_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops);
bool vector_reduce_floats(struct hart *hart, const struct insn *insn, vector_loop *const *loops);

/* Traps if frm is reserved, which is required even for instructions that only move numbers. */
bool vector_rounds(struct hart *hart, const struct insn *insn);
/* Returns the number in f[rs1], of SEW bits: the canonical NaN if it is not NaN-boxed. */
u64 vector_scalar(const struct hart *hart, const struct insn *insn);
/* Writes element 0 to f[rd], NaN-boxed. */
bool vector_read_float(struct hart *hart, const struct insn *insn);

/*
 * Computes the bits of the mask vd. `how` has four bits, the results for the bits of vs2 and vs1,
 * with that for 0,0 in the lowest bit.
 */
bool vector_mask_logic(struct hart *hart, const struct insn *insn, unsigned how);
/* Execute vmsbf, vmsif and vmsof: the bits before the first set bit, including it, or it alone. */
bool vector_mask_prefix(struct hart *hart, const struct insn *insn, bool before, bool first);
bool vector_mask_count(struct hart *hart, const struct insn *insn, u64 *count);
bool vector_mask_first(struct hart *hart, const struct insn *insn, u64 *index);
bool vector_iota(struct hart *hart, const struct insn *insn);

/* Execute permutations. `offset` is in elements; a scalar has SEW bits. */
bool vector_slide_up(struct hart *hart, const struct insn *insn, u64 offset);
bool vector_slide_down(struct hart *hart, const struct insn *insn, u64 offset);
bool vector_slide_1_up(struct hart *hart, const struct insn *insn, u64 scalar);
bool vector_slide_1_down(struct hart *hart, const struct insn *insn, u64 scalar);
bool vector_gather(struct hart *hart, const struct insn *insn);
bool vector_gather_one(struct hart *hart, const struct insn *insn, u64 index);
bool vector_compress(struct hart *hart, const struct insn *insn);
bool vector_move_whole(struct hart *hart, const struct insn *insn);
/* Read element 0, sign-extended, and write it. */
bool vector_read_element(struct hart *hart, const struct insn *insn, u64 *value);
bool vector_write_element(struct hart *hart, const struct insn *insn, u64 value);

/*
 * An operation on element groups of four or eight elements, of 32 or 64 bits (vector cryptography).
 * It computes a group of vd from the same group of vd, vs2 and vs1, and the immediate. The arrays
 * have four, or eight, numbers of SEW bits.
 */
struct vector_group {
	unsigned elements; /* 4 or 8 */
	void (*compute)(u64 *d, const u64 *a, const u64 *b, unsigned imm);
	void (*compute_64)(u64 *d, const u64 *a, const u64 *b, unsigned imm); /* at SEW 64 */
};
#define GROUP(name) extern const struct vector_group vector_group_##name;
#include "cpu/vector/groups.def"
bool vector_groups(struct hart *hart, const struct insn *insn, const struct vector_group *group);

/* Execute loads and stores, whose kind follows from the instruction's format and class. */
bool vector_load(struct hart *hart, const struct insn *insn);
bool vector_load_first(struct hart *hart, const struct insn *insn); /* fault-only-first */
bool vector_store(struct hart *hart, const struct insn *insn);

/* An access of an element that a load or store is about to make. */
struct vector_access {
	u64 n; /* the number of the element or segment, which vstart would be if it trapped */
	u64 va; /* the address before pointer masking */
	unsigned bytes;
	bool store;
	u64 value; /* the value that a store writes */
};

/*
 * Calls `each` for the accesses of active elements that the instruction is about to make, in order;
 * there are none if it is not a vector load or store. It accesses nothing itself, so it may list
 * more accesses than are made, because one may trap.
 */
typedef void vector_access_fn(void *ctx, const struct vector_access *access);
void vector_accesses(struct hart *hart, const struct insn *insn, vector_access_fn *each, void *ctx);

#endif
