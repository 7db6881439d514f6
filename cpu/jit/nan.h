/* SPDX-License-Identifier: MIT */
/*
 * NaNs that nobody sees. The host's NaN has another sign than the canonical one, or the payload of
 * an operand, so a result is compared with itself to find and replace it. That is not done for a
 * result that only becomes an operand, of instructions which do not tell one quiet NaN from
 * another, before its register is written again in the same straight line. In front of a call of a
 * body, from which the guest may trap, the registers that may hold such a NaN are looked at.
 */
#ifndef CPU_JIT_NAN_H
#define CPU_JIT_NAN_H

#include "bus/base.h"

struct gen;
struct insn;
struct place;
struct x86;

/* Finds the results whose NaNs are not seen; the block's places are known. */
void gen_find_nans(struct gen *gen);

/* Returns whether a NaN that the instruction makes need not be replaced. */
bool gen_hides_nan(const struct gen *gen, const struct insn *insn);

/* Replaces a number of 4 or 8 bytes by the canonical NaN; changes RAX. */
void gen_write_nan(struct x86 *x, unsigned xmm, unsigned size);

/* Compares a number of 4 or 8 bytes with itself: it is unordered if it is a NaN. */
void gen_compare_nan(struct x86 *x, unsigned xmm, unsigned size);

/* Replaces the NaNs that were not, in front of an instruction; changes RAX. */
void gen_replace_nans(const struct gen *gen, struct x86 *x, const struct place *place);

#endif
