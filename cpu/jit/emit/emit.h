/* SPDX-License-Identifier: MIT */
/*
 * The emitters that emit.def names (../emitter.h says what one does); those of vectors are in
 * vector.h.
 */
#ifndef CPU_JIT_EMIT_H
#define CPU_JIT_EMIT_H

#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/probe.h"

#define EMITTER(name) bool name(struct gen *gen, const struct insn *insn, const struct emitter *how)

/*
 * Integers: alu.c, bits.c. `mnemonic` computes, `size` is 4 for the W rows, `flag` says
 * that the operands may be exchanged.
 */
EMITTER(jit_op);
EMITTER(jit_op_imm);
EMITTER(jit_shift);
EMITTER(jit_compare); /* `mnemonic` is SETL or SETB */
EMITTER(jit_compare_imm);
EMITTER(jit_lui);
EMITTER(jit_auipc);
EMITTER(jit_nothing);
EMITTER(jit_unary); /* Zbb: one operand; `flag`: the count of a narrower one */
EMITTER(jit_extend);
EMITTER(jit_not_op); /* andn, orn, xnor */
EMITTER(jit_shift_add); /* `size` is the scale, `flag`: of an unsigned word */
EMITTER(jit_min_max); /* `mnemonic` is the CMOV */
EMITTER(jit_zero_if); /* czero */
EMITTER(jit_reverse); /* rev8 */
EMITTER(jit_or_combine); /* orc.b */
EMITTER(jit_bit); /* Zbs: `mnemonic` changes a bit, `flag`: its number is the immediate */
EMITTER(jit_bit_extract); /* bext and bexti; `flag` as above */

/* Products and quotients: alu.c. */
EMITTER(jit_mul);
EMITTER(jit_mul_high); /* `mnemonic` is MUL or IMUL */
EMITTER(jit_divide); /* `mnemonic` is DIV or IDIV, `flag`: the remainder is wanted */

/* Memory: mem.c. `size` is in bytes. */
EMITTER(jit_load); /* `mnemonic` extends the value */
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

/* Control: jump.c, branches beside the comparisons of alu.c. */
EMITTER(jit_branch); /* `mnemonic` is the jump that is taken */
EMITTER(jit_jal);
EMITTER(jit_jalr);
EMITTER(jit_ecall);
EMITTER(jit_sret);
EMITTER(jit_page_crossing); /* crossing.c: of any instruction with an emitter */

/* Compares rs1 with rs2, and changes no register but RAX. */
void gen_compare(struct gen *gen, unsigned rs1, unsigned rs2);

/*
 * The f registers: fp_registers.c. Load all 64 bits of one; make fd all of `xmm`, where a single or
 * a half is in its box.
 */
void gen_read_f(struct gen *gen, unsigned xmm, unsigned fs);
void gen_write_f(struct gen *gen, unsigned fd, unsigned xmm);

/* Returns where an f register is to be read; `size` counts if that is in memory. */
struct x86_arg gen_f(struct gen *gen, unsigned size, unsigned reg);

/* Returns a register of the host with all of an f register, `xmm` if it has none of its own. */
unsigned gen_source_f(struct gen *gen, unsigned xmm, unsigned fs);

/* Returns the register of the host in which to compute fd: its own, or XMM0 if it has none. */
unsigned gen_target_f(const struct gen *gen, unsigned fd);

/* Puts a single, the only thing in the register of the host, into a NaN box. */
void gen_box_single(struct gen *gen, unsigned xmm);

/* Notes that the state of the floating-point unit is dirty from here on. */
void gen_note_fp_dirty(struct gen *gen);

/* Loads an f register into a general one. */
void gen_read_bits(struct gen *gen, unsigned reg, unsigned fs);

/* Notes that the instruction wants f registers, a mask, to hold singles in NaN boxes. */
void gen_note_boxed(struct gen *gen, u32 regs);

/* A value of less than 8 bytes that is not NaN-boxed reads as a NaN, which is the body's. */
void gen_require_boxed(struct gen *gen, unsigned fs, unsigned size);

/* Cryptography: crypto.c. */
enum jit_sha2 {
	JIT_SHA256_SIG0, JIT_SHA256_SIG1, JIT_SHA256_SUM0, JIT_SHA256_SUM1,
	JIT_SHA512_SIG0, JIT_SHA512_SIG1, JIT_SHA512_SUM0, JIT_SHA512_SUM1,
};
EMITTER(jit_aes_round); /* `mnemonic` is a round of AES-NI */
EMITTER(jit_aes_columns);
EMITTER(jit_carryless);
EMITTER(jit_sha2); /* `mnemonic` is enum jit_sha2, `flag`: a sigma, whose third count shifts */

/* CSRs: csr.c. `mnemonic` is enum csr_how, `flag` says that the operand is an immediate. */
EMITTER(jit_csr);

/* Goes to the body unless the mode is the one of the translation; changes no register but RAX. */
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

/* Floating point where nothing is computed: fp_bits.c. `size` is that of the operands. */
EMITTER(jit_fp_sign); /* `mnemonic` is OR to take a sign (`flag`: its opposite), or XOR */
EMITTER(jit_fp_class);
EMITTER(jit_fp_constant);
EMITTER(jit_fp_move_x);
EMITTER(jit_x_move_fp);

#endif
