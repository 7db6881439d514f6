/* SPDX-License-Identifier: MIT */
/* The code generator's state while it translates a block, and what emitters use. */
#ifndef CPU_JIT_GEN_H
#define CPU_JIT_GEN_H

#include "cpu/hart/tlb_view.h"
#include "cpu/isa/isa.h"
#include "cpu/jit/group.h"
#include "cpu/jit/held.h"
#include "cpu/jit/impl.h"
#include "cpu/jit/loop/loop.h"
#include "cpu/jit/parts.h"
#include "cpu/jit/registers.h"
#include "cpu/jit/x86.h"

struct gen {
	struct x86 x; /* where code that runs often is written */
	struct x86 cold; /* where the rest is written */
	u8 *begin, *cold_begin;
	struct jit *jit;
	struct hart *hart;
	struct block *block;
	const struct insn *insn; /* the one that is translated */
	const u8 *pin; /* pin_x, or what registers hold in the strip (loop/pins.h) */
	u8 *call; /* the block's way to stubs.call, in `cold` */
	u8 *direct; /* its way in within the page */
	/* Jumps of its entry: the slice ends; it is of another key; f registers are moved. */
	u8 *refusal, *other, *move_fp;
	u8 *full; /* a jump of its entry: there is no room for a run; NULL: it notes none */
	u8 *start; /* behind the entry */
	bool fp; /* it has floating-point instructions: their registers are in the host's */
	bool f_in_hart; /* it has vectors of AVX2, which need all registers: no f is pinned */
	bool refused; /* it calls a body that code which notes runs may not call (timed/noted.h) */
	bool ended; /* the instruction was a jump: nothing follows it */
	bool from_0; /* vstart is known to be 0 */
	struct facts known; /* in front of the instruction; its emitter adds what it made true */
	bool ungrouped; /* the version without groups is written */
	struct slow_path slow_path[4 * BLOCK_INSNS_MAX + NESTED_INSNS + 1];
	unsigned slow_paths;
	struct side_exit side_exit[3 * BLOCK_INSNS_MAX + NESTED_INSNS];
	unsigned side_exits;
	struct insn_place place[BLOCK_INSNS_MAX + 1]; /* by instruction; the last is none's */
	u8 placed[2 * BLOCK_INSNS_MAX]; /* by halfwords into the block: its number there, or 0 */
	struct group group[NATIVE_GROUPS];
	unsigned groups;
	struct loops loops;
	struct held held;
};

/* Returns where an x register is: a host register, or its place in the hart. */
struct x86_arg gen_x(const struct gen *gen, unsigned size, unsigned reg);

static inline bool gen_is_pinned(const struct gen *gen, unsigned reg)
{
	return gen->pin[reg] != X86_NONE;
}

/* Returns the host register that holds an f register in this block, or X86_NONE. */
unsigned gen_pin_f(const struct gen *gen, unsigned reg);

/* Returns whether an x register is known to hold a word extended with its sign. */
static inline bool gen_is_word(const struct gen *gen, unsigned reg)
{
	return gen->known.words >> reg & 1;
}

/* Returns the host register in which to compute rd: its own, or RAX if it has none. */
static inline unsigned gen_target(const struct gen *gen, unsigned rd)
{
	return gen_is_pinned(gen, rd) ? gen->pin[rd] : RAX;
}

/* Returns a host register with an x register: its own, or `scratch`, into which it is loaded. */
unsigned gen_source(struct gen *gen, unsigned scratch, unsigned rs);

/* Makes the value that was computed in `reg` that of rd, unless it is there already. */
void gen_write_x(struct gen *gen, unsigned rd, unsigned reg);

/* Loads an x register or a constant into a host register. */
void gen_read_x(struct gen *gen, unsigned reg, unsigned rs);
void gen_constant(struct gen *gen, unsigned reg, u64 value);

/* Adds a jump to a call of the body, taken if the condition of `mnemonic` is true. */
void gen_slow_path(struct gen *gen, ZydisMnemonic mnemonic);

/*
 * Continues writing in the cold half, at the target of `jump`. Returns what gen_end_cold() needs to
 * continue after the hot code, to which the cold code jumps back. The version of the code without
 * groups is itself cold: there the code is written in place, and the code before it jumps over it.
 */
struct x86 gen_begin_cold(struct gen *gen, u8 *jump);
void gen_end_cold(struct gen *gen, struct x86 hot);

/* Writes the call of an instruction's body. */
void gen_call_at(struct gen *gen, struct x86 *x, const struct insn *insn);

/* Returns the offset in its page of the instruction `halfwords` into the block. */
static inline u64 gen_offset(const struct gen *gen, unsigned halfwords)
{
	return (gen->block->pa & ~PAGE_MASK) + halfwords * 2ull;
}

/*
 * Returns the place of the instruction at an offset in the page, or NULL if it is not in the block.
 */
struct insn_place *gen_place_of(struct gen *gen, s64 offset);

/* Returns the target place of a branch or a direct jump, or NULL if it is not in the block. */
static inline struct insn_place *gen_place_to(struct gen *gen, const struct insn *insn)
{
	return gen_place_of(gen, (s64)gen_offset(gen, insn->at) + insn->imm);
}

/* Returns the entry of an instruction's checked code that does not rely on an earlier check. */
static inline const u8 *gen_place_entry(const struct insn_place *place)
{
	return place->inside ? place->ungrouped : place->code;
}

/*
 * Writes a jump back to an instruction of the block, unless the slice ends there, from the
 * instruction before `next`. The budget is that after the whole block, so the instructions that are
 * executed again are subtracted. `over` is the place of a jump out of the loop, which leads to
 * after this code; NULL: there is none.
 */
void gen_loop(struct gen *gen, const struct insn_place *to, unsigned next, u8 *over);

/* Returns the instruction of the block with this index; behind the last one, its end. */
const struct insn *gen_insn(const struct gen *gen, unsigned index);

/* Returns whether an instruction that has an emitter is to be emitted. */
bool gen_is_emitted(const struct gen *gen, const struct insn *insn);

/* Translates the instructions from one to another of the block. */
void gen_translate(struct gen *gen, unsigned first, unsigned last);

/* Sets what is known at the start of a block, each time that the block is written. */
void gen_begin(struct gen *gen);

/*
 * Writes a jump to an offset from the page; `undone` of the block's instructions have not been
 * executed.
 */
void gen_goto(struct gen *gen, s64 offset, unsigned undone);

/* Writes a jump to the pc in RAX. */
void gen_goto_pc(struct gen *gen);

#endif
