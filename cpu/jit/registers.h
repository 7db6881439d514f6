/* SPDX-License-Identifier: MIT */
/*
 * Registers of the host while native code runs:
 *   r12  the address of the hart plus ENV_BIAS, so that x0 to x31 have displacements of one byte
 *   r13  the address of the TLB view of loads and stores (hart->data) plus VIEW_BIAS
 *   r14  how many instructions of the slice will be left after the end of this block
 *   rax, rcx, rdx, xmm0, xmm1 are scratch registers; with AVX-512 also xmm16 to xmm24, k1 to k7
 *   xmm25 to xmm31, with AVX-512, hold parts of vector registers (held_vectors.h) or are scratch
 *   the others hold guest registers (pin_x, pin_f), whose places in struct hart are out of date
 * In a strip, r13 and the others may hold something else (loop/pins.h).
 * hart->native.page is the virtual page of the code. Before native code is left or calls C,
 * hart->pc and hart->steps are made exact (stubs.c).
 */
#ifndef CPU_JIT_REGISTERS_H
#define CPU_JIT_REGISTERS_H

#include "cpu/hart/hart.h"
#include "cpu/isa/isa.h"
#include "cpu/jit/x86.h"

enum { ENV = R12, VIEW = R13, BUDGET = R14 };

#define ENV_BIAS 128
#define ENV_OF(field) ((s64)offsetof(struct hart, field) - ENV_BIAS)

/* The low bits of r13 are an operand of BEXTR, which extracts the index into the view. */
#define VIEW_BIAS TLB_INDEX_FIELD
#define VIEW_OF(field) ((s64)offsetof(struct tlb_view, field) - VIEW_BIAS)

/* By guest register: the host register that holds it, or X86_NONE. */
extern const u8 pin_x[X_SINK + 1], pin_f[32];

/* Returns the place of an x register in the hart. */
static inline struct x86_arg gen_x_in_hart(unsigned size, unsigned reg)
{
	return x86_at(size, ENV, ENV_OF(x) + 8 * (s64)reg);
}

#endif
