/* SPDX-License-Identifier: MIT */
/* A hart's block_key: all on which decoded code depends, except its bytes. */
#ifndef CPU_HART_BLOCK_KEY_H
#define CPU_HART_BLOCK_KEY_H

#include "bus/base.h"
#include "cpu/isa/vector.h"

/*
 * Bits of block_key, never 0: FP is legal; rounding is not to nearest; native code adds prices, or
 * notes runs, for a timing model; vectors are legal, and then: their state is dirty; bits 7:0 of
 * vtype and vill.
 */
enum {
	BLOCK_KEY_VALID = 1, BLOCK_KEY_FP = 2, BLOCK_KEY_RM = 4, BLOCK_KEY_PRICED = 8,
	BLOCK_KEY_V = 16, BLOCK_KEY_V_DIRTY = 32, BLOCK_KEY_NOTED = 64,
	BLOCK_KEY_VTYPE = 8 /* a shift */, BLOCK_KEY_VILL = 1 << 16,
};

/* These say what native code does for a timing model: one thing at most. */
#define BLOCK_KEY_TIMED (BLOCK_KEY_PRICED | BLOCK_KEY_NOTED)

/* Those of vtype, and all that are there only while vectors are legal. */
#define BLOCK_KEY_V_TYPE (0xffu << BLOCK_KEY_VTYPE | BLOCK_KEY_VILL)
#define BLOCK_KEY_VECTOR (BLOCK_KEY_V | BLOCK_KEY_V_DIRTY | BLOCK_KEY_V_TYPE)

/* Returns the part of block_key that comes from vtype, while vectors are legal. */
static inline u32 hart_vector_key(u64 vtype)
{
	return BLOCK_KEY_V | (u32)(vtype & 0xff) << BLOCK_KEY_VTYPE |
	       (vtype & VTYPE_VILL ? BLOCK_KEY_VILL : 0);
}

#endif
