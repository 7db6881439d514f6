/* SPDX-License-Identifier: MIT */
/*
 * A block: decoded instructions that follow each other, within a page. It ends at the first jump or
 * instruction that changes state; a branch that is taken leaves it, and one that is not taken
 * continues in it. An instruction whose second half is in the next page is a block by itself.
 */
#ifndef CPU_ENGINE_BLOCK_H
#define CPU_ENGINE_BLOCK_H

#include "bus/base.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/isa/isa.h"

struct timing_block;

/*
 * Behind branches, jumps and the end, in the place of an instruction: the block that came next, if
 * it is in the same page.
 */
struct block_link {
	struct block *to; /* NULL: not yet known */
	struct block_link *same_target; /* another link to that block */
};

struct block {
	/* A search by pa looks at these, which are mostly in one line of the host's cache. */
	u64 pa;
	u32 key; /* the bits of key_mask in the block_key of harts that may run it; 0: dropped */
	u32 key_mask; /* the bits on which it depends; BLOCK_KEY_VALID is one */
	u32 unlike; /* another block is better where this is of vectors in block_key */
	u8 count; /* instructions, without the end */
	u16 bytes; /* length of the code that it was decoded from */
	struct block *same_hash;
	const void
		*entry; /* native tier: the way in with any pc; where there is no code, a way out */

	u8 *direct; /* native tier: the way in within the page; NULL: there is no code */
	u32 code; /* native tier: the number of its code; 0: there is none */
	u16 countdown; /* runs in threaded code that are left before it is translated */
	u16 room; /* words of 8 bytes that it takes */
	u64 unsited; /* native tier: by index, accesses that have no site (jit/probe.c) */
	struct block *same_page, **page_at; /* what leads to it in its list */
	struct block_link *links; /* those that lead here */
	struct timing_block *timing; /* the description for timed runs; unset otherwise */
	struct insn insn[]; /* `count`, and OP_end_next or OP_end_leave; links between */
};

_Static_assert(sizeof(struct block_link) == sizeof(struct insn), "a link has an insn's place");

/* Returns whether a hart with this block_key may run the block. */
static inline bool block_is_for(const struct block *block, u32 key)
{
	return (key & block->key_mask) == block->key;
}

/*
 * Returns whether it is of the FP unit: decoding and translating it depends on that. So does what
 * is illegal, and vectors, which depend on more.
 */
static inline bool block_insn_is_fp(const struct insn *insn)
{
	enum insn_class class = (enum insn_class)isa_ops[insn->op].class;

	return class_is_fp(class) || (class == CLASS_CSR && (u32)insn->imm == CSR_FFLAGS);
}

/*
 * Returns whether it writes more of sstatus than SIE: the FP unit and vectors may be off or on
 * behind it that were not in front. No instruction that depends on one is behind it in its block.
 */
static inline bool block_insn_turns_units(const struct insn *insn)
{
	if (isa_ops[insn->op].class != CLASS_CSR || (u32)insn->imm != CSR_SSTATUS)
		return false;
	if (insn->op == OP_csrrsi || insn->op == OP_csrrci)
		return insn->rs1 & ~MSTATUS_SIE;
	return insn->op == OP_csrrw || insn->op == OP_csrrwi || insn->rs1 != 0;
}

/* Returns whether it is a branch or jump whose target the instruction itself says. */
static inline bool block_insn_is_direct_jump(const struct insn *insn)
{
	return insn->op == OP_jal || isa_ops[insn->op].class == CLASS_BRANCH;
}

/*
 * Returns whether each hart that runs `from` may run `to` behind it, unless an instruction changes
 * block_key and has the run loop look.
 */
static inline bool block_may_link(const struct block *from, const struct block *to)
{
	return from->key && !(to->key_mask & ~from->key_mask);
}

/* Returns whether an instruction of the class has a link behind it. */
static inline bool block_has_link(enum insn_class class)
{
	return class == CLASS_BRANCH || class == CLASS_JUMP;
}

/* Returns the link behind an instruction that has one, or behind the end. */
static inline struct block_link *block_link(const struct insn *insn)
{
	return (struct block_link *)(uintptr_t)(insn + 1);
}

/* Returns the instruction behind one of a block, or its end. */
static inline const struct insn *block_next(const struct insn *insn)
{
	return insn + 1 + block_has_link((enum insn_class)isa_ops[insn->op].class);
}

/* Lets a link that is not yet known lead to a block. */
static inline void block_link_set(struct block_link *link, struct block *to)
{
	*link = (struct block_link){ to, to->links };
	to->links = link;
}

/* Memory of blocks that are dropped at once. */
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
 * Makes all links to the block, and all of its own, unknown; for all its targets at once, those of
 * `dropped`, which has the block. So each link is visited twice at most while these are dropped.
 * Returns how many were visited.
 */
u64 block_cut_links(struct block *block, struct block_span dropped);

#endif
