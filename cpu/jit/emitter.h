/* SPDX-License-Identifier: MIT */
/*
 * The queries that the translation makes about emitters (emit/). An emitter may use everything in
 * this folder.
 */
#ifndef CPU_JIT_EMITTER_H
#define CPU_JIT_EMITTER_H

#include "cpu/isa/isa.h"
#include "cpu/jit/x86.h"

struct gen;

/*
 * An emitter: a function with its parameters, whose meaning depends on the function (emit/emit.h).
 * The function translates the instruction, which is also gen->insn. It returns false, and writes
 * nothing, if it cannot.
 */
struct emitter {
	bool (*emit)(struct gen *gen, const struct insn *insn, const struct emitter *how);
	u16 mnemonic; /* of Zydis, or another number */
	u8 size, group; /* the operands' bytes, or another number; its enum jit_only */
	bool flag;
};

/* The emitters by operation. An instruction whose emitter has no function becomes a call. */
extern const struct emitter emitters[OP_TABLE_SIZE];

/* Return whether the emitter translates a load or store of one datum. */
bool emitter_is_load(const struct emitter *emitter);
bool emitter_is_store(const struct emitter *emitter);

/* Returns whether the load of an integer extends its sign. */
static inline bool emitter_extends_sign(const struct emitter *load)
{
	return load->mnemonic == ZYDIS_MNEMONIC_MOVSX || load->mnemonic == ZYDIS_MNEMONIC_MOVSXD;
}

/* Writes the load of an integer from an operand of its size, in memory or a register, to `reg`. */
void emitter_write_load(struct x86 *x, const struct emitter *load, unsigned reg,
			struct x86_arg from);

/* Returns whether the emitter computes a single or a double, and replaces it if it is a NaN. */
bool emitter_makes_nan(const struct emitter *emitter);

/*
 * Returns whether the floating-point unit is Dirty after the instruction although it writes no f
 * register: an instruction that raises flags sets it so.
 */
bool emitter_makes_dirty(const struct emitter *emitter);

/* Returns whether the instruction treats all quiet NaNs of its size alike, as comparisons do. */
bool emitter_ignores_nan(const struct emitter *emitter);

/*
 * Returns how many bytes at rs1 a unit-stride vector load or store accesses; 0 for other
 * instructions.
 */
unsigned emitter_unit_bytes(const struct gen *gen, const struct insn *insn);

/*
 * Returns how many instructions, beginning with this one, are emitted together as a batch
 * (emit/vector/batch.c); 0 if it begins none.
 */
unsigned emitter_batch(struct gen *gen, const struct insn *first);
void emit_batch(struct gen *gen, const struct insn *first);

/* Writes the comparison of an f register's upper half with that of a NaN-boxed single. */
void emitter_compare_boxed(struct gen *gen, unsigned reg);

/*
 * Returns whether the emitted instruction, alone or as one of a pair, preserves RCX. Calls of its
 * body need not: after one a group continues in the version without groups, and strips have none.
 */
bool emitter_leaves_rcx(const struct emitter *emitter, const struct insn *insn);

/*
 * Translates an instruction together with the next one, if it can (emit/pair.c). Otherwise it
 * returns false and writes nothing.
 */
bool emit_pair(struct gen *gen, const struct insn *first);

/*
 * Returns whether the instruction writes a sign-extended word to its x register. `words` is a mask
 * of the x registers that hold such words before it.
 */
bool emitter_gives_word(u32 words, const struct insn *insn);

/*
 * Emits AMOs, LR, SC and FENCE for harts that share one host thread. Harts on several threads would
 * need another function, with locked instructions and fences of the host.
 */
bool emit_atomic_of_one_thread(struct gen *gen, const struct insn *insn, const struct emitter *how);

#endif
