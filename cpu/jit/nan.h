/* SPDX-License-Identifier: MIT */
/*
 * NaNs that nobody sees. The host's NaN has another sign than the canonical one, or the payload of
 * an operand, so a result is compared with itself to find and replace it. That is not done for a
 * single or a double, in a register of the host, that only becomes an operand of instructions which
 * do not tell one quiet NaN of its size from another, before its register is written again in the
 * same straight line: branches, accesses to CSRs and the like end that, so the guest can come in
 * between only from a body. In front of its call the registers that may hold such a NaN are looked
 * at, which raises no flag, as the host's NaNs are quiet. The marks are of places in the block,
 * and so are the same in all versions of its code.
 */
#ifndef CPU_JIT_NAN_H
#define CPU_JIT_NAN_H

#include "bus/base.h"

struct gen;
struct insn;
struct insn_place;
struct x86;

/* Finds the results whose NaNs are not seen; the block's places are known. */
void gen_find_nans(struct gen *gen);

/* Returns whether a NaN that the instruction makes need not be replaced. */
bool gen_hides_nan(const struct gen *gen, const struct insn *insn);

/* Replaces a number of 4 or 8 bytes by the canonical NaN; changes RAX. */
void gen_write_nan(struct x86 *x, unsigned xmm, unsigned size);

/* Compares a number of 4 or 8 bytes with itself: it is unordered if it is a NaN. */
void gen_compare_nan(struct x86 *x, unsigned xmm, unsigned size);

/* Makes the NaNs canonical that were left as they are in front of a place; changes RAX. */
void gen_replace_nans(const struct gen *gen, struct x86 *x, const struct insn_place *place);

#endif
