/* SPDX-License-Identifier: MIT */
/* A hart's block_key: everything on which decoded code depends, except its bytes. */
#ifndef CPU_HART_BLOCK_KEY_H
#define CPU_HART_BLOCK_KEY_H

#include "bus/base.h"
#include "cpu/isa/vector.h"

/*
 * Bits of block_key, which is never 0. FP: floating point is legal. RM: rounding is not to nearest.
 * PRICED, NOTED: native code adds prices, or notes runs, for a timing model. V: vectors are legal;
 * while they are, V_DIRTY: their state is dirty, VTYPE: bits 7:0 of vtype, and VILL.
 */
enum {
	BLOCK_KEY_VALID = 1, BLOCK_KEY_FP = 2, BLOCK_KEY_RM = 4, BLOCK_KEY_PRICED = 8,
	BLOCK_KEY_V = 16, BLOCK_KEY_V_DIRTY = 32, BLOCK_KEY_NOTED = 64,
	BLOCK_KEY_VTYPE = 8 /* a shift */, BLOCK_KEY_VILL = 1 << 16,
};

/* The bits for a timing model, of which at most one is set. */
#define BLOCK_KEY_TIMED (BLOCK_KEY_PRICED | BLOCK_KEY_NOTED)

/* The bits of vtype, and all bits that are set only while vectors are legal. */
#define BLOCK_KEY_V_TYPE (0xffu << BLOCK_KEY_VTYPE | BLOCK_KEY_VILL)
#define BLOCK_KEY_VECTOR (BLOCK_KEY_V | BLOCK_KEY_V_DIRTY | BLOCK_KEY_V_TYPE)

/* Returns the part of block_key that comes from vtype, while vectors are legal. */
static inline u32 hart_vector_key(u64 vtype)
{
	return BLOCK_KEY_V | (u32)(vtype & 0xff) << BLOCK_KEY_VTYPE |
	       (vtype & VTYPE_VILL ? BLOCK_KEY_VILL : 0);
}

#endif
