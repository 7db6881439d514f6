/* SPDX-License-Identifier: MIT */
/*
 * A block: consecutive decoded instructions of one page. It ends with the first jump or instruction
 * that changes state. A branch that is taken leaves it; if it is not taken, execution continues in
 * the block. An instruction whose second half is in the next page is a block by itself.
 */
#ifndef CPU_ENGINE_BLOCK_H
#define CPU_ENGINE_BLOCK_H

#include "bus/base.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/isa/isa.h"

struct timing_block;

/*
 * A link. After each branch and jump, and after the end of a block, the next place for an
 * instruction contains a link instead. It leads to the block that was executed next the last time,
 * if that is in the same page.
 */
struct block_link {
	struct block *to; /* NULL: unknown */
	struct block_link *same_target; /* another link to that block */
};

struct block {
	/* A search by pa reads these fields, which are mostly in one line of the host's cache. */
	u64 pa;
	u32 key; /* the bits of key_mask that block_key of a hart must have to run it; 0: dropped */
	/* the bits of block_key on which the block depends, BLOCK_KEY_VALID among them */
	u32 key_mask;
	u32 excluded_key; /* BLOCK_KEY_VECTOR of harts for which a longer block can be decoded */
	u8 count; /* the number of instructions, without the end */
	u8 reached; /* native tier: the most instructions that a run in threaded code executed */
	u16 bytes; /* the size of its code in the guest's memory */
	struct block *same_hash;
	/* native tier: the entry for any pc; without native code it leaves to C again */
	const void *entry;
	u8 *direct; /* native tier: the entry for a pc in the same page; NULL: there is no code */
	u32 code; /* native tier: the number of its code; 0: there is none */
	u16 countdown; /* native tier: the number of runs left until it is translated */
	u16 room; /* the size of the block, in words of 8 bytes */
	/* native tier: one bit for each instruction, set if its access has no site (jit/probe.c) */
	u64 unsited;
	/* native tier: a mask of the pieces of the page that are also translated in its code */
	u64 pieces;
	struct block *same_page, **page_at; /* the list of the blocks of a page */
	/* The distance from pa to its virtual address, if it is only for that address; else 0. */
	u64 mapped;
	struct block_link *links; /* the links that lead to this block */
	struct timing_block *timing; /* the description for a timing model; unset without one */
	/* `count` instructions, and OP_end_next or OP_end_leave, with links between them */
	struct insn insn[];
};

_Static_assert(sizeof(struct block_link) == sizeof(struct insn), "a link has an insn's place");

/* Returns whether a hart with this block_key may run the block. */
static inline bool block_is_for(const struct block *block, u32 key)
{
	return (key & block->key_mask) == block->key;
}

/*
 * Returns whether the instruction belongs to the FP unit: decoding and translation depend on
 * whether the unit is on. They also depend on state for illegal instructions and for vectors, which
 * have checks of their own.
 */
static inline bool block_insn_is_fp(const struct insn *insn)
{
	enum insn_class class = (enum insn_class)isa_ops[insn->op].class;

	return class_is_fp(class) || (class == CLASS_CSR && (u32)insn->imm == CSR_FFLAGS);
}

/*
 * Returns whether the instruction may write bits of sstatus other than SIE, and so turn the FP unit
 * or vectors on or off. In its block no instruction that depends on these units follows it.
 */
static inline bool block_insn_turns_units(const struct insn *insn)
{
	if (isa_ops[insn->op].class != CLASS_CSR || (u32)insn->imm != CSR_SSTATUS)
		return false;
	if (insn->op == OP_csrrsi || insn->op == OP_csrrci)
		return insn->rs1 & ~MSTATUS_SIE;
	return insn->op == OP_csrrw || insn->op == OP_csrrwi || insn->rs1 != 0;
}

/* Returns whether the instruction is a branch, or a jump whose target is encoded in it. */
static inline bool block_insn_is_direct_jump(const struct insn *insn)
{
	return insn->op == OP_jal || isa_ops[insn->op].class == CLASS_BRANCH;
}

/* Returns whether it is such a jump back to an instruction of its block, or to itself. */
static inline bool block_insn_jumps_back(const struct insn *insn)
{
	return block_insn_is_direct_jump(insn) && insn->imm <= 0 && insn->at * 2 + insn->imm >= 0;
}

/* Returns whether a link follows an instruction of this class. */
static inline bool block_has_link(enum insn_class class)
{
	return class == CLASS_BRANCH || class == CLASS_JUMP;
}

/* Returns the link after an instruction that has one, or after the end. */
static inline struct block_link *block_link(const struct insn *insn)
{
	return (struct block_link *)(uintptr_t)(insn + 1);
}

/* Returns the next instruction of the block, or its end. */
static inline const struct insn *block_next(const struct insn *insn)
{
	return insn + 1 + block_has_link((enum insn_class)isa_ops[insn->op].class);
}

/* Makes a link that is unknown lead to a block. */
static inline void block_link_set(struct block_link *link, struct block *to)
{
	*link = (struct block_link){ to, to->links };
	to->links = link;
}

/* A range of memory in which all blocks are dropped together. */
struct block_span {
	const u8 *begin, *end;
};

/* Returns the memory of one block. */
static inline struct block_span block_span(const struct block *block)
{
	const u8 *begin = (const u8 *)block;

	return (struct block_span){ begin, begin + block->room * sizeof(u64) };
}

/*
 * Makes all links to the block unknown, and all links of the block. At the block to which one of
 * its links leads, it also removes all other links from `dropped`, the memory that contains this
 * block, so that dropping all of `dropped` visits each link at most twice. Returns the number of
 * links visited.
 */
u64 block_cut_links(struct block *block, struct block_span dropped);

/* Ends the block after one of its branches, which must not be its last instruction. */
void block_end_after(struct block *block, const struct insn *branch);

#endif
