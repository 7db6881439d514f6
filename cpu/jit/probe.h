/* SPDX-License-Identifier: MIT */
/* How native code finds the host's memory of an access: the inline lookup in the TLB view. */
#ifndef CPU_JIT_PROBE_H
#define CPU_JIT_PROBE_H

#include "cpu/jit/gen.h"

/* The address of a datum in the host's memory: the sum of two registers and a constant. */
struct address {
	u8 base, index; /* X86_NONE: there is no index */
	s32 disp;
};

/*
 * Checks one access of `size` bytes, and leaves in RCX the addend of its address, which gives the
 * host's address. Misaligned accesses within a page may hit: the tag is compared with the page of
 * the last byte. Atomics, which have no immediate, must be aligned.
 */
struct address gen_probe(struct gen *gen, const struct insn *insn, bool write, unsigned size,
			 bool atomic);

/*
 * Finds the datum of a load or store, by its own check or by an earlier one: that of its group, or
 * of its strip.
 */
struct address gen_find_datum(struct gen *gen, const struct insn *insn, bool write, unsigned size);

/* Returns the operand of a datum that was found. */
struct x86_arg gen_datum(unsigned size, const struct address *at);

/* Returns whether misaligned accesses within a page may be done in line. */
bool gen_is_misaligned_fast(const struct gen *gen);

/*
 * Leaves in RCX the index of the TLB entry of the address in a register. It is the same in any
 * view; VIEW has the operand of BEXTR.
 */
void gen_write_index(struct x86 *x, const struct jit *jit, unsigned at);

/*
 * Compares the page of the last of `size` bytes at the address in a register with the tag of its
 * entry. Leaves the entry's index in RCX, and the page in RDX, or in RAX if the address is in RDX.
 * gen_write_addend loads the addend of the entry in RCX.
 */
void gen_write_page_check(struct x86 *x, const struct jit *jit, unsigned at, bool write, s32 size);
void gen_write_addend(struct x86 *x);

/* Compares a page in a register with the tag for loads, or that for stores, of the entry in RCX. */
void gen_write_tag_check(struct x86 *x, unsigned page, bool write);

/* Returns the offset in the view of the span that the site of a vector access has. */
s64 gen_span_at(const struct gen *gen, const struct insn *insn, bool write);

/*
 * Leaves rs1 in RAX, and in RDX the distance of the last address of the site's span from it. The
 * two jumps are taken if rs1 is not in the span.
 */
void gen_span_begin(struct gen *gen, const struct insn *insn, bool write, u8 **jumps);

/*
 * Gives the site a span that begins with the page of the address in RAX: of as many pages as
 * possible, or of few at first. It changes RCX, RDX and the flags.
 */
void gen_span_find(struct gen *gen, const struct insn *insn, bool write, bool many);

#endif
