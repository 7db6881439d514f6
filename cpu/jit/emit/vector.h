/* SPDX-License-Identifier: MIT */
/* The emitters of vector instructions, and what they share (vector.c, vector_mem.c, vset.c). */
#ifndef CPU_JIT_EMIT_VECTOR_H
#define CPU_JIT_EMIT_VECTOR_H

#include "cpu/jit/emit/emit.h"

/* The most vectors of the host by which a group is computed in line. */
#define LANES_MOST 8

/* How the elements of a group lie in vectors of the host. */
struct lanes {
	bool wide; /* by AVX-512: 64 bytes, and sixteen vectors that nothing else uses */
	unsigned size; /* the logarithm of an element's bytes */
	unsigned bytes, width; /* of the group, and of a vector of the host */
	unsigned first; /* the first vector of the host that may be changed */
	u64 vlmax;
};

/*
 * Finds how VLMAX elements of 2^size bytes lie (-1: of SEW). Returns false if the instruction is
 * the body's.
 */
bool gen_lanes(struct gen *gen, const struct insn *insn, int size, struct lanes *lanes);

/* Goes to the body unless all elements are done: vstart is 0, and vl is VLMAX. */
void gen_begin_all(struct gen *gen, const struct lanes *lanes);

/*
 * Vectors: vector.c, vector_mem.c. `mnemonic` is enum jit_vector, a row of vector.def.
 */
enum jit_vector {
#define VECTOR(name, ...) JIT_V_##name,
#include "cpu/jit/emit/vector.def"
#undef VECTOR
};
EMITTER(jit_v_op); /* `flag`: the scalar is the first operand */
EMITTER(jit_v_shift);
EMITTER(jit_v_shift_imm);
EMITTER(jit_v_mul_add); /* `flag`: vd is a factor */
EMITTER(jit_v_move);
EMITTER(jit_v_compare); /* `size` is the host's predicate */
EMITTER(jit_v_float); /* `flag` as for jit_v_op */
EMITTER(jit_v_fma);
EMITTER(jit_v_unit); /* `flag`: it stores */

/* vsetvli and vsetivli: vset.c. */
EMITTER(jit_vset);

/* Returns VLMAX for a vtype that is legal. */
u64 gen_vlmax(const struct gen *gen, u64 vtype);

/* Emits a read of vl, which is a CSR, where the vector unit is known to be on. */
bool gen_read_vl(struct gen *gen, const struct insn *insn);

#endif
