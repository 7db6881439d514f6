/* SPDX-License-Identifier: MIT */
/* How native code finds the host's memory of an access: the look at the TLB view in line. */
#ifndef CPU_JIT_PROBE_H
#define CPU_JIT_PROBE_H

#include "cpu/jit/gen.h"

/* Where a datum is in the host's memory: a sum of what two registers have, and a constant. */
struct address {
	u8 base, index; /* X86_NONE: there is no index */
	s32 disp;
};

/*
 * Checks one access of `size` bytes, and leaves in RCX what is to be added to its address for the
 * host's. Unless it is an atomic, which has no immediate, misaligned accesses
 * within a page may hit: the tag is compared with the page of the last byte.
 */
struct address gen_probe(struct gen *gen, const struct insn *insn, bool write, unsigned size,
			 bool atomic);

/*
 * Finds the datum of a load or store, by its own check or by one in front of it: that of its group,
 * or of its strip.
 */
struct address gen_find_datum(struct gen *gen, const struct insn *insn, bool write, unsigned size);

/* Returns the operand of a datum that was found. */
struct x86_arg gen_datum(unsigned size, const struct address *at);

/* Returns whether misaligned accesses within a page may be done in line. */
bool gen_is_misaligned_fast(const struct gen *gen);

/*
 * Leaves in RCX the number of the entry of the address in a register, in any view. VIEW has its
 * operand, whatever view is asked.
 */
void gen_write_index(struct x86 *x, const struct jit *jit, unsigned at);

/*
 * Compares the page of the last of `size` bytes at the address in a register with the tag of its
 * entry, and leaves the entry's number in RCX, and the page in RDX, or in RAX if the address is in
 * RDX; loads what is to be added to addresses of the entry in RCX.
 */
void gen_write_page_check(struct x86 *x, const struct jit *jit, unsigned at, bool write, s32 size);
void gen_write_addend(struct x86 *x);

/* Compares a page in a register with the tag for loads, or that for stores, of the entry in RCX. */
void gen_write_tag_check(struct x86 *x, unsigned page, bool write);

/* Returns where in the view the span of a vector access is, which its site has. */
s64 gen_span_at(const struct gen *gen, const struct insn *insn, bool write);

/*
 * Leaves rs1 in RAX, and in RDX how far the last address of the site's span is behind it. The two
 * jumps are taken if rs1 is not in the span.
 */
void gen_span_begin(struct gen *gen, const struct insn *insn, bool write, u8 **jumps);

/*
 * Lets the site have a span that begins with the page of the address in RAX: of as many pages as
 * can be, or of few at first. It changes RCX, RDX and the flags.
 */
void gen_span_find(struct gen *gen, const struct insn *insn, bool write, bool many);

#endif
