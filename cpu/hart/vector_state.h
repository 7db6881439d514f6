/* SPDX-License-Identifier: MIT */
/*
 * The state of the vector unit. The registers follow each other in memory, VLEN bits each, so those
 * of a group are one array of elements in their order.
 */
#ifndef CPU_HART_VECTOR_STATE_H
#define CPU_HART_VECTOR_STATE_H

#include "bus/base.h"
#include "cpu/hart/vector_config.h"
#include "cpu/isa/vector.h"

#define VLENB_MAX (VLEN_MOST / 8)

struct vector_loops;

struct vector_state {
	u64 vl, vstart, vtype;
	struct vector_config config; /* constant */
	u32 vlenb; /* VLEN in bytes; constant */
	/* the bits of block_key that come from vtype while the unit is on (hart_vector_key) */
	u32 key;
	u8 vxrm, vxsat;
	const struct vector_loops *loops; /* the loops for this host */
	u8 v[VECTOR_REGISTERS * VLENB_MAX] __attribute__((aligned(64)));
};

/* Returns VLMAX for the vtype in force, which is legal. */
static inline u64 vector_vlmax(const struct vector_state *vector)
{
	int shift = vtype_lmul(vector->vtype) - (int)vtype_sew(vector->vtype) + 3;
	u64 bytes = vector->vlenb;

	return shift < 0 ? bytes >> -shift : bytes << shift;
}

/* Returns the first byte of a register. */
static inline u8 *vector_register(struct vector_state *vector, unsigned number)
{
	return vector->v + (size_t)number * vector->vlenb;
}

#endif
