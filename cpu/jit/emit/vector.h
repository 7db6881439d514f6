/* SPDX-License-Identifier: MIT */
/* The emitters of vector instructions, and what they share (vector*.c, vset.c). */
#ifndef CPU_JIT_EMIT_VECTOR_H
#define CPU_JIT_EMIT_VECTOR_H

#include "cpu/jit/emit/emit.h"
#include "cpu/jit/length.h"

/* The most vectors of the host by which a group is computed in line. */
#define LANES_MOST 8

/* How the elements of a group lie in vectors of the host. */
struct lanes {
	bool wide; /* by AVX-512: 64 bytes, mask registers, and scratch behind the first sixteen */
	unsigned size; /* the logarithm of an element's bytes */
	unsigned bytes, width; /* of the group, and of a vector of the host */
	unsigned first; /* the first vector of the host that may be changed */
	u64 vlmax; /* of elements, or vl if that is known */
};

/*
 * Finds how VLMAX elements of 2^size bytes lie (-1: of SEW). Returns false if the instruction is
 * the body's.
 */
bool gen_lanes(struct gen *gen, const struct insn *insn, int size, struct lanes *lanes);

/*
 * Finds how so many bytes lie, which are not of vl's elements. Returns false if the instruction is
 * the body's.
 */
bool gen_lanes_of(const struct gen *gen, const struct insn *insn, u64 bytes, struct lanes *lanes);

/* Goes to the body unless vstart is 0. */
void gen_require_start_0(struct gen *gen);

/* Goes to the body unless vl is VLMAX. */
void gen_require_all(struct gen *gen, u64 vlmax);

/* Returns a jump, to be landed, that is taken unless vl is VLMAX. */
u8 *gen_jump_unless_all(struct gen *gen, u64 vlmax);

/* Returns whether vd may be written here, and keeps what is behind vl. */
bool gen_keeps_tail(const struct gen *gen);

/* Makes elements of 2^size bytes of a scratch vector a constant; changes RAX. */
void gen_broadcast_constant(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned size,
			    u64 value);

/*
 * Goes to the body if one of the results, none of which is written yet, is a NaN. Without AVX-512
 * changes XMM0 and XMM1.
 */
void gen_refuse_nans(struct gen *gen, const struct lanes *lanes, const struct x86_arg *result,
		     unsigned count);

/*
 * Vectors: vector*.c. `mnemonic` is enum jit_vector, a row of vector.def.
 */
enum jit_vector {
#define VECTOR(name, ...) JIT_V_##name,
#include "cpu/jit/emit/vector.def"
#undef VECTOR
};
enum { JIT_V_SIGNED_A = 1, JIT_V_SIGNED_B = 2, JIT_V_WIDE_A = 4 };
enum { JIT_V_NOT_B = 1, JIT_V_NOT_RESULT = 2 };
enum { JIT_V_SLIDE, JIT_V_SLIDE_1 };
EMITTER(jit_v_op); /* `flag`: the scalar is the first operand */
EMITTER(jit_v_shift);
EMITTER(jit_v_shift_imm);
EMITTER(jit_v_mul_add); /* `flag`: vd is a factor */
EMITTER(jit_v_move);
EMITTER(jit_v_compare); /* `size` is the host's predicate */
EMITTER(jit_v_merge);
EMITTER(jit_v_reverse); /* bytes of elements; `flag`: bits of bytes */
EMITTER(jit_v_extend); /* elements of vs2 have 2^size times fewer bytes */
EMITTER(jit_v_narrow);
EMITTER(jit_v_widen); /* `size` is JIT_V_SIGNED_A and so on, `flag`: the result is added to vd */
EMITTER(jit_v_float); /* `flag` as for jit_v_op */
EMITTER(jit_v_fma);
EMITTER(jit_v_unit); /* `flag`: it stores */
EMITTER(jit_v_whole); /* so here */
EMITTER(jit_v_indexed); /* so here, `size`: it has a stride, and no indices */

/* Masks: vector_mask.c. */
EMITTER(jit_v_mask_logic); /* `mnemonic` is the host's, `size` is JIT_V_NOT_B and so on */

/* Sums of integers, and what is like them: vector_reduce.c. */
EMITTER(jit_v_reduce); /* `flag`: a zero changes nothing */

/* Elements go to other places: vector_permute.c. */
EMITTER(jit_v_numbers);
EMITTER(jit_v_move_whole);
EMITTER(jit_v_move_x_s);
EMITTER(jit_v_move_s_x);
EMITTER(jit_v_slide); /* `size` is JIT_V_SLIDE_1 for a scalar that comes in, `flag`: up */
EMITTER(jit_v_gather);
EMITTER(jit_v_gather_one);

/* Cryptography: vector_crypto.c. */
EMITTER(jit_v_aes); /* `mnemonic` is the host's, `flag`: with one key for all */
EMITTER(jit_v_ghash); /* `flag`: vs1 is added to vd first */
EMITTER(jit_v_sha2); /* so here; rounds: by the words of vs1 from `size` on */

/* Element 0, f registers, sums of numbers, and bits of masks: vector_scalar.c. */
EMITTER(jit_v_move_f_s);
EMITTER(jit_v_move_s_f);
EMITTER(jit_v_move_v_f);
EMITTER(jit_v_sum_floats);
EMITTER(jit_v_bits); /* how many there are; `flag`: the number of the first one */

/* vsetvli and vsetivli: vset.c. */
EMITTER(jit_vset);

/*
 * Finds bytes from the address in rs1 on in the host's memory: returns a register with the address,
 * and leaves in RCX what is to be added to it. What cannot be found is the body's.
 */
unsigned gen_probe_bytes(struct gen *gen, const struct insn *insn, u64 bytes, bool write);

/* Emits a read of vl or vlenb, which are CSRs. Where the unit is off it is the body's. */
void gen_read_vl_or_vlenb(struct gen *gen, const struct insn *insn);

#endif
