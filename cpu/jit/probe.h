/* SPDX-License-Identifier: MIT */
/*
 * How native code finds the host's memory for an access: the inline lookup in the TLB view, and the
 * page or the span that a site remembers. A span is a range of consecutive pages with one addend.
 */
#ifndef CPU_JIT_PROBE_H
#define CPU_JIT_PROBE_H

#include "cpu/jit/gen.h"

/* The address of a datum in the host's memory: the sum of two host registers and a constant. */
struct address {
	u8 base, index; /* X86_NONE: there is no index */
	s32 disp;
};

/*
 * Writes the check of one access of `size` bytes, which leaves the addend in RCX, and returns the
 * host address. A misaligned access within a page may hit, because the page of its last byte is
 * compared with the tag. Atomics, which have no immediate, must be aligned.
 */
struct address gen_probe(struct gen *gen, const struct insn *insn, bool write, unsigned size,
			 bool atomic);

/*
 * Does the same for a load or store, which may rely on an earlier check instead of its own: that of
 * its group, or that before its strip.
 */
struct address gen_find_datum(struct gen *gen, const struct insn *insn, bool write, unsigned size);

/* Returns the memory operand of `size` bytes at the address. */
struct x86_arg gen_datum(unsigned size, const struct address *at);

/* Returns whether misaligned accesses within a page may be done in line. */
bool gen_is_misaligned_fast(const struct gen *gen);

/*
 * Writes code that leaves in RCX the index of the TLB entry for the address in the register `at`.
 * The index is the same in all views. VIEW is the operand of BEXTR.
 */
void gen_write_index(struct x86 *x, const struct jit *jit, unsigned at);

/*
 * Writes the comparison of a page with the tag of its entry, for loads or stores. The page is that
 * of the last of `size` bytes at the address in `at`. Leaves the entry's index in RCX, and the page
 * in RDX, or in RAX if `at` is RDX. gen_write_addend writes code that replaces the index by the
 * entry's addend.
 */
void gen_write_page_check(struct x86 *x, const struct jit *jit, unsigned at, bool write, s32 size);
void gen_write_addend(struct x86 *x);

/* Writes the same comparison of the page in a register with the tag of the entry in RCX. */
void gen_write_tag_check(struct x86 *x, unsigned page, bool write);

/* Returns the number of the site of a load or store at a physical address. */
unsigned gen_site(u64 pa, bool write);

/*
 * Writes code that notes in the view that a site remembers the page in a register, which it
 * changes, so that the sites are cleared with the page's entry.
 */
void gen_note_sited(struct x86 *x, unsigned page);

/* Returns the offset, from VIEW, of the span that the site of a vector access remembers. */
s64 gen_span_at(const struct gen *gen, const struct insn *insn, bool write);

/*
 * Writes code that leaves rs1 in RAX, and in RDX the distance from there to the last address of the
 * site's span. The two `jumps` are taken if rs1 is not in the span.
 */
void gen_span_begin(struct gen *gen, const struct insn *insn, bool write, u8 **jumps);

/*
 * Writes code that gives the site a span that begins with the page of the address in RAX: of as
 * many pages as possible, or, unless `many`, of few at first. It changes RCX, RDX and the flags.
 */
void gen_span_find(struct gen *gen, const struct insn *insn, bool write, bool many);

#endif
