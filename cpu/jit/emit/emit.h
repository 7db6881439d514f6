/* SPDX-License-Identifier: MIT */
/*
 * The emitters that emit.def names, and the meanings of their parameters (../emitter.h); those of
 * vectors are in vector.h.
 */
#ifndef CPU_JIT_EMIT_H
#define CPU_JIT_EMIT_H

#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/probe.h"

#define EMITTER(name) bool name(struct gen *gen, const struct insn *insn, const struct emitter *how)

/*
 * Integers: alu.c, bits.c. `mnemonic` is the x86 instruction, `size` is 4 for the W rows, `flag`
 * says that the operation is commutative, unless a comment says otherwise.
 */
EMITTER(jit_op);
EMITTER(jit_op_imm);
EMITTER(jit_shift);
EMITTER(jit_compare); /* `mnemonic` is SETL or SETB */
EMITTER(jit_compare_imm);
EMITTER(jit_lui);
EMITTER(jit_auipc);
EMITTER(jit_nothing);
EMITTER(jit_unary); /* operations of Zbb with one operand */
EMITTER(jit_extend);
EMITTER(jit_not_op); /* andn, orn, xnor */
EMITTER(jit_shift_add); /* `size` is the scale; `flag`: rs1 is an unsigned word */
EMITTER(jit_min_max); /* `mnemonic` is the CMOV */
EMITTER(jit_zero_if); /* czero */
EMITTER(jit_reverse); /* rev8 */
EMITTER(jit_or_combine); /* orc.b */
EMITTER(jit_bit); /* Zbs: `mnemonic` changes a bit, `flag`: its number is the immediate */
EMITTER(jit_bit_extract); /* bext and bexti; `flag` as above */

/* Products and quotients: alu.c. */
EMITTER(jit_mul);
EMITTER(jit_mul_high); /* `mnemonic` is MUL or IMUL */
EMITTER(jit_divide); /* `mnemonic` is DIV or IDIV; `flag`: the result is the remainder */

/* Memory: mem.c. `size` is in bytes. */
EMITTER(jit_load); /* `mnemonic` is the x86 load, which extends the value */
EMITTER(jit_store);
EMITTER(jit_fp_load);
EMITTER(jit_fp_store);
EMITTER(jit_zero_block); /* cbo.zero */

/*
 * AMOs, LR, SC and FENCE: atomic.c. `mnemonic` is enum jit_atomic. All are emitted by the
 * function jit->atomic (../emitter.h).
 */
enum jit_atomic {
	JIT_FENCE, JIT_LR, JIT_SC, JIT_CAS, JIT_SWAP, JIT_ADD, JIT_XOR, JIT_AND, JIT_OR,
	JIT_MIN, JIT_MAX, JIT_MINU, JIT_MAXU,
};
EMITTER(jit_atomic);

/* Control: jump.c; branches are in alu.c, next to comparisons. */
EMITTER(jit_branch); /* `mnemonic` is the conditional jump of x86 */
EMITTER(jit_jal);
EMITTER(jit_jalr);
EMITTER(jit_ecall);
EMITTER(jit_sret);
EMITTER(jit_page_crossing); /* crossing.c: an instruction in two pages, by its own emitter */

/* Writes the comparison of rs1 with rs2, which changes no register but RAX. */
void gen_compare(struct gen *gen, unsigned rs1, unsigned rs2);

/*
 * The f registers: fp_registers.c. These write a load of all 64 bits of fs into `xmm`, and the move
 * of all of `xmm` to fd; a single or a half in it must be NaN-boxed.
 */
void gen_read_f(struct gen *gen, unsigned xmm, unsigned fs);
void gen_write_f(struct gen *gen, unsigned fd, unsigned xmm);

/* Returns the operand for reading an f register; `size` is used only if it is in memory. */
struct x86_arg gen_f(struct gen *gen, unsigned size, unsigned reg);

/* Returns a host register that has all of an f register: its own, or `xmm`, after loading it. */
unsigned gen_source_f(struct gen *gen, unsigned xmm, unsigned fs);

/* Returns the host register in which to compute fd: its own, or XMM0 if it has none. */
unsigned gen_target_f(const struct gen *gen, unsigned fd);

/* Writes the NaN-boxing of the single in `xmm`, whose other bits are 0. */
void gen_box_single(struct gen *gen, unsigned xmm);

/* Writes code, if necessary, that makes the state of the floating-point unit dirty. */
void gen_set_fp_dirty(struct gen *gen);

/* Writes the load of an f register into a general one. */
void gen_read_bits(struct gen *gen, unsigned reg, unsigned fs);

/* Notes that the instruction requires the f registers of a mask to hold NaN-boxed singles. */
void gen_note_boxed(struct gen *gen, u32 regs);

/*
 * Writes a check that calls the body if a value of less than 8 bytes is not NaN-boxed, so that it
 * reads as a NaN.
 */
void gen_require_boxed(struct gen *gen, unsigned fs, unsigned size);

/* Cryptography: crypto.c. */
enum jit_sha2 {
	JIT_SHA256_SIG0, JIT_SHA256_SIG1, JIT_SHA256_SUM0, JIT_SHA256_SUM1,
	JIT_SHA512_SIG0, JIT_SHA512_SIG1, JIT_SHA512_SUM0, JIT_SHA512_SUM1,
};
EMITTER(jit_aes_round); /* `mnemonic` is the instruction of AES-NI */
EMITTER(jit_aes_columns);
EMITTER(jit_carryless); /* `flag`: the high half of the product */
EMITTER(jit_sha2); /* `mnemonic` is enum jit_sha2; `flag`: a sigma, which has a shift */

/* CSRs: csr.c. `mnemonic` is enum csr_how, `flag` says that the operand is an immediate. */
EMITTER(jit_csr);

/* Writes a check that calls the body unless the mode is that of the translation; changes RAX. */
void gen_require_mode(struct gen *gen);

/* Floating point: fp.c, fp_convert.c. `size` is that of the operands. */
EMITTER(jit_fp_op);
EMITTER(jit_fp_sqrt);
EMITTER(jit_fp_fma);
EMITTER(jit_fp_compare);
EMITTER(jit_fp_to_int);
EMITTER(jit_fp_to_unsigned);
EMITTER(jit_fp_round);
EMITTER(jit_fp_min_max);
EMITTER(jit_int_to_fp);
EMITTER(jit_fp_convert);
EMITTER(jit_half_convert);

/* Floating point without arithmetic: fp_bits.c. `size` is that of the operands. */
EMITTER(jit_fp_sign); /* `mnemonic`: OR takes rs2's sign (`flag`: the opposite one), XOR */
EMITTER(jit_fp_class);
EMITTER(jit_fp_constant);
EMITTER(jit_fp_move_x);
EMITTER(jit_x_move_fp);

#endif
