/* SPDX-License-Identifier: MIT */
/* The emitters of vector instructions, and the functions that they share (this folder). */
#ifndef CPU_JIT_EMIT_VECTOR_H
#define CPU_JIT_EMIT_VECTOR_H

#include "cpu/jit/emit/emit.h"
#include "cpu/jit/vl_known.h"

/* Register groups of more vectors of the host are left to the body. */
#define LANES_MOST 8

/*
 * How a register group, the LMUL registers of a vector operand, is split into vectors of the host.
 */
struct lanes {
	/* Whether the host has AVX-512: 64 bytes, mask registers, scratch vectors from XMM16 on. */
	bool avx512;
	unsigned size; /* the binary logarithm of an element's size in bytes */
	unsigned bytes, width; /* the sizes of the group and of a host vector, in bytes */
	unsigned first_scratch; /* the host register that is scratch vector 0; LANES_MOST follow */
	u64 count; /* how many elements are computed: VLMAX, or a smaller vl that is known */
};

/*
 * Splits a group of VLMAX elements of 2^size bytes; `size` -1 stands for SEW. Returns false if the
 * body has to execute the instruction.
 */
bool gen_lanes(struct gen *gen, const struct insn *insn, int size, struct lanes *lanes);

/*
 * Splits a group of `bytes` bytes, whose size does not depend on vl. Sets neither lanes->size nor
 * lanes->count. Returns false if the body has to execute the instruction.
 */
bool gen_lanes_of(const struct gen *gen, const struct insn *insn, u64 bytes, struct lanes *lanes);

/* Writes a check that calls the body unless vstart is 0. */
void gen_require_start_0(struct gen *gen);

/* Writes a check that calls the body unless vl is the number of elements that are computed. */
void gen_require_all(struct gen *gen, u64 count);

/* Writes a jump that is taken unless vl is that number, and returns its place for x86_patch. */
u8 *gen_jump_unless_all(struct gen *gen, u64 count);

/*
 * Returns whether native code may write vd and leave its tail, the elements from vl on, as it was:
 * VS is Dirty already, and the hart does not set tail elements to ones.
 */
bool gen_keeps_tail(const struct gen *gen);

/*
 * The operations of vector.def. They are the `mnemonic` of an emitter, unless its comment says
 * otherwise; `size` and `flag` are further parameters (../emitter.h).
 */
enum jit_vector {
#define VECTOR(name, ...) JIT_V_##name,
#include "cpu/jit/emit/vector/vector.def"
#undef VECTOR
};
enum { JIT_V_SIGNED_A = 1, JIT_V_SIGNED_B = 2, JIT_V_WIDE_A = 4 }; /* `size` of jit_v_op_widen */
enum { JIT_V_NOT_B = 1, JIT_V_NOT_RESULT = 2 }; /* `size` of jit_v_mask_logic */
enum { JIT_V_TO_WIDE = 1, JIT_V_TO_HALF = 2, JIT_V_TO_UNSIGNED = 4 }; /* `size` of jit_v_convert */
enum { JIT_V_BEFORE, JIT_V_UP_TO, JIT_V_ONLY }; /* `size` of jit_v_mask_first */
enum { JIT_V_FRANGE_MIN = 4, JIT_V_FRANGE_MAX = 5 }; /* VRANGE's immediates */
enum { JIT_V_CARRY_IN, JIT_V_CARRY_OUT }; /* `size` of jit_v_carry */
enum { JIT_V_COUNT_ONES, JIT_V_COUNT_TRAILING, JIT_V_COUNT_LEADING }; /* `size` of jit_v_count */
enum { JIT_V_SLIDE, JIT_V_SLIDE_1 }; /* `size` of jit_v_slide */
EMITTER(jit_v_op); /* `flag`: b OP a instead of a OP b, as in vrsub (operand.h) */
EMITTER(jit_v_shift);
EMITTER(jit_v_shift_imm);
EMITTER(jit_v_mul_add); /* `flag`: vd is a factor (vmadd), not a summand (vmacc) */
EMITTER(jit_v_mul); /* multiply.c, as the next one; `mnemonic` JIT_V_MUL */
EMITTER(jit_v_mul_high); /* `mnemonic` JIT_V_MULH or JIT_V_MULHU */
EMITTER(jit_v_move);
EMITTER(jit_v_compare); /* `size`: the predicate of AVX-512 */
EMITTER(jit_v_merge);
EMITTER(jit_v_reverse); /* reverses bytes of elements; `flag`: bits of bytes */
EMITTER(jit_v_carry); /* carry.c; `size` JIT_V_CARRY_OUT: carries, a mask; `flag`: of differences */
EMITTER(jit_v_count); /* count.c; `size`: what is counted */
EMITTER(jit_v_extend); /* elements of vs2 are 2^size times smaller */
EMITTER(jit_v_shift_narrow); /* vnsrl, vnsra */
EMITTER(jit_v_op_widen); /* on elements widened before; `flag`: the result is added to vd */
EMITTER(jit_v_unit); /* `flag`: it is a store */
EMITTER(jit_v_whole); /* `flag` as for jit_v_unit */
EMITTER(jit_v_indexed); /* `flag` as for jit_v_unit; `size`: it has a stride instead of indices */

/* Fixed point: fixed.c. */
EMITTER(jit_v_saturate); /* `size`: the operation that does not saturate */
EMITTER(jit_v_shift_round);
EMITTER(jit_v_clip);
EMITTER(jit_v_average); /* `mnemonic` JIT_V_SRLI: unsigned; JIT_V_SRAI: signed */

/* Floating point: float.c. */
EMITTER(jit_v_float); /* `flag` as for jit_v_op */
EMITTER(jit_v_fma);
EMITTER(jit_v_sqrt);
EMITTER(jit_v_min_max);
EMITTER(jit_v_sign); /* `mnemonic` JIT_V_AND: the sign of vs1; ANDN: its complement; XOR: of both */
EMITTER(jit_v_compare_floats); /* `size`: the predicate of AVX */

/* Conversions of floating point, and widening operations: convert.c. */
EMITTER(jit_v_convert); /* `size`: JIT_V_TO_*; `flag`: the result is a floating-point number */
EMITTER(jit_v_from_half); /* converts integers of half the width; `size`: JIT_V_SIGNED_A or 0 */
EMITTER(jit_v_widen_floats); /* `size`: JIT_V_WIDE_A or 0; `flag`: it is a fused multiply-add */

/* Masks: mask.c. */
EMITTER(jit_v_mask_logic); /* `mnemonic` is the x86 one */
EMITTER(jit_v_mask_first); /* `size`: which bits become 1, relative to the first one */

/* Reductions: reduce.c. `size`: JIT_V_SIGNED_A, or an immediate of VRANGE. */
EMITTER(jit_v_reduce); /* `flag`: zero is the neutral element of the operation */
EMITTER(jit_v_reduce_wide); /* `flag` must be set */
EMITTER(jit_v_reduce_floats);

/* Permutations and moves: permute.c. */
EMITTER(jit_v_id); /* vid.v */
EMITTER(jit_v_move_whole);
EMITTER(jit_v_move_x_s);
EMITTER(jit_v_move_s_x);
EMITTER(jit_v_slide); /* `size` JIT_V_SLIDE_1: a scalar is inserted; `flag`: up */
EMITTER(jit_v_gather); /* `flag`: indices have 16 bits */
EMITTER(jit_v_gather_one);
EMITTER(jit_v_compress);

/* Cryptography: crypto.c. */
EMITTER(jit_v_aes); /* `mnemonic` is the x86 one; `flag`: one key for all element groups */
EMITTER(jit_v_ghash); /* `flag`: vs1 is added to vd first */
EMITTER(jit_v_sha2); /* `mnemonic` as for jit_v_aes; of rounds, `size`: the first word of vs1 */

/* Moves of element 0 and of f registers, floating-point sums, bits of masks: scalar.c. */
EMITTER(jit_v_move_f_s);
EMITTER(jit_v_move_s_f);
EMITTER(jit_v_move_v_f);
EMITTER(jit_v_sum_floats); /* `size` JIT_V_TO_WIDE: singles are added to a double */
EMITTER(jit_v_bits); /* counts the bits that are set; `flag`: finds the first one */

/* vsetvli and vsetivli: vset.c. */
EMITTER(jit_vset);

/*
 * Writes code that finds, in the host's memory, the `bytes` bytes at the guest address in rs1.
 * Returns the host register that has the guest address; RCX has the addend. If the bytes are not
 * found, the body is called.
 */
unsigned gen_probe_bytes(struct gen *gen, const struct insn *insn, u64 bytes, bool write);

/* Emits a read of the CSR vl or vlenb. If the vector unit is off, the body is called. */
void gen_read_vl_or_vlenb(struct gen *gen, const struct insn *insn);

#endif
