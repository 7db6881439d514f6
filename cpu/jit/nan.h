/* SPDX-License-Identifier: MIT */
/*
 * NaNs that the guest cannot observe. The host's NaN has another sign than the canonical one, or
 * the payload of an operand. So a result is compared with itself to find a NaN and replace it. This
 * is omitted for a single or a double in a host register if two conditions are met: before the
 * register is written again in the same straight-line code, only instructions read it that treat
 * all quiet NaNs of its size alike, and there are no branches, accesses to CSRs and the like, so
 * that the guest can observe the register only through a body. Before the call of a body, the
 * registers that may hold such a NaN are checked; that raises no flag, as the host's NaNs are
 * quiet. The marks belong to places in the block, so they are the same in all versions of its code.
 */
#ifndef CPU_JIT_NAN_H
#define CPU_JIT_NAN_H

#include "bus/base.h"

struct gen;
struct insn;
struct insn_place;
struct x86;

/* Finds the results whose NaNs cannot be observed. The block's places must be known. */
void gen_find_nans(struct gen *gen);

/* Returns whether a NaN that the instruction makes need not be replaced. */
bool gen_hides_nan(const struct gen *gen, const struct insn *insn);

/* Writes code that sets a register to the canonical NaN of 4 or 8 bytes; changes RAX. */
void gen_write_nan(struct x86 *x, unsigned xmm, unsigned size);

/* Writes the comparison of a number of 4 or 8 bytes with itself: unordered means it is a NaN. */
void gen_compare_nan(struct x86 *x, unsigned xmm, unsigned size);

/* Writes code that replaces NaNs in the registers of place->nans by canonical ones; changes RAX. */
void gen_replace_nans(const struct gen *gen, struct x86 *x, const struct insn_place *place);

#endif
