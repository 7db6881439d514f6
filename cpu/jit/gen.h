/* SPDX-License-Identifier: MIT */
/* The code generator's state while it translates a block, and what emitters use. */
#ifndef CPU_JIT_GEN_H
#define CPU_JIT_GEN_H

#include "cpu/hart/tlb_view.h"
#include "cpu/isa/isa.h"
#include "cpu/jit/group.h"
#include "cpu/jit/held_vectors.h"
#include "cpu/jit/impl.h"
#include "cpu/jit/loop/loop.h"
#include "cpu/jit/records.h"
#include "cpu/jit/registers.h"
#include "cpu/jit/x86.h"

struct gen {
	struct x86 x; /* the position for hot code */
	struct x86 cold; /* the position for cold code, which runs seldom */
	u8 *begin, *cold_begin; /* where the block's code begins in either half */
	struct jit *jit;
	struct hart *hart;
	struct block *block; /* the block that is translated */
	const struct insn *insn; /* the instruction that is translated */
	const u8 *pin; /* by x register: its host register; pin_x, or loop->pin in a strip */
	u8 *call; /* the block's code, in the cold half, that jumps to stubs.call */
	u8 *direct; /* the entry for jumps within the page */
	/* Jumps in the entry: the slice ends, the key differs, f registers must be moved. */
	u8 *refusal, *other, *move_fp;
	u8 *full; /* a jump in the entry: there is no room for a run; NULL if none is noted */
	u8 *start; /* the code after the entry */
	bool fp; /* the block has floating point, so pinned f registers are in the host's */
	bool f_in_hart; /* its vectors are done by AVX2 and need all registers: no f is pinned */
	bool refused; /* it calls a body that code which notes runs may not call (timed/noted.h) */
	bool ended; /* the last instruction was a jump, so no code follows it */
	bool from_0; /* vstart is known to be 0 */
	struct facts known; /* true before the instruction; its emitter adds what it makes true */
	bool ungrouped; /* the version without groups is being written */
	struct slow_path slow_path[4 * BLOCK_INSNS_MAX + NESTED_INSNS + 1];
	unsigned slow_paths;
	struct side_exit side_exit[3 * BLOCK_INSNS_MAX + NESTED_INSNS];
	unsigned side_exits;
	struct insn_place place[BLOCK_INSNS_MAX + 1]; /* by index; one more for the block's end */
	u8 placed[2 * BLOCK_INSNS_MAX]; /* by offset in halfwords: the index plus one, or 0 */
	struct group group[NATIVE_GROUPS];
	unsigned groups;
	struct loops loops;
	unsigned searches; /* those that have been written */
	struct held held;
};

/* Returns the operand of an x register: its host register, or its place in the hart. */
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

/* Returns a host register that has an x register: its own, or `scratch`, after loading it there. */
unsigned gen_source(struct gen *gen, unsigned scratch, unsigned rs);

/* Writes the move of a result from the host register `reg` to rd, unless it is there already. */
void gen_write_x(struct gen *gen, unsigned rd, unsigned reg);
/* Writes a constant to rd, which is not X_SINK. */
void gen_set_x(struct gen *gen, unsigned rd, u64 value);

/* Loads an x register or a constant into a host register. */
void gen_read_x(struct gen *gen, unsigned reg, unsigned rs);
void gen_constant(struct gen *gen, unsigned reg, u64 value);

/*
 * Writes a conditional jump to the instruction's slow path. The body, which it calls, executes the
 * instruction from its beginning: nothing that it reads may have been changed before the jump.
 */
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

/* Returns the place of the instruction at an offset in the page; NULL if the block has none. */
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

/* Returns the instruction with this index; the end of the block if there is none. */
const struct insn *gen_insn(const struct gen *gen, unsigned index);

/* Returns whether an instruction that has an emitter is to be emitted. */
bool gen_is_emitted(const struct gen *gen, const struct insn *insn);

/* Translates the instructions from index `first` to `last`. */
void gen_translate(struct gen *gen, unsigned first, unsigned last);

/* Resets the state of the translation. To be called each time before the block is written. */
void gen_begin(struct gen *gen);

/* Writes a jump to a byte of the page. The block's last `undone` insns have not been executed. */
void gen_goto(struct gen *gen, s64 offset, unsigned undone);

/* Writes a jump to the pc in RAX. */
void gen_goto_pc(struct gen *gen);

#endif
