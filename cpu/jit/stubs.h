/* SPDX-License-Identifier: MIT */
/* The functions that files which write the shared code (struct jit_stubs) use of each other. */
#ifndef CPU_JIT_STUBS_H
#define CPU_JIT_STUBS_H

#include "cpu/jit/impl.h"
#include "cpu/jit/x86.h"

/* Moves the pinned x registers to or from the hart: all, or those that C may change. */
void stubs_move_x(struct x86 *x, bool save, bool all);

/* Makes those, and all f registers, in the hart right, in front of a call of C. */
void stubs_save(struct x86 *x, const struct jit_stubs *stubs, bool all);

/* Calls a C function; RSP is a multiple of 16. RAX has the result. */
void stubs_call_c(struct x86 *x, u64 function);

/* Loads the register of the TLB view. It changes no flags. */
void stubs_load_view(struct x86 *x);

/* Writes find_pc, behind leave_pc (stubs_trap.c). */
void stubs_write_find(struct x86 *x, struct jit_stubs *stubs);

/* Writes walk and refill, to which the probes lead (stubs_mem.c). */
void stubs_write_refill(struct x86 *x, struct jit *jit);

/*
 * Looks at the site (probe.c) whose access is done by the body now, because it has missed so
 * often. Returns true if the code that runs was dropped: its block is to be translated again.
 */
bool stubs_review_site(struct hart *hart, const struct insn *insn, struct block *block);

/* Writes go_to_pc, ecall, sret and those of CSRs, behind find_pc (stubs_trap.c). */
void stubs_write_trap(struct x86 *x, struct jit_stubs *stubs);

#endif
