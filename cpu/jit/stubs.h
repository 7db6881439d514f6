/* SPDX-License-Identifier: MIT */
/* Functions that are shared by the files that write the stubs (struct jit_stubs): stubs*.c. */
#ifndef CPU_JIT_STUBS_H
#define CPU_JIT_STUBS_H

#include "cpu/jit/impl.h"
#include "cpu/jit/x86.h"

/*
 * Writes moves of the pinned x registers to the hart (`save`) or from it: of all, or only of those
 * that C functions may change.
 */
void stubs_move_x(struct x86 *x, bool save, bool all);

/* Writes the same saves, and those of the pinned f registers, before a call of C. */
void stubs_save(struct x86 *x, const struct jit_stubs *stubs, bool all);

/* Writes the call of a C function. RSP must be a multiple of 16; the result is in RAX. */
void stubs_call_c(struct x86 *x, u64 function);

/* Writes the load of VIEW from hart->data. It changes no flags. */
void stubs_load_view(struct x86 *x);

/* Writes the stub find_pc; leave_pc must be written already (stubs_trap.c). */
void stubs_write_find(struct x86 *x, struct jit_stubs *stubs);

/* Writes the stubs walk, refill, site and span, which probes call (stubs_mem.c). */
void stubs_write_refill(struct x86 *x, struct jit *jit);

/*
 * Reviews the site (native.site) that has missed so often that the body of its access is called
 * now. Returns whether the code that is running was dropped, so that its block will be translated
 * again without the site.
 */
bool stubs_review_site(struct hart *hart, const struct insn *insn, struct block *block);

/*
 * Writes the stubs go_to_pc, ecall, sret and those of CSRs; find_pc must be written already
 * (stubs_trap.c).
 */
void stubs_write_trap(struct x86 *x, struct jit_stubs *stubs);

#endif
